"""`gatehouse hub`: start, say where, and stop on a signal."""

import asyncio
import signal
import sys
from pathlib import Path

from hub.app.composition import Hub, open_hub
from hub.app.estate import read_estate
from hub.config import load_hub


def check(path: Path, *, shipped: Path) -> None:
    """Read and check the configuration, and all that it names. Raises ConfigError."""
    read_estate(load_hub(path, shipped=shipped))


def run(path: Path, *, shipped: Path) -> None:
    """Run the hub until SIGINT or SIGTERM. Raises ConfigError, and other HubErrors at the start."""
    config = load_hub(path, shipped=shipped)

    async def running() -> None:
        over = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, over.set)
        async with open_hub(config) as hub:
            _announce(hub)
            await over.wait()

    asyncio.run(running())


def _announce(hub: Hub) -> None:
    """The first admin's password is shown here, on the terminal, and never again."""
    lines = [f"Gatehouse is ready: {hub.url}", f"Agents pin this hub key: {hub.public_key}"]
    if hub.initial_admin is not None:
        lines.append(f"First login: admin / {hub.initial_admin} (shown once; change it)")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
