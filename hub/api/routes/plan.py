"""The site's plan, and what is drawn over its cameras' pictures."""

import asyncio

from fastapi import APIRouter, Response
from starlette.responses import FileResponse

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.plan import CameraDrawing, DrawingChange, PlanChange, SitePlan
from hub.api.needs import needs
from hub.api.params import SiteId, ThingId
from hub.api.services import IsVisit, UsesServices
from hub.errors import NotFoundError
from hub.plans.image import image_file, image_type

router = APIRouter(prefix="/api/sites/{site}", tags=["plan"], route_class=GuardedRoute)
READ = needs(Permission.SITE_READ)
EDIT = needs(Permission.PLAN_EDIT)


@router.get("/plan", openapi_extra=READ)
async def get_plan(site: SiteId, visit: IsVisit, services: UsesServices) -> SitePlan:
    """What lies where: ground, buildings, and a place for every device and agent."""
    return await services.plans.show(visit.actor, site)


@router.get(
    "/plan/image",
    openapi_extra=READ,
    response_class=Response,
    responses={200: {"content": {"image/png": {}, "image/jpeg": {}}, "description": "its bytes"}},
)
async def get_plan_image(site: SiteId, services: UsesServices) -> Response:
    """The picture that the plan is drawn on."""
    files = services.plans.files
    path = image_file(files.site(site), files.of(site).plan)
    if path is None or not path.is_file():
        raise NotFoundError("picture of the plan", site)
    kind = await asyncio.to_thread(image_type, path)
    return FileResponse(path, media_type=kind, headers={"Cache-Control": "private, no-cache"})


@router.patch("/plan", openapi_extra=EDIT)
async def change_plan(
    site: SiteId, asked: PlanChange, visit: IsVisit, services: UsesServices
) -> SitePlan:
    """Move devices and draw buildings; it holds at once, for everybody."""
    return await services.plans.change(visit.actor, site, asked)


@router.get("/devices/{device}/drawing", openapi_extra=EDIT)
async def get_drawing(site: SiteId, device: ThingId, services: UsesServices) -> CameraDrawing:
    """What is drawn over a camera's picture: by somebody, or in the site file."""
    return services.plans.drawing(site, device)


@router.put("/devices/{device}/drawing", openapi_extra=EDIT)
async def put_drawing(
    site: SiteId, device: ThingId, asked: DrawingChange, visit: IsVisit, services: UsesServices
) -> CameraDrawing:
    """Keep a drawing; the rules go by it from the hub's next start on."""
    return await services.plans.draw(visit.actor, site, device, asked)
