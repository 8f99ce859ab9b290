"""The live stream of a site."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Header, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.event_stream import HEADERS, EventStreamResponse, follow
from hub.api.models.stream import StreamMessage
from hub.api.needs import needs
from hub.api.params import SiteId
from hub.api.services import IsVisit, UsesServices

router = APIRouter(prefix="/api/sites/{site}", tags=["site"], route_class=GuardedRoute)

_POSITION: Final = re.compile(r"[0-9]{1,15}")


@router.get(
    "/stream",
    openapi_extra=needs(Permission.SITE_READ),
    response_class=EventStreamResponse,
    responses={200: {"model": StreamMessage, "description": "server-sent events"}},
)
async def stream_changes(
    site: SiteId,
    visit: IsVisit,
    services: UsesServices,
    *,
    after: Annotated[int | None, Query(ge=0, lt=2**53)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStreamResponse:
    """Changes as they happen: server-sent events, each `data` one JSON object.

    Starts after the position `after`, or after `Last-Event-ID` where the browser sends one (it
    then knows better). Events of the types alert, case, device, agent and command carry their
    position as id; `reading`, `ping` and `reset` carry none. The stream ends with the session.
    """
    known = last_event_id is not None and _POSITION.fullmatch(last_event_id) is not None
    cursor = int(last_event_id or 0) if known else after
    return EventStreamResponse(follow(services, visit, site, cursor), headers=HEADERS)
