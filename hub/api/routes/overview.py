"""An estate in numbers."""

from typing import Final

from fastapi import APIRouter

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.overview import DetectorFigures, Overview
from hub.api.needs import needs
from hub.api.params import Moment, SiteId
from hub.api.present import overview as present
from hub.api.services import IsVisit, UsesServices
from hub.errors import BadRequestError
from hub.store.reads.alarms import Span

router = APIRouter(prefix="/api/sites/{site}", tags=["overview"], route_class=GuardedRoute)

USUAL_MS: Final = 84 * present.DAY_MS
LONGEST_MS: Final = 366 * present.DAY_MS


@router.get("/overview", openapi_extra=needs(Permission.SITE_READ))
async def get_overview(site: SiteId, visit: IsVisit, services: UsesServices) -> Overview:
    """The estate now: open cases by state and age, today's passages in numbers, detectors."""
    now = services.now()
    return await services.read(
        lambda reader: present.overview(reader, services.directory, visit.actor, site=site, now=now)
    )


@router.get("/detector-figures", openapi_extra=needs(Permission.ANALYSIS_READ))
async def get_detector_figures(
    site: SiteId, services: UsesServices, *, since: Moment = None, until: Moment = None
) -> DetectorFigures:
    """Detectors by staff's verdict; without `since` and `until`, over the last twelve weeks."""
    end = services.now() if until is None else until
    begin = end - USUAL_MS if since is None else since
    if not 0 <= begin < end <= begin + LONGEST_MS:
        raise BadRequestError("must lie before `until`, by 366 days at most", field="since")
    return await services.read(
        lambda reader: present.detector_figures(reader, services.directory, Span(site, begin, end))
    )
