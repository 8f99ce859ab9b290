"""A site as a whole: the snapshot, its agents, its counters."""

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.line import Agent, Counters
from hub.api.models.stream import Snapshot
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.present.agent import agents, counters
from hub.api.present.snapshot import snapshot
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api/sites/{site}", tags=["site"], route_class=GuardedRoute)
READ = needs(Permission.SITE_READ)


@router.get("/snapshot", openapi_extra=READ)
async def get_snapshot(site: SiteId, visit: IsVisit, services: UsesServices) -> Snapshot:
    """All that is open, and every device and agent, at one moment; `cursor` goes to the stream."""
    simulators = services.simulators
    simulated = simulators is not None and simulators.of(site) is not None
    taken = await services.read(
        lambda reader: snapshot(
            reader, services.directory, visit.actor, site=site, now=services.now()
        )
    )
    return taken.model_copy(update={"simulated": simulated})


@router.get("/agents", openapi_extra=READ)
async def list_agents(site: SiteId, services: UsesServices) -> list[Agent]:
    """The site's edge agents."""
    return await services.read(lambda reader: agents(reader, services.directory, site))


@router.get("/counters", openapi_extra=READ)
async def get_counters(site: SiteId, services: UsesServices) -> Counters:
    """What came in, in numbers."""
    return await services.read(lambda reader: counters(reader, site))
