"""Exports of access traces: one person asks, another approves, the first fetches the file."""

from dataclasses import asdict
from typing import Final

from fastapi import APIRouter, Response

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.export import Export, ExportStep, NewExport
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, Services, UsesServices
from hub.store.write.exports import list_exports
from hub.traces.export import Export as Kept

router = APIRouter(prefix="/api/sites/{site}/exports", tags=["exports"], route_class=GuardedRoute)
ASK = needs(Permission.EXPORT_ASK)
MOST_SHOWN: Final = 200


@router.get("", openapi_extra=ASK)
async def list_site_exports(site: SiteId, visit: IsVisit, services: UsesServices) -> list[Export]:
    """The asking user's own exports, newest first; all, for those who may decide on them."""
    everybody = may(visit.actor, Permission.EXPORT_DECIDE, Thing(site=site))
    who = None if everybody else visit.actor.name
    found = await services.read(lambda reader: list_exports(reader, site, who, MOST_SHOWN))
    return [_show(services, one) for one in found]


@router.post("", status_code=201, openapi_extra=ASK)
async def ask_export(
    site: SiteId, asked: NewExport, look: IsLook, services: UsesServices
) -> Export:
    """Ask for passages as a file; nothing is made until another person approves."""
    made = await services.exports.ask(site, look, asked)
    return _show(services, await services.exports.one(site, made))


@router.post("/{export}/withdraw", openapi_extra=ASK)
async def withdraw_export(
    site: SiteId, export: ThingId, visit: IsVisit, services: UsesServices
) -> Export:
    """Take one's own request back."""
    await services.exports.step(visit.actor, site, export, "withdraw", None)
    return _show(services, await services.exports.one(site, export))


@router.post("/{export}/actions/{action}", openapi_extra=needs(Permission.EXPORT_DECIDE))
async def decide_export(
    site: SiteId,
    export: ThingId,
    action: ThingId,
    visit: IsVisit,
    services: UsesServices,
    asked: ExportStep | None = None,
) -> Export:
    """`approve` or `refuse` what somebody else asked for."""
    note = (asked or ExportStep()).note
    await services.exports.step(visit.actor, site, export, action, note)
    return _show(services, await services.exports.one(site, export))


@router.get(
    "/{export}/content",
    openapi_extra=ASK,
    response_class=Response,
    responses={200: {"content": {"application/zip": {}}, "description": "the file"}},
)
async def fetch_export(
    site: SiteId, export: ThingId, visit: IsVisit, services: UsesServices
) -> Response:
    """The file, for whoever asked for it; each download is on record before it begins."""
    content = await services.exports.fetch(visit.actor, site, export)
    headers = {
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="export-{export[:8]}.zip"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, 200, headers, "application/zip")


def _show(services: Services, one: Kept) -> Export:
    known = asdict(one.at(services.now()))
    query = known.pop("query")
    return Export(case=known.pop("case_id"), **query, **known)
