"""What waits for a second person: one place for all that needs one."""

from fastapi import APIRouter
from sqlalchemy import Connection

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.waiting import Waiting, WaitingCount
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.present.waiting import Presenter
from hub.api.services import IsVisit, Services, UsesServices
from hub.api.visit import Visit
from hub.store.reads.waiting import Requests, requests

router = APIRouter(prefix="/api/sites/{site}/waiting", tags=["site"], route_class=GuardedRoute)
READ = needs(Permission.SITE_READ)


@router.get("", openapi_extra=READ)
async def list_waiting(site: SiteId, visit: IsVisit, services: UsesServices) -> list[Waiting]:
    """What waits for the asking person's word, and what of their own waits; each with its steps.

    Of those who may decide on nothing only their own is shown. The look is on record.
    """
    await services.trail.read(visit.actor, site, "waiting.read")
    return await _shown(services, visit, site)


@router.get("/count", openapi_extra=READ)
async def count_waiting(site: SiteId, visit: IsVisit, services: UsesServices) -> WaitingCount:
    """How many there are; names nobody."""
    found = await _shown(services, visit, site)
    own = sum(one.mine for one in found)
    return WaitingCount(decide=len(found) - own, own=own)


async def _shown(services: Services, visit: Visit, site: str) -> list[Waiting]:
    now = services.now()

    def query(reader: Connection) -> Requests:
        return requests(reader, site, now)

    found = await services.read(query)
    shown = Presenter(services.directory, visit.actor, site)
    return shown.all(services.openings.waiting(site), found)
