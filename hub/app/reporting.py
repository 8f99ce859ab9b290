"""Makes weekly reports and monthly notices while the hub runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from hub.bulletins.making import BulletinMaker

PERIOD_S: Final = 60.0


@asynccontextmanager
async def telling(maker: BulletinMaker) -> AsyncIterator[None]:
    """What is due is made while the context lasts; a hub that was away makes it at its start."""
    running = asyncio.create_task(maker.run(PERIOD_S), name="hub-bulletins")
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait({running})
