"""What is kept how long; legal holds; erasure on request."""

import secrets

from fastapi import APIRouter
from sqlalchemy import Connection

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.keeping import (
    EndReason,
    Erasure,
    KeptClass,
    LegalHold,
    NewErasure,
    NewLegalHold,
)
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, SiteId, ThingId
from hub.api.present.keeping import show_classes, show_erasure, show_hold
from hub.api.services import IsVisit, Services, UsesServices
from hub.errors import BadRequestError, NotFoundError
from hub.store.keeping import holds, requests
from hub.store.keeping.backlog import standing
from hub.store.people.trail import append_act
from hub.store.schema import metadata

router = APIRouter(prefix="/api/sites/{site}", tags=["keeping"], route_class=GuardedRoute)
READ = needs(Permission.RETENTION_READ)
HOLD = needs(Permission.HOLD_MANAGE)
SIGN = needs(Permission.ERASURE_SIGN)
_MOST_MS = 10 * 366 * 24 * 3_600_000


@router.get("/retention", openapi_extra=READ)
async def list_kept(site: SiteId, services: UsesServices) -> list[KeptClass]:
    """The classes of records, how long each is kept, and what is overdue or held."""
    days, now, tables = services.kept_days, services.now(), dict(metadata.tables)
    found = await services.read(
        lambda reader: standing(reader, tables, lambda one: days[one.id], site, now)
    )
    return show_classes(days, found)


@router.get("/legal-holds", openapi_extra=READ)
async def list_legal_holds(
    site: SiteId, services: UsesServices, *, limit: Limit = 100, before: Cursor = None
) -> Page[LegalHold]:
    """Legal holds, the newest first, those that are over included."""

    def query(reader: Connection) -> Page[LegalHold]:
        found = holds.hold_page(reader, site, limit=limit, before=before)
        spans = holds.spans_of(reader, [row["id"] for row in found.records])
        shown = [show_hold(row, spans.get(row["id"], ())) for row in found.records]
        return Page(items=shown, next=found.next)

    return await services.read(query)


@router.post("/legal-holds", status_code=201, openapi_extra=HOLD)
async def place_legal_hold(
    site: SiteId, wish: NewLegalHold, visit: IsVisit, services: UsesServices
) -> LegalHold:
    """Hold what belongs to a case until a day; ten years at most."""
    now, name = services.now(), secrets.token_hex(16)
    if not now < wish.until <= now + _MOST_MS:
        raise BadRequestError("is not within the next ten years", field="until")
    new = holds.NewHold(
        id=name,
        site=site,
        case=wish.case,
        authority=wish.authority,
        reason=wish.reason,
        by=visit.actor.name,
        until=wish.until,
        more=tuple(holds.Span(one.device, one.from_at, one.to_at) for one in wish.more),
    )
    detail = {"authority": wish.authority, "until": wish.until, "hold": name}
    act = services.trail.act(visit.actor, site, "legal-hold.place", wish.case, **detail)

    def work(connection: Connection) -> None:
        holds.place_hold(connection, new, now)
        append_act(connection, act)

    await services.desk.write(work)
    return await _hold(services, site, name)


@router.post("/legal-holds/{legal_hold}/release", openapi_extra=HOLD)
async def release_legal_hold(
    site: SiteId, legal_hold: ThingId, wish: EndReason, visit: IsVisit, services: UsesServices
) -> LegalHold:
    """Release what is held: what has outlived its time goes within the hour."""
    now, name = services.now(), legal_hold
    act = services.trail.act(visit.actor, site, "legal-hold.release", name, reason=wish.reason)

    def work(connection: Connection) -> None:
        holds.end_hold(connection, site, name, by=visit.actor.name, reason=wish.reason, now=now)
        append_act(connection, act)

    await services.desk.write(work)
    return await _hold(services, site, name)


@router.get("/erasures", openapi_extra=READ)
async def list_erasures(
    site: SiteId, services: UsesServices, *, limit: Limit = 100, before: Cursor = None
) -> Page[Erasure]:
    """Requests for erasure and their reports, the newest first."""
    found = await services.read(
        lambda reader: requests.erasure_page(reader, site, limit=limit, before=before)
    )
    return Page(items=[show_erasure(row) for row in found.records], next=found.next)


@router.post("/erasures", status_code=201, openapi_extra=needs(Permission.HOUSEHOLD_MANAGE))
async def ask_erasure(
    site: SiteId, wish: NewErasure, visit: IsVisit, services: UsesServices
) -> Erasure:
    """Ask that the data of a person, or of a household, go; an admin who is another signs it."""
    return await _erasure(services, site, await services.erasing.ask(site, wish, visit.actor))


@router.get("/erasures/{erasure}", openapi_extra=READ)
async def get_erasure(site: SiteId, erasure: ThingId, services: UsesServices) -> Erasure:
    """One request; while it waits, with what would go and what would stay."""
    return await _erasure(services, site, erasure)


@router.post("/erasures/{erasure}/sign", openapi_extra=SIGN)
async def sign_erasure(
    site: SiteId, erasure: ThingId, visit: IsVisit, services: UsesServices
) -> Erasure:
    """Erase it, for good; the report says what went and what stayed, and why."""
    await services.erasing.sign(site, erasure, visit.actor)
    return await _erasure(services, site, erasure)


@router.post("/erasures/{erasure}/refuse", openapi_extra=SIGN)
async def refuse_erasure(
    site: SiteId, erasure: ThingId, wish: EndReason, visit: IsVisit, services: UsesServices
) -> Erasure:
    """Close a request without erasing anything."""
    await services.erasing.refuse(site, erasure, wish.reason, visit.actor)
    return await _erasure(services, site, erasure)


@router.post("/erasures/{erasure}/withdraw", openapi_extra=needs(Permission.HOUSEHOLD_MANAGE))
async def withdraw_erasure(
    site: SiteId, erasure: ThingId, visit: IsVisit, services: UsesServices
) -> Erasure:
    """Take one's own request back."""
    await services.erasing.withdraw(site, erasure, visit.actor)
    return await _erasure(services, site, erasure)


async def _hold(services: Services, site: str, name: str) -> LegalHold:
    def query(reader: Connection) -> LegalHold:
        row = holds.one_hold(reader, site, name)
        return show_hold(row, holds.spans_of(reader, [name]).get(name, ()))

    return await services.read(query)


async def _erasure(services: Services, site: str, name: str) -> Erasure:
    row = await services.read(lambda reader: requests.one_erasure(reader, site, name))
    if row["state"] != requests.ASKED:
        return show_erasure(row)
    try:
        _, found = await services.erasing.found(site, row)
    except NotFoundError:  # somebody has taken them off the register meanwhile
        return show_erasure(row)
    return show_erasure(row, {"erased": found.erased, "kept": found.kept})
