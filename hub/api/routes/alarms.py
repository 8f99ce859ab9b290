"""Alarm management: shelves and times out of service, figures, the shift's note."""

from typing import Final

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.alerts import HoldEvent
from hub.api.door import GuardedRoute
from hub.api.models.alarms import AlarmFigures, Handover, Hold, HoldActionRequest, ServiceRequest
from hub.api.models.base import Page
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, OpenState, SiteId, ThingId
from hub.api.present import alarms as present
from hub.api.services import IsVisit, UsesServices
from hub.errors import BadRequestError
from hub.store.reads.alarms import Span

router = APIRouter(prefix="/api/sites/{site}", tags=["alarms"], route_class=GuardedRoute)

DAY_MS: Final = 24 * 3_600_000
LONGEST_MS: Final = 92 * DAY_MS


@router.get("/holds", openapi_extra=needs(Permission.SITE_READ))
async def list_holds(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    state: OpenState = "open",
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Hold]:
    """Alarms that are shelved or out of service, or asked to be; newest first."""
    return await services.read(
        lambda reader: present.hold_page(
            reader,
            services.directory,
            visit.actor,
            site=site,
            state=state,
            limit=limit,
            before=before,
            now=services.now(),
        )
    )


@router.post("/holds", status_code=201, openapi_extra=needs(Permission.ALERT_ACT))
async def ask_service(
    site: SiteId, asked: ServiceRequest, visit: IsVisit, services: UsesServices
) -> Hold:
    """Ask that an alarm be taken out of service. Another supervisor has to approve it."""
    made = await services.doors.ask_service(visit.actor, site, asked)
    return await _hold(site, made, visit, services)


@router.post("/holds/{hold}/actions/{action}", openapi_extra=needs(Permission.ALERT_ACT))
async def act_on_hold(
    site: SiteId,
    hold: ThingId,
    action: HoldEvent,
    visit: IsVisit,
    services: UsesServices,
    asked: HoldActionRequest | None = None,
) -> Hold:
    """Approve or refuse a request, or end what lasts."""
    note = None if asked is None else asked.note
    await services.doors.act_on_hold(visit.actor, site, hold, action, note)
    return await _hold(site, hold, visit, services)


@router.get("/alarm-figures", openapi_extra=needs(Permission.SITE_READ))
async def alarm_figures(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    since: Moment = None,
    until: Moment = None,
) -> AlarmFigures:
    """How the alarms have been; without `since` and `until`, over the last 24 hours."""
    now = services.now()
    end = now if until is None else until
    begin = end - DAY_MS if since is None else since
    if not 0 <= begin < end <= begin + LONGEST_MS:
        raise BadRequestError("must lie before `until`, by 92 days at most", field="since")
    span = Span(site, begin, end)
    return await services.read(
        lambda reader: present.figures(reader, services.directory, visit.actor, span=span, now=now)
    )


@router.get("/handover", openapi_extra=needs(Permission.SITE_READ))
async def shift_handover(site: SiteId, visit: IsVisit, services: UsesServices) -> Handover:
    """Every open alarm, and why it is acknowledged, shelved, or still waits."""
    now = services.now()
    return await services.read(
        lambda reader: present.handover(reader, services.directory, visit.actor, site=site, now=now)
    )


async def _hold(site: str, hold: str, visit: IsVisit, services: UsesServices) -> Hold:
    return await services.read(
        lambda reader: present.one_hold(
            reader, services.directory, visit.actor, site=site, hold=hold, now=services.now()
        )
    )
