"""Several doors with one order, and the second person that many of them take."""

from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.opening import Opening, OpeningRequest
from hub.api.models.waiting import Word
from hub.api.needs import needs
from hub.api.openings import Opening as Known
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api/sites/{site}/openings", tags=["devices"], route_class=GuardedRoute)
COMMAND = needs(Permission.DEVICE_COMMAND)


@router.get("", openapi_extra=COMMAND)
async def list_waiting_openings(site: SiteId, services: UsesServices) -> list[Opening]:
    """Orders that wait for a second person, oldest first."""
    return [_shown(one) for one in services.openings.waiting(site)]


@router.post("", status_code=202, openapi_extra=COMMAND)
async def open_doors(
    site: SiteId, asked: OpeningRequest, visit: IsVisit, services: UsesServices
) -> Opening:
    """Open doors: a few at once; more wait, five minutes at most, until another person agrees."""
    return _shown(await services.openings.ask(visit.actor, site, asked))


@router.post("/{opening}/actions/{action}", openapi_extra=COMMAND)
async def decide_opening(
    site: SiteId,
    opening: ThingId,
    action: Literal["approve", "refuse", "withdraw"],
    visit: IsVisit,
    services: UsesServices,
    asked: Word | None = None,
) -> Opening:
    """Agree to an order of somebody else (a supervisor at least), or do not and say why.

    `withdraw`: take one's own back.
    """
    desk, actor = services.openings, visit.actor
    if action == "withdraw":
        return _shown(await desk.withdraw(actor, site, opening))
    note = (asked or Word()).note
    return _shown(await desk.decide(actor, site, opening, agreed=action == "approve", note=note))


def _shown(one: Known) -> Opening:
    return Opening.model_validate(asdict(one) | {"devices": list(one.devices)})
