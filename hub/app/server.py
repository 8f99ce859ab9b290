"""uvicorn as a part among others: in the caller's loop, its signals left to the caller."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from hub.config import HubConfig
from hub.errors import ConfigError

SLOW_CLIENTS_S: Final = 2
"""Requests that are still being answered at the end have this long."""


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the caller's."""
        yield


@asynccontextmanager
async def serve(
    app: ASGIApp, config: HubConfig, *, stopping: Callable[[], None]
) -> AsyncIterator[int]:
    """Serve while the context lasts; yields the port.

    stopping: called when no new request is taken any more, to end the streams.
    Raises ConfigError when the address cannot be had.
    """
    listener = _listen(config)
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            proxy_headers=config.http.public_url is not None,
            timeout_graceful_shutdown=SLOW_CLIENTS_S,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="hub-http")
    try:
        while not server.started:
            await asyncio.wait({serving}, timeout=0.01)
            if serving.done():
                serving.result()
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        stopping()
        await asyncio.wait({serving})
        listener.close()


def _listen(config: HubConfig) -> socket.socket:
    host, port = config.http.host, config.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConfigError(config.source, "http.port", f"{host}:{port}: {why}") from None
    listener.setblocking(False)
    return listener
