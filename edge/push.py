"""The small HTTP server to which devices push, and how it says no."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import web

log = structlog.get_logger()

MAX_BODY_BYTES = 256 * 1024
_CHUNK_BYTES = 64 * 1024
_SHUTDOWN_S = 2.0
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_TITLES: Final = {
    400: "Bad request",
    401: "Not authorised",
    404: "Not found",
    405: "Method not allowed",
    408: "Request timed out",
    413: "Request too large",
    503: "Unavailable",
}


def problem(
    status: int, detail: str, *, headers: dict[str, str] | None = None, **more: Any
) -> web.Response:
    """A problem document (RFC 9457)."""
    body = {"title": _TITLES.get(status, "Error"), "status": status, "detail": detail, **more}
    return web.json_response(
        body, status=status, headers=headers, content_type="application/problem+json"
    )


async def read_body(request: web.Request, *, most: int) -> bytes:
    """The whole body, read no further than `most` bytes. Raises HTTPRequestEntityTooLarge."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > most:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(body))
    return bytes(body)


@web.middleware
async def _problems(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Turn aiohttp's own refusals (404, 405, 413) into problem documents."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return problem(error.status, error.reason)


class PushServer:
    """An HTTP server on one address; routes are added before it starts."""

    def __init__(self) -> None:
        self._app = web.Application(middlewares=[_problems], client_max_size=MAX_BODY_BYTES)
        self._runner = web.AppRunner(
            self._app, access_log=None, shutdown_timeout=_SHUTDOWN_S, keepalive_timeout=60
        )

    @property
    def routes(self) -> web.UrlDispatcher:
        """Where drivers add theirs."""
        return self._app.router

    async def start(self, host: str, port: int) -> int:
        """Listen; returns the port, which the system chooses when `port` is 0. Raises OSError."""
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        bound = int(self._runner.addresses[0][1])
        log.info("push.listening", host=host, port=bound)
        return bound

    async def stop(self) -> None:
        """Answer what is being answered, then close."""
        await self._runner.cleanup()
