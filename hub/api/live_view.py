"""A camera's live view as one endless response: JPEGs, each taking the place of the last.

`multipart/x-mixed-replace` is what an `<img>` shows in every browser without any script.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

import anyio
from starlette.responses import StreamingResponse

from hub.access.authorise import may
from hub.access.errors import NotLoggedInError
from hub.access.permissions import Permission
from hub.api.services import Services
from hub.api.visit import Visit
from wire.media import Frame

BOUNDARY: Final = "gatehouse-picture"
CHECK_S: Final = 5.0
"""Between looks whether the person may still watch."""

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class LiveViewResponse(StreamingResponse):
    """A response that says that its parts take each other's place."""

    media_type = f"multipart/x-mixed-replace; boundary={BOUNDARY}"


async def look(
    services: Services, visit: Visit, site: str, device: str
) -> AsyncGenerator[bytes, None]:
    """The parts; ends with the session, with the right to look, and with the hub."""
    yield f"--{BOUNDARY}\r\n".encode()
    ended = asyncio.Event()
    with services.logins.ended.watch(visit.session, ended.set):
        over = asyncio.create_task(ended.wait(), name="live-session")
        async with aclosing(services.live.watch(site, device)) as frames:
            coming = _next(frames)
            clock = asyncio.get_running_loop().time
            check_at = clock() + CHECK_S
            try:
                while not over.done():
                    await asyncio.wait(
                        {coming, over},
                        timeout=max(0.0, check_at - clock()),
                        return_when=asyncio.FIRST_COMPLETED,
                    )
                    if clock() >= check_at:
                        if not await _may_look(services, visit, site, device):
                            return
                        check_at = clock() + CHECK_S
                    if coming.done() and not over.done():
                        yield _part(coming.result())
                        coming = _next(frames)
            finally:
                over.cancel()
                coming.cancel()
                with anyio.CancelScope(shield=True):
                    await asyncio.wait({coming, over})


async def _may_look(services: Services, visit: Visit, site: str, device: str) -> bool:
    try:
        actor = await services.logins.check(visit.session)
    except NotLoggedInError:
        return False
    return may(actor, Permission.LIVE_LOOK, services.directory.thing(site, device))


def _part(frame: Frame) -> bytes:
    """A picture and the boundary after it, so that it is shown at once."""
    head = f"Content-Type: image/jpeg\r\nContent-Length: {len(frame.jpeg)}\r\n\r\n"
    return head.encode() + frame.jpeg + f"\r\n--{BOUNDARY}\r\n".encode()


def _next(frames: AsyncGenerator[Frame, None]) -> asyncio.Task[Frame]:
    async def coming() -> Frame:
        return await anext(frames)

    return asyncio.create_task(coming(), name="live-next")
