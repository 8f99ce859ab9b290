"""Clips and stills of alarms, and what cameras see now. Each look is on record before it begins."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from sqlalchemy import Connection

from hub.access.permissions import Permission
from hub.api.content import content_response
from hub.api.door import GuardedRoute
from hub.api.live_view import HEADERS, LiveViewResponse
from hub.api.live_view import look as live_look
from hub.api.looking import MaybeLook
from hub.api.models.base import Page
from hub.api.models.evidence import Evidence
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, OptionalId, SiteId, ThingId
from hub.api.present.evidence import Shelf, check_own, evidence_page, own_evidence
from hub.api.services import IsVisit, Services, UsesServices
from hub.errors import NotFoundError
from hub.store.reads.evidence import EvidenceQuery
from wire.kinds.camera import LIVE

router = APIRouter(prefix="/api/sites/{site}", tags=["evidence"], route_class=GuardedRoute)

Optional16 = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9-]{1,64}$")]


@router.get("/evidence", openapi_extra=needs(Permission.SITE_READ))
async def list_evidence(  # noqa: PLR0913 - query parameters, all by name
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    look: MaybeLook,
    *,
    alert: Optional16 = None,
    case: Optional16 = None,
    device: OptionalId = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Evidence]:
    """What there is of an alert, a case or a camera, newest first, and what is on its way.

    Under a declared look, the pictures that plate cameras took around it too: they are access
    traces, and so the look is on record first.
    """
    pictures = look is not None
    query = EvidenceQuery(
        alert=alert, case=case, device=device, pictures=pictures, limit=limit, before=before
    )
    if look is not None:
        await services.looks.listed(look, device or site, alert=alert, of_case=case)

    def found(reader: Connection) -> Page[Evidence]:
        check_own(reader, visit.actor, site, case, site)
        return evidence_page(reader, _shelf(services), site, query)

    return await services.read(found)


@router.get("/evidence/{evidence}", openapi_extra=needs(Permission.SITE_READ))
async def get_evidence(
    site: SiteId, evidence: ThingId, visit: IsVisit, services: UsesServices
) -> Evidence:
    """One piece: its record, without its bytes."""
    shelf = _shelf(services)
    return await services.read(
        lambda reader: own_evidence(reader, shelf, visit.actor, site=site, name=evidence)
    )


@router.get(
    "/evidence/{evidence}/content",
    openapi_extra=needs(Permission.EVIDENCE_LOOK),
    response_class=Response,
    responses={200: {"content": {"video/mp4": {}, "image/jpeg": {}}, "description": "its bytes"}},
)
async def get_content(
    site: SiteId,
    evidence: ThingId,
    visit: IsVisit,
    services: UsesServices,
    look: MaybeLook,
    *,
    asked: Annotated[str | None, Header(alias="Range", max_length=100)] = None,
) -> Response:
    """The bytes of a piece, or one range of them.

    A picture of a passage (class `picture`) is an access trace: it takes a declared look.
    """
    shelf = _shelf(services)
    piece = await services.read(
        lambda reader: own_evidence(reader, shelf, visit.actor, site=site, name=evidence)
    )
    await services.looks.note(visit, site, piece, look)
    return await asyncio.to_thread(content_response, services.media.store, piece, asked)


@router.get(
    "/devices/{device}/live",
    openapi_extra=needs(Permission.LIVE_LOOK),
    response_class=LiveViewResponse,
    responses={200: {"description": "JPEGs, each taking the place of the one before"}},
)
async def watch_live(
    site: SiteId, device: ThingId, visit: IsVisit, services: UsesServices
) -> LiveViewResponse:
    """What a camera sees now, for as long as it is watched and the session lasts."""
    facts = services.directory.devices[site].get(device)
    if facts is None or not any(action.id == LIVE for action in facts.kind.actions):
        raise NotFoundError("camera", device)
    told = services.trail.act(visit.actor, site, "live.look", device)
    await services.trail.begun(told)
    async with services.trail.noting_refusal(told):
        services.live.ask(site, device)
    return LiveViewResponse(live_look(services, visit, site, device), headers=HEADERS)


def _shelf(services: Services) -> Shelf:
    return Shelf(services.directory, services.evidence_days)
