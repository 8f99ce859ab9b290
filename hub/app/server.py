"""uvicorn as a part among others: in the caller's loop, its signals left to the caller."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from hub.app.connections import BACKLOG, PATIENT, Patience, Room, held_in, room_here
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
def listen(config: HubConfig, table: str = "http") -> Iterator[socket.socket]:
    """Take the address that a table of the file names. Raises ConfigError when it is not free."""
    host, port = getattr(config, table).host, getattr(config, table).port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
        raise ConfigError(config.source, f"{table}.port", f"{host}:{port}: {why}") from None
    with listener:
        listener.setblocking(False)
        yield listener


@asynccontextmanager
async def serve(
    app: ASGIApp,
    listener: socket.socket,
    *,
    stopping: Callable[[], None],
    proxies: Sequence[str] = (),
    at_once: int | None = None,
    room: Room | None = None,
    patience: Patience = PATIENT,
) -> AsyncIterator[None]:
    """Serve while the context lasts.

    stopping: called when no new request is taken any more, to end the streams.
    proxies: addresses of those that may tell where a request really came from.
    at_once: connections beyond which new requests are turned away, with an answer that says so.
    room: for connections, whatever they do; None for as much as the process's open files allow.
    patience: how long is waited for the other side.
    """
    server = _Server(
        uvicorn.Config(
            app,
            http=held_in(room_here(proxies) if room is None else room, patience),
            ws="none",
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            limit_concurrency=at_once,
            backlog=BACKLOG,
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
