"""Photos that people take for a report or a step of a case."""

from typing import Any, Final

from fastapi import APIRouter, Request

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.evidence import Evidence
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.present.evidence import Shelf, one_evidence
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api/sites/{site}/photos", tags=["evidence"], route_class=GuardedRoute)

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in ("image/jpeg", "image/png")
        },
    }
}


@router.post("", status_code=201, openapi_extra=needs(Permission.CASE_OPEN) | _BODY)
async def add_photo(
    site: SiteId, request: Request, visit: IsVisit, services: UsesServices
) -> Evidence:
    """Bring a photo: the body is a JPEG or PNG of up to 12 MiB.

    It is kept smaller and without what the telephone wrote into it. Name its id in the case or the
    step that it is for within a day; then it belongs to that case.
    """
    photo = await services.photos.take(site, visit.actor.name, await request.body())
    shelf = Shelf(services.directory, services.evidence_days)
    return await services.read(lambda reader: one_evidence(reader, shelf, site, photo))
