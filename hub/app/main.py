"""`gatehouse hub`: start, say where, and stop on a signal."""

import asyncio
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hub.app import memory
from hub.app.composition import Hub, open_hub
from hub.app.estate import read_estate
from hub.config import load_hub
from hub.errors import HubError

log = structlog.get_logger(__name__)

ALIVE_EVERY_S: Final = 10.0
"""A sixth of the shipped unit's WatchdogSec."""


def check(path: Path, *, shipped: Path) -> None:
    """Read and check the configuration, and all that it names. Raises ConfigError."""
    read_estate(load_hub(path, shipped=shipped))


def run(path: Path, *, shipped: Path, alive: Callable[[], None] | None = None) -> None:
    """Run the hub until SIGINT or SIGTERM. Raises ConfigError, and other HubErrors at the start.

    alive: called once it serves, and from then on as long as its loop turns and its writer writes.
    """
    config = load_hub(path, shipped=shipped)

    async def running() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, over.set)
        async with open_hub(config) as hub:
            memory.settle()
            _announce(hub)
            living = asyncio.create_task(_living(hub, alive), name="hub-living")
            try:
                await over.wait()
            finally:
                living.cancel()

    asyncio.run(running())


async def _living(hub: Hub, alive: Callable[[], None] | None) -> None:
    while alive is not None:
        try:
            await hub.services.desk.write(_nothing)
        except (SQLAlchemyError, HubError) as error:
            # a full disk or a busy writer is no reason to be started anew
            log.warning("hub.write_failed", error=type(error).__name__)
        alive()
        await asyncio.sleep(ALIVE_EVERY_S)


def _nothing(_connection: Connection) -> None:
    return None


def _announce(hub: Hub) -> None:
    """The first admin's password is shown here, on the terminal, and never again."""
    lines = [f"Gatehouse is ready: {hub.url}", f"Agents pin this hub key: {hub.public_key}"]
    if hub.initial_admin is not None:
        lines.append(f"First login: admin / {hub.initial_admin} (shown once; change it)")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
