"""Follows a site's feed for one person, until the session ends or the reader goes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from starlette.responses import StreamingResponse

from hub.api.services import Services
from hub.api.sse import RETRY
from hub.api.visit import Visit

PING_S: Final = 5.0
"""Real seconds between pings; a screen that misses two knows that it is blind."""


HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Never kept, and passed on at once by a proxy in front."""


class EventStreamResponse(StreamingResponse):
    """A response that says that it is a stream of events."""

    media_type = "text/event-stream"


async def follow(
    services: Services, visit: Visit, site: str, after: int | None
) -> AsyncIterator[bytes]:
    """The site's events as bytes; ends with the session, and after a reset."""
    yield RETRY
