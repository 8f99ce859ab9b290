"""Carries notifications while the hub runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from hub.app.line import Line
from hub.config.channels import Channels
from hub.notify import Courier
from hub.outbound import Guard

PERIOD_S: Final = 1.0


@asynccontextmanager
async def calling(
    line: Line, channels: Channels, public_url: str | None, guard: Guard
) -> AsyncIterator[None]:
    """Notifications leave the outbox while the context lasts; those that wait stay in it."""
    courier = Courier(
        writer=line.writer,
        reader=line.store.reader,
        channels=channels,
        public_url=public_url,
        org=line.directory.org,
        guard=guard,
        now=line.clock.now,
    )
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(courier.run(PERIOD_S), name="hub-notify")
        try:
            yield
        finally:
            running.cancel()
