"""Questions to the index of passages: each under a look, and on record before it is answered."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.base import Page
from hub.api.models.passage import Passage
from hub.api.models.traces import (
    BesidesList,
    CompanionList,
    ElsewhereList,
    FoundList,
    HabitsAnswer,
    InsideList,
    PassageSearch,
)
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, SiteId
from hub.api.present.passage import passage_page
from hub.api.present.traces import (
    show_besides,
    show_companions,
    show_elsewhere,
    show_found,
    show_habits,
    show_inside,
)
from hub.api.services import Services, UsesServices
from hub.api.tracing import person_of, search, search_residents
from hub.errors import BadRequestError
from hub.store.reads.besides import BesidesQuery, besides_rows, followed
from hub.store.reads.companions import CompanionQuery, companion_rows, considered
from hub.store.reads.habits import DAY_MS, HOUR_MS, passages_at_hours, times_of
from hub.store.reads.passages import PassageQuery, passage_rows
from hub.store.reads.passers import (
    InsideQuery,
    elsewhere_rows,
    heads,
    inside_rows,
    unknown_exits,
)

router = APIRouter(prefix="/api/sites/{site}/traces", tags=["traces"], route_class=GuardedRoute)

UNUSUAL_SHOWN: Final = 20

Mark = Annotated[
    str | None, Query(pattern="^[0-9a-f]{12}$", description="somebody's mark, as traces show it")
]
PassageId = Annotated[
    str | None, Query(pattern="^[0-9]{1,18}$", description="id of a passage: whoever passed there")
]
Kind = Annotated[Literal["all", "vehicles", "people"], Query()]

_PLATE: Final = {"all": None, "vehicles": True, "people": False}


@router.post("/search", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def search_traces(
    site: SiteId, asked: PassageSearch, services: UsesServices, look: IsLook
) -> FoundList:
    """Whoever has this plate or card, and vehicles whose plates differ in one sign.

    By a resident's name or a room, whoever of them has passed.
    """
    now, hashed = services.now(), services.seal.hash
    found, more = await services.read(
        lambda reader: (
            search(reader, site, asked.text, hashed)
            if asked.by == "number"
            else search_residents(reader, site, asked, hashed, now)
        )
    )
    await look.shown("trace.search", site, subjects=[row["subject"] for _, row in found])
    return show_found(found, more=more)


@router.get("/movements", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_movements(  # noqa: PLR0913 - query parameters, all by name
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    subject: Mark = None,
    passage: PassageId = None,
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Passage]:
    """Where somebody was, and which way they went, newest first."""
    who = await _person(services, site, subject, passage)
    query = PassageQuery(subject=who, start=start, end=end, limit=limit, before=before)
    found = await services.read(lambda reader: passage_rows(reader, site, query))
    await look.shown(
        "trace.movements", site, subjects=[who], person=who, start=start, end=end, before=before
    )
    return passage_page(found, services.directory, site)


@router.get("/companions", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_companions(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    subject: Mark = None,
    passage: PassageId = None,
    within_s: Annotated[float, Query(ge=1, le=60)] = 10.0,
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
) -> CompanionList:
    """Who passed the same devices within some seconds of somebody, the most often first.

    Without `from`, of the last 90 days.
    """
    who = await _person(services, site, subject, passage)
    until = services.now() if end is None else end
    since = until - 90 * DAY_MS if start is None else start
    query = CompanionQuery(who, since, until, round(within_s * 1000))
    rows, of = await services.read(
        lambda reader: (companion_rows(reader, site, query), considered(reader, site, query))
    )
    seen = [row["subject"] for row in rows]
    await look.shown(
        "trace.companions",
        site,
        subjects=[who, *seen],
        person=who,
        start=since,
        end=until,
        within_s=within_s,
    )
    return show_companions(rows, of=of, within=query.within)


@router.get("/habits", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def get_habits(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    subject: Mark = None,
    passage: PassageId = None,
) -> HabitsAnswer:
    """When somebody was first and last seen, at which hours they pass, and which are unusual."""
    who = await _person(services, site, subject, passage)
    shift = round(services.directory.org.roster.utc_offset * HOUR_MS)
    times = await services.read(lambda reader: times_of(reader, site, who, shift=shift))
    unusual = await services.read(
        lambda reader: passages_at_hours(
            reader, site, who, times.habits.rare, shift=shift, limit=UNUSUAL_SHOWN
        )
    )
    await look.shown("trace.habits", site, subjects=[who], person=who)
    return show_habits(who, times, unusual, services.directory, site)


@router.get("/inside", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_inside(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    kind: Kind = "all",
    hours: Annotated[float, Query(gt=0, le=24 * 365)] = 72.0,
    limit: Limit = 100,
    before: Cursor = None,
) -> InsideList:
    """Who came in within so many hours and was not seen to leave, the last first."""
    now = services.now()
    query = InsideQuery(now - round(hours * HOUR_MS), now + 1, _PLATE[kind], limit, before)
    return await _inside(services, site, look, query, "trace.inside")


@router.get("/overstays", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_overstays(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    kind: Kind = "vehicles",
    hours: Annotated[float, Query(gt=0, le=24 * 365)] = 72.0,
    limit: Limit = 100,
    before: Cursor = None,
) -> InsideList:
    """Who came in longer ago than so many hours and was not seen to leave, the longest first."""
    query = InsideQuery(0, services.now() - round(hours * HOUR_MS), _PLATE[kind], limit, before)
    return await _inside(services, site, look, query, "trace.overstays")


@router.get("/elsewhere", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_elsewhere(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> ElsewhereList:
    """Vehicles with plates from elsewhere, by when they were last seen.

    Without `from`, of the last 30 days.
    """
    until = services.now() + 1 if end is None else end
    since = until - 30 * DAY_MS if start is None else start
    query = InsideQuery(since, until, limit=limit, before=before)
    home, basis = services.directory.sites[site].home_plates, "site-file"
    if not home:
        most = await services.read(lambda reader: heads(reader, site))
        home, basis = [head for head, _ in most[:1]], "most-seen"
    found = await services.read(lambda reader: elsewhere_rows(reader, site, home, query))
    subjects = [row["subject"] for row in found.records]
    await look.shown("trace.elsewhere", site, subjects=subjects, start=since, end=until)
    return show_elsewhere(found, home, basis)


@router.get("/openings", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def list_openings(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    result: Annotated[Literal["forced", "tailgated", "remote", "manual"], Query()],
    start: Annotated[Moment, Query(alias="from")] = None,
    end: Annotated[Moment, Query(alias="to")] = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> BesidesList:
    """Openings that no credential explains, newest first.

    A tail-gater comes with who was let in last before, an opening from afar with who ordered it.
    """
    query = BesidesQuery(result, start, end, limit, before)
    found = await services.read(lambda reader: besides_rows(reader, site, query))
    rows = found.records if result == "tailgated" else []
    ahead = await services.read(lambda reader: followed(reader, site, rows))
    subjects = [row["subject"] for row in [*found.records, *ahead.values()]]
    await look.shown("trace.openings", site, subjects=subjects, result=result, start=start, end=end)
    return show_besides(found, ahead, services.directory, site)


async def _person(services: Services, site: str, subject: str | None, passage: str | None) -> str:
    who = await services.read(lambda reader: person_of(reader, site, subject, passage))
    if who is None:
        raise BadRequestError("a mark, or a passage's id, is needed", field="subject")
    return who


async def _inside(
    services: Services, site: str, look: IsLook, query: InsideQuery, action: str
) -> InsideList:
    now, longest = services.now(), action == "trace.overstays"
    found = await services.read(
        lambda reader: inside_rows(reader, site, query, longest_first=longest)
    )
    since = min((row["way_at"] for row in found.records), default=now)
    by_kind = {
        plate: [
            one.id
            for one in services.directory.devices[site].values()
            if one.kind.passages and (one.kind.subject == "plate") is plate
        ]
        for plate in {bool(row["plate"]) for row in found.records}
    }
    exits = await services.read(
        lambda reader: {
            plate: unknown_exits(reader, site, since, now + 1, devices)
            for plate, devices in by_kind.items()
        }
    )
    subjects = [row["subject"] for row in found.records]
    await look.shown(
        action, site, subjects=subjects, start=query.start, end=query.end, vehicles=query.plate
    )
    return show_inside(found, exits, services.directory, site=site, now=now, since=query.start)
