"""Modes: normal life, or an emergency that changes priorities, deadlines and dispatch."""

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.modes import Mode, ModeActionRequest, ModeRequest, ModeSwitch
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, OpenState, SiteId, ThingId
from hub.api.present.modes import one_switch, switch_page
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api", tags=["modes"], route_class=GuardedRoute)


@router.get("/modes", openapi_extra=needs(Permission.CATALOGUE_READ))
async def list_modes(services: UsesServices) -> list[Mode]:
    """The positions of the switch, and what each changes."""
    return list(services.directory.mode_cards.values())


@router.get("/sites/{site}/modes", openapi_extra=needs(Permission.SITE_READ))
async def list_mode_switches(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    state: OpenState = "open",
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[ModeSwitch]:
    """What is in force at a site, and what was; newest first."""
    return await services.read(
        lambda reader: switch_page(
            reader,
            services.directory,
            visit.actor,
            site=site,
            state=state,
            limit=limit,
            before=before,
        )
    )


@router.post("/sites/{site}/modes", status_code=201, openapi_extra=needs(Permission.MODE_SWITCH))
async def switch_mode(
    site: SiteId, asked: ModeRequest, visit: IsVisit, services: UsesServices
) -> ModeSwitch:
    """Switch a site or a building to a mode; it goes back by itself at its end."""
    made = await services.doors.switch_mode(visit.actor, site, asked)
    return await _switch(site, made, visit, services)


@router.post(
    "/sites/{site}/modes/{switch}/actions/{action}", openapi_extra=needs(Permission.MODE_SWITCH)
)
async def act_on_mode(
    site: SiteId,
    switch: ThingId,
    action: ThingId,
    asked: ModeActionRequest,
    visit: IsVisit,
    services: UsesServices,
) -> ModeSwitch:
    """Give a mode another end (`prolong`), or end it (`end`)."""
    await services.doors.act_on_mode(visit.actor, site, switch, action, asked)
    return await _switch(site, switch, visit, services)


async def _switch(site: str, name: str, visit: IsVisit, services: UsesServices) -> ModeSwitch:
    return await services.read(
        lambda reader: one_switch(reader, services.directory, visit.actor, site=site, name=name)
    )
