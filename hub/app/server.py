"""uvicorn as a part among others: in the caller's loop, its signals left to the caller."""

import asyncio
import os
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


@contextmanager
def listen(config: HubConfig) -> Iterator[socket.socket]:
    """Take the address. Raises ConfigError when it cannot be had."""
    host, port = config.http.host, config.http.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=256)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise ConfigError(config.source, "http.port", f"{host}:{port}: {why}") from None
    with listener:
        listener.setblocking(False)
        yield listener


@asynccontextmanager
async def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    stopping: Callable[[], None],
    behind_proxy: bool = False,
) -> AsyncIterator[None]:
    """Serve while the context lasts.

    stopping: called when no new request is taken any more, to end the streams.
    behind_proxy: a proxy on this machine tells where a request really came from.
    """
    server = _Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            proxy_headers=behind_proxy,
            timeout_graceful_shutdown=SLOW_CLIENTS_S,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]), name="hub-http")
    try:
        while not server.started:
            await asyncio.wait({serving}, timeout=0.01)
            if serving.done():
                serving.result()
        yield
    finally:
        server.should_exit = True
        stopping()
        await asyncio.wait({serving})
