"""The watchlist (布控): who is watched for, asked for by one person and approved by another."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.watch import NewWatch, WatchEntry, WatchHistory, WatchHit, WatchStep
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, UsesServices
from hub.api.watchlist import ask, entries, one_entry, step
from hub.errors import NotFoundError
from hub.store.write.watch import find_entry, hits_of

router = APIRouter(
    prefix="/api/sites/{site}/watchlist", tags=["watchlist"], route_class=GuardedRoute
)
MANAGE = needs(Permission.WATCH_MANAGE)
MOST_HITS: Final = 500


@router.get("", openapi_extra=MANAGE)
async def list_watchlist(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    state: Annotated[Literal["open", "all"], Query()] = "open",
) -> list[WatchEntry]:
    """Who is watched for, masked, newest first; `open`: not ended. The look is on record."""
    await services.trail.read(visit.actor, site, "watch.read")
    return await services.read(
        lambda reader: entries(reader, site, services.now(), open_only=state == "open")
    )


@router.post("", status_code=201, openapi_extra=MANAGE)
async def ask_watch(
    site: SiteId, asked: NewWatch, visit: IsVisit, services: UsesServices
) -> WatchEntry:
    """Ask that somebody be watched for; nothing is watched until another person approves."""
    made = await ask(services, visit.actor, site, asked)
    return await one_entry(services, site, made)


@router.post("/{entry}/actions/{action}", openapi_extra=MANAGE)
async def step_watch(
    site: SiteId,
    entry: ThingId,
    action: ThingId,
    visit: IsVisit,
    services: UsesServices,
    asked: WatchStep | None = None,
) -> WatchEntry:
    """`approve` or `refuse` what somebody else asked for; `end` it before its time."""
    note = (asked or WatchStep()).note
    await step(services, visit.actor, site, entry, action, note)
    return await one_entry(services, site, entry)


@router.get("/{entry}/hits", openapi_extra=MANAGE)
async def list_hits(
    site: SiteId, entry: ThingId, look: IsLook, services: UsesServices
) -> WatchHistory:
    """Where and when an entry hit: somebody's whereabouts, so it takes a declared look."""
    found = await services.read(lambda reader: find_entry(reader, site, entry))
    if found is None:
        raise NotFoundError("entry", entry)
    hits = await services.read(lambda reader: hits_of(reader, entry, MOST_HITS))
    await look.shown("watch.hits", entry, subjects=[found.subject], person=found.subject)
    return WatchHistory(entry=entry, hits=[WatchHit(device=one.device, at=one.at) for one in hits])
