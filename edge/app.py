"""What the command line calls: check a configuration, or run the agent that it describes."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from edge.actuation import verifier
from edge.agent import Agent
from edge.config import EdgeConfig, load
from edge.errors import ConfigError
from wire import Clock

ALIVE_EVERY_S: Final = 5.0
"""A sixth of the shipped unit's WatchdogSec."""


def check(path: Path) -> EdgeConfig:
    """Read a configuration and look for what it names, without starting or making anything.

    Raises ConfigError: one line with file, key and what is wrong.
    """
    config = load(path)
    files = {
        name: file
        for name in ("password_file", "ca_file", "cert_file", "key_file")
        if (file := getattr(config.mqtt, name)) is not None
    }
    for name, file in files.items():
        if not file.is_file():
            raise ConfigError(f"{path}: mqtt.{name}: {file} does not exist")
    try:
        verifier(config.hub_key)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    return config


def run(path: Path, *, alive: Callable[[], None] | None = None) -> None:
    """Run the agent until SIGINT or SIGTERM. Raises ConfigError, OutboxError.

    alive: called once devices can reach it, and from then on as long as its loop turns.
    """
    config = check(path)
    asyncio.run(_run(config, alive))


async def _living(alive: Callable[[], None] | None) -> None:
    while alive is not None:
        alive()
        await asyncio.sleep(ALIVE_EVERY_S)


async def _run(config: EdgeConfig, alive: Callable[[], None] | None) -> None:
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    stopping = asyncio.Event()

    def stop() -> None:
        stopping.set()
        if this:
            this.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        async with Agent(config, clock) as agent:
            living = asyncio.create_task(_living(alive), name="edge-living")
            try:
                await agent.run()
            finally:
                living.cancel()
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise
