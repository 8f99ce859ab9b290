"""For supervisors, integrators and checkers: dead letters, and observations as stored."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.base import Page
from hub.api.models.line import DeadLetter, StoredObservation
from hub.api.needs import needs
from hub.api.params import Cursor, Limit, OptionalId, SiteId
from hub.api.present.line import dead_letter_page, observation_page
from hub.api.services import IsVisit, UsesServices
from hub.store.reads.observations import ObservationQuery
from wire import Lane

router = APIRouter(prefix="/api/sites/{site}", tags=["line"], route_class=GuardedRoute)


@router.get("/dead-letters", openapi_extra=needs(Permission.DEAD_LETTER_READ))
async def list_dead_letters(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    limit: Limit = 100,
    before: Cursor = None,
) -> Page[DeadLetter]:
    """Messages that could not be taken in, newest first, without their contents."""
    await services.trail.read(visit.actor, site, "dead-letter.read")
    return await services.read(
        lambda reader: dead_letter_page(reader, site, limit=limit, before=before)
    )


@router.get("/observations", openapi_extra=needs(Permission.OBSERVATION_READ))
async def list_observations(  # noqa: PLR0913 - query parameters, all by name
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    agent: OptionalId = None,
    device: OptionalId = None,
    boot: Annotated[str | None, Query(pattern=r"^[0-9a-f]{16}$")] = None,
    lane: Lane | None = None,
    limit: Limit = 500,
    after: Cursor = None,
) -> Page[StoredObservation]:
    """Observations as stored, in the order of their numbers; sensitive signals are redacted."""
    query = ObservationQuery(
        agent=agent, device=device, boot=boot, lane=lane, limit=limit, after=after
    )
    await services.trail.read(visit.actor, site, "observation.read")
    return await services.read(
        lambda reader: observation_page(reader, services.directory, site, query)
    )
