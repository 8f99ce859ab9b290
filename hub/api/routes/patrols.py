"""Patrols: what is to be walked when, and the walking of it."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.patrols import NewRound, Patrol, Round, VisitRequest
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, OpenState, OptionalId, SiteId, ThingId
from hub.api.present.patrols import one_round, round_page, show_patrols
from hub.api.services import IsVisit, UsesServices
from hub.errors import NotFoundError
from hub.patrols import code_of
from hub.pipeline.patrolling import point_text
from wire import Text

router = APIRouter(prefix="/api/sites/{site}", tags=["patrols"], route_class=GuardedRoute)


@router.get("/patrols", openapi_extra=needs(Permission.SITE_READ))
async def list_patrols(site: SiteId, visit: IsVisit, services: UsesServices) -> list[Patrol]:
    """The plans of a site, and when each is due next."""
    return show_patrols(services.directory, visit.actor, site=site, now=services.now())


@router.get(
    "/patrols/{plan}/codes",
    openapi_extra=needs(Permission.PATROL_PRINT),
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "labels to hang up"}},
)
async def print_codes(
    site: SiteId,
    plan: ThingId,
    visit: IsVisit,
    services: UsesServices,
    *,
    language: Annotated[Literal["zh", "en"], Query()] = "zh",
) -> Response:
    """The codes of a plan's points as PDF, with QR; who printed them is on record first."""
    found = services.directory.patrols.get(site, {}).get(plan)
    if found is None:
        raise NotFoundError("patrol", plan)
    await services.trail.begun(services.trail.act(visit.actor, site, "patrol.print", plan))
    points = [
        (one.name, code_of(services.seal.hash(site, point_text(plan, one.id))))
        for one in found.points
    ]
    name = services.directory.sites[site].name
    body = await asyncio.to_thread(_labels, name, found.name, points, language)
    headers = {
        "Content-Disposition": f'attachment; filename="codes-{site}-{plan}.pdf"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(body, headers=headers, media_type="application/pdf")


def _labels(
    site: Text, plan: Text, points: list[tuple[Text, str]], language: Literal["zh", "en"]
) -> bytes:
    # Only here: it is large, and a hub that nobody asks for one starts without it.
    from hub.bulletins.codes import render  # noqa: PLC0415

    return render(site, plan, points, language)


@router.get("/rounds", openapi_extra=needs(Permission.SITE_READ))
async def list_rounds(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    state: OpenState = "open",
    plan: OptionalId = None,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[Round]:
    """Rounds, the latest due first."""
    return await services.read(
        lambda reader: round_page(
            reader,
            services.directory,
            visit.actor,
            site=site,
            state=state,
            plan=plan,
            limit=limit,
            before=before,
        )
    )


@router.post("/rounds", status_code=201, openapi_extra=needs(Permission.PATROL_WALK))
async def start_round(
    site: SiteId, asked: NewRound, visit: IsVisit, services: UsesServices
) -> Round:
    """Begin a round besides its plan."""
    made = await services.doors.start_round(visit.actor, site, asked)
    return await get_round(site, made, visit, services)


@router.get("/rounds/{round}", openapi_extra=needs(Permission.SITE_READ))
async def get_round(site: SiteId, round: ThingId, visit: IsVisit, services: UsesServices) -> Round:  # noqa: A002 - the path's own word
    """One round with what was found so far."""
    return await services.read(
        lambda reader: one_round(reader, services.directory, visit.actor, site=site, name=round)
    )


@router.post("/rounds/{round}/points/{point}", openapi_extra=needs(Permission.PATROL_WALK))
async def visit_point(
    site: SiteId,
    round: ThingId,  # noqa: A002 - the path's own word
    point: ThingId,
    asked: VisitRequest,
    visit: IsVisit,
    services: UsesServices,
) -> Round:
    """Say what is found at a stop; a finding opens a case. Once per stop: a second one gets 409."""
    await services.doors.visit_point(visit.actor, site, round, point, asked)
    return await get_round(site, round, visit, services)
