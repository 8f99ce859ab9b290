"""Alerts."""

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.alert import Alert, AlertActionRequest, AlertWithHistory
from hub.api.models.base import Page
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, OpenState, OptionalId, SiteId, ThingId
from hub.api.present.alert import alert_page, alert_with_history
from hub.api.services import IsVisit, UsesServices
from hub.store.reads.alerts import AlertQuery

router = APIRouter(prefix="/api/sites/{site}/alerts", tags=["alerts"], route_class=GuardedRoute)


@router.get("", openapi_extra=needs(Permission.SITE_READ))
async def list_alerts(  # noqa: PLR0913 - query parameters, all by name
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    state: OpenState = "open",
    condition: OptionalId = None,
    device: OptionalId = None,
    parent: OptionalId = None,
    since: Moment = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Alert]:
    """Alerts, newest first.

    since: only those that began at or after this moment. parent: only those that this alert
    explains.
    """
    query = AlertQuery(
        state=state,
        condition=condition,
        device=device,
        parent=parent,
        since=since,
        limit=limit,
        before=before,
    )
    return await services.read(
        lambda reader: alert_page(reader, services.directory, visit.actor, site=site, query=query)
    )


@router.get("/{alert}", openapi_extra=needs(Permission.SITE_READ))
async def get_alert(
    site: SiteId, alert: ThingId, visit: IsVisit, services: UsesServices
) -> AlertWithHistory:
    """One alert and its history."""
    return await services.read(
        lambda reader: alert_with_history(
            reader, services.directory, visit.actor, site=site, alert=alert
        )
    )


@router.post("/{alert}/actions/{action}", openapi_extra=needs(Permission.ALERT_ACT))
async def act_on_alert(
    site: SiteId,
    alert: ThingId,
    action: ThingId,
    visit: IsVisit,
    services: UsesServices,
    asked: AlertActionRequest | None = None,
) -> Alert:
    """Acknowledge an alert, reset a latched one, shelve or unshelve it, or open a case for it."""
    await services.doors.act_on_alert(
        visit.actor, site, alert, action, asked or AlertActionRequest()
    )
    return await get_alert(site, alert, visit, services)
