"""Cases."""

from dataclasses import replace

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.bulk import staff_key
from hub.api.case_asking import AsksCases, case_query
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.base import Page
from hub.api.models.case import (
    Case,
    CaseActionRequest,
    CaseWithHistory,
    Contact,
    NewCase,
    Question,
)
from hub.api.models.case_queue import CaseFacets
from hub.api.needs import needs
from hub.api.params import Cursor, IdempotencyKey, Limit, Moment, OptionalId, SiteId, ThingId
from hub.api.present.case import case_page, case_with_history
from hub.api.present.case_counts import branches, show_facets
from hub.api.services import IsVisit, UsesServices
from hub.errors import NotFoundError
from hub.store.reads import case_counts as reads
from hub.store.write.reports import report_of

router = APIRouter(prefix="/api/sites/{site}/cases", tags=["cases"], route_class=GuardedRoute)


@router.get("", openapi_extra=needs(Permission.SITE_READ))
async def list_cases(
    site: SiteId,
    asked: AsksCases,
    visit: IsVisit,
    services: UsesServices,
    *,
    device: OptionalId = None,
    since: Moment = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Case]:
    """Cases, newest first; or, of open ones, the nearest deadline first."""
    query = replace(
        case_query(asked, services, visit), device=device, since=since, limit=limit, before=before
    )
    return await services.read(
        lambda reader: case_page(reader, services.directory, visit.actor, site=site, query=query)
    )


@router.get("/facets", openapi_extra=needs(Permission.SITE_READ))
async def count_cases(
    site: SiteId, asked: AsksCases, visit: IsVisit, services: UsesServices
) -> CaseFacets:
    """How many open cases there are of each kind, for what the list is asked with."""
    query, branch_of = case_query(asked, services, visit), branches(services.directory)
    counts = await services.read(lambda reader: reads.count_cases(reader, site, query, branch_of))
    return show_facets(counts, services.directory, site)


@router.post("", status_code=201, openapi_extra=needs(Permission.CASE_OPEN))
async def open_case(
    site: SiteId,
    asked: NewCase,
    visit: IsVisit,
    services: UsesServices,
    key: IdempotencyKey = None,
) -> Case:
    """Open a case by hand. Sent again with the same key it is the same case."""
    kept = None if key is None else staff_key(visit.actor, key, f"{site} {asked.model_dump_json()}")
    case = await services.doors.open_case(visit.actor, site, asked, kept)
    return await get_case(site, case, visit, services)


@router.get("/{case}", openapi_extra=needs(Permission.SITE_READ))
async def get_case(
    site: SiteId, case: ThingId, visit: IsVisit, services: UsesServices
) -> CaseWithHistory:
    """One case with its history, its alerts and its commands."""
    return await services.read(
        lambda reader: case_with_history(
            reader, services.directory, visit.actor, site=site, case=case
        )
    )


@router.post("/{case}/actions/{action}", openapi_extra=needs(Permission.CASE_ACT))
async def act_on_case(
    site: SiteId,
    case: ThingId,
    action: ThingId,
    visit: IsVisit,
    services: UsesServices,
    asked: CaseActionRequest | None = None,
) -> Case:
    """Take a step of the case flow; which ones are open stands in the case's `actions`."""
    await services.doors.act_on_case(visit.actor, site, case, action, asked or CaseActionRequest())
    return await get_case(site, case, visit, services)


@router.post("/{case}/questions", openapi_extra=needs(Permission.CASE_ACT))
async def ask_reporter(
    site: SiteId, case: ThingId, asked: Question, visit: IsVisit, services: UsesServices
) -> CaseWithHistory:
    """Ask the resident who reported it; they read it with their receipt, and may answer."""
    await services.doors.ask_reporter(visit.actor, site, case, asked.text)
    return await get_case(site, case, visit, services)


@router.post("/{case}/contact", openapi_extra=needs(Permission.PASSAGE_LOOK))
async def look_at_contact(
    site: SiteId, case: ThingId, look: IsLook, services: UsesServices
) -> Contact:
    """The reporter's telephone number, if they left one. The look is on record before it."""
    await look.shown("contact.look", case)
    kept = await services.read(lambda reader: report_of(reader, case))
    if kept is None or kept.site != site or kept.contact is None:
        raise NotFoundError("contact", case)
    return Contact(phone=services.seal.open(site, kept.contact).decode())
