"""The embedded MQTT broker (amqtt): for a demo or one small site, on loopback only."""

import asyncio
import logging
import secrets
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amqtt.broker import Broker
from amqtt.contexts import BrokerConfig, ListenerConfig
from argon2 import PasswordHasher

USER = "gatehouse"
_HANG_UP_S = 1.0


@dataclass(frozen=True, slots=True)
class BrokerAccess:
    """How to reach the broker: its address, the user, and the file that holds the password."""

    url: str
    username: str
    password_file: Path


class _Topics(dict[str, Any]):
    """Who follows what, gone through as it was when that began.

    amqtt goes through it with other connections' turns in between: somebody who subscribed then
    cost somebody else the connection.
    """

    def __iter__(self) -> Iterator[str]:
        return iter(list(super().__iter__()))

    def items(self) -> Any:
        return list(super().items())


class _TidyBroker(Broker):
    """amqtt's broker, which forgets connections that end while it shuts down."""

    def __init__(self, config: BrokerConfig) -> None:
        super().__init__(config)
        self._subscriptions = _Topics()
        self._serving: dict[StreamWriter, asyncio.Task[Any] | None] = {}

    async def stream_connected(
        self, reader: StreamReader, writer: StreamWriter, listener_name: str
    ) -> None:
        """Serve one connection. Cancelled, it ends: asyncio logs its streams' cancelled tasks."""
        self._serving[writer] = asyncio.current_task()
        try:
            with suppress(asyncio.CancelledError):
                await super().stream_connected(reader, writer, listener_name)
        finally:
            del self._serving[writer]
            writer.close()

    async def hang_up(self) -> None:
        """Close every connection that is still open, and see its end."""
        for writer in self._serving:
            writer.close()
        tasks = [task for task in self._serving.values() if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=_HANG_UP_S)


@asynccontextmanager
async def embedded_broker(data: Path, *, port: int = 0) -> AsyncIterator[BrokerAccess]:
    """Run the broker while the context lasts; its password is drawn anew at every start.

    data: an existing folder; the password goes to `broker-password` there, mode 0600.
    port: 0 takes a free one.
    """
    logging.getLogger("amqtt").setLevel(logging.ERROR)  # it logs every packet's failure as warning
    logging.getLogger("transitions").setLevel(logging.ERROR)
    password_file = data / "broker-password"
    users_file = data / "broker-users"
    password = secrets.token_urlsafe(24)
    _write_private(password_file, password)
    cheap = PasswordHasher(
        time_cost=1, memory_cost=8192, parallelism=1
    )  # 24 random bytes need no more
    _write_private(users_file, f"{USER}:{cheap.hash(password)}\n")
    config = BrokerConfig(
        listeners={"default": ListenerConfig(bind=f"127.0.0.1:{port}")},
        plugins={
            "amqtt.plugins.authentication.FileAuthPlugin": {"password_file": str(users_file)},
        },
    )
    broker = _TidyBroker(config)
    await broker.start()
    try:
        yield BrokerAccess(f"mqtt://127.0.0.1:{_bound_port(broker)}", USER, password_file)
    finally:
        await broker.shutdown()
        await broker.hang_up()


def _write_private(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)


def _bound_port(broker: Broker) -> int:
    server = broker._servers["default"].instance  # noqa: SLF001 - amqtt has no public way to ask
    return int(next(iter(server.sockets)).getsockname()[1])
