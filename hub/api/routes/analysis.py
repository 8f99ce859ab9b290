"""What many cases say together, and the reports that are made of it."""

import asyncio
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.looking import IsLook
from hub.api.models.analysis import (
    Bulletin,
    BulletinRequest,
    BulletinWithFigures,
    CategoryCount,
    Complainant,
)
from hub.api.models.base import Page
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, Moment, SiteId, ThingId
from hub.api.services import IsVisit, Services, UsesServices
from hub.bulletins.figures import Figures
from hub.cases.assessment import complainants
from hub.errors import BadRequestError, NotFoundError
from hub.store.reads.bulletins import bulletin_rows, find_bulletin
from hub.store.reads.page import Record

router = APIRouter(prefix="/api/sites/{site}", tags=["analysis"], route_class=GuardedRoute)
READ = needs(Permission.ANALYSIS_READ)

DAY_MS: Final = 24 * 3_600_000
USUAL_MS: Final = 28 * DAY_MS
LONGEST_MS: Final = 366 * DAY_MS


@router.get("/analysis", openapi_extra=READ)
async def get_analysis(
    site: SiteId, services: UsesServices, *, since: Moment = None, until: Moment = None
) -> Figures:
    """A site's cases of a time; without `since` and `until`, of the last four weeks."""
    begin, end = _span(services, since, until)
    return await services.read(
        lambda reader: services.bulletins.compiler.figures(reader, site, begin, end)
    )


@router.get("/analysis/persons", openapi_extra=READ)
async def list_complainants(
    site: SiteId,
    services: UsesServices,
    look: IsLook,
    *,
    since: Moment = None,
    until: Moment = None,
) -> list[Complainant]:
    """People with many complaints, by pseudonyms. The look is on record before it is answered."""
    begin, end = _span(services, since, until)
    await look.shown("analysis.persons", site, since=begin, until=end)
    compiler = services.bulletins.compiler
    found = await services.read(
        lambda reader: complainants(compiler.facts(reader, site, begin, end))
    )
    return [
        Complainant(
            person=one.person,
            count=one.count,
            open_now=one.open_now,
            last_at=one.last_at,
            categories=[
                CategoryCount(category=name, name=compiler.name(name), count=count)
                for name, count in one.categories.items()
            ],
            cases=list(one.cases),
        )
        for one in found
    ]


@router.get("/bulletins", openapi_extra=READ)
async def list_bulletins(
    site: SiteId, services: UsesServices, *, limit: Limit = 100, before: Cursor = None
) -> Page[Bulletin]:
    """Weekly reports and monthly notices, newest first."""
    found = await services.read(
        lambda reader: bulletin_rows(reader, site, limit=limit, before=before)
    )
    return Page(items=[Bulletin(**dict(row)) for row in found.records], next=found.next)


@router.post("/bulletins", status_code=201, openapi_extra=READ)
async def make_bulletin(
    site: SiteId, asked: BulletinRequest, visit: IsVisit, services: UsesServices
) -> BulletinWithFigures:
    """Make one of the week or month under way, up to now."""
    made = await services.bulletins.make(site, asked.kind, by=visit.actor.name)
    await services.trail.looked(
        services.trail.act(visit.actor, site, "bulletin.make", made, kind=asked.kind)
    )
    return BulletinWithFigures(**dict(await _one(site, made, services)))


@router.get("/bulletins/{bulletin}", openapi_extra=READ)
async def get_bulletin(
    site: SiteId, bulletin: ThingId, services: UsesServices
) -> BulletinWithFigures:
    """One of them with its figures, as they were when it was made."""
    return BulletinWithFigures(**dict(await _one(site, bulletin, services)))


@router.get(
    "/bulletins/{bulletin}/pdf",
    openapi_extra=READ,
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "the document"}},
)
async def get_bulletin_pdf(
    site: SiteId,
    bulletin: ThingId,
    services: UsesServices,
    *,
    language: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> Response:
    """One of them as PDF, for paper and for sending on."""
    row = await _one(site, bulletin, services)
    body = await asyncio.to_thread(_pdf, row, language)
    name = f"{row['kind']}-{site}-{bulletin[:8]}-{language}.pdf"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(body, headers=headers, media_type="application/pdf")


def _pdf(row: Record, language: Literal["zh", "en"]) -> bytes:
    # Only here: it is large, and a hub that nobody asks for one starts without it.
    from hub.bulletins.pdf import Head, render  # noqa: PLC0415

    head = Head(row["kind"], row["made_at"], row["id"][:8].upper())
    return render(head, Figures.model_validate(row["figures"]), language)


async def _one(site: str, bulletin: str, services: Services) -> Record:
    row = await services.read(lambda reader: find_bulletin(reader, site, bulletin))
    if row is None:
        raise NotFoundError("bulletin", bulletin)
    return row


def _span(services: Services, since: int | None, until: int | None) -> tuple[int, int]:
    end = services.now() if until is None else until
    begin = end - USUAL_MS if since is None else since
    if not 0 <= begin < end <= begin + LONGEST_MS:
        raise BadRequestError("must lie before `until`, by 366 days at most", field="since")
    return begin, end
