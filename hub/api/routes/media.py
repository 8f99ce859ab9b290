"""Where edge agents bring evidence. People read it elsewhere, see `evidence`."""

from fastapi import APIRouter, Request, Response

from hub.api.couriers import Courier
from hub.api.door import GuardedRoute
from hub.api.needs import for_agents
from hub.api.services import UsesServices
from hub.evidence.port import OffsetError

OFFSET = "Upload-Offset"

router = APIRouter(prefix="/api/media", tags=["media"], route_class=GuardedRoute)


@router.head("/{sha256}", openapi_extra=for_agents(), status_code=204)
async def ask_upload(sha256: str, request: Request, services: UsesServices) -> Response:
    """How much of an announced piece the hub has: the header `Upload-Offset`."""
    _ = sha256
    have = await services.media.offset(_courier(request))
    return _told(204, have)


@router.put("/{sha256}", openapi_extra=for_agents(), status_code=204)
async def put_upload(sha256: str, request: Request, services: UsesServices) -> Response:
    """Add a chunk (`Content-Range`) to an announced piece; 409 tells where it has to go on."""
    _ = sha256
    chunk = await request.body()
    try:
        have = await services.media.take(
            _courier(request), request.headers.get("Content-Range", ""), chunk
        )
    except OffsetError as error:
        return _told(409, error.offset)
    return _told(204, have)


def _courier(request: Request) -> Courier:
    courier: Courier = request.state.courier
    return courier


def _told(status: int, offset: int) -> Response:
    return Response(status_code=status, headers={OFFSET: str(offset), "Cache-Control": "no-store"})
