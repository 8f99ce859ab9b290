"""Removes what has been kept long enough."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline.writer import Priority, Writer
from hub.store.write.retention import REMOVALS, Keep
from hub.telemetry import Telemetry

log = structlog.get_logger(__name__)

SWEEP_S: Final = 60.0
PAUSE_S: Final = 0.05
"""Between two chunks: the line goes first."""


class Housekeeping:
    """Removes in small transactions, at the lowest priority. now: hub clock, ms."""

    def __init__(
        self, *, writer: Writer, telemetry: Telemetry, keep: Keep, now: Callable[[], int]
    ) -> None:
        self._writer = writer
        self._telemetry = telemetry
        self._keep = keep
        self._now = now

    async def run(self, period_s: float = SWEEP_S) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (DBAPIError, UnavailableError) as error:
                log.warning("housekeeping.failed", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def sweep(self) -> dict[str, int]:
        """Remove all that is due; rows removed, by what they were."""
        removed = {name: await self._exhaust(self._removal(name)) for name in REMOVALS}
        rolled = await self._exhaust(lambda c: self._telemetry.roll(c, self._now()))
        if rolled:
            log.debug("housekeeping.downsampled", hours=rolled)
        removed["telemetry"] = await self._exhaust(lambda c: self._telemetry.purge(c, self._now()))
        told = {name: count for name, count in removed.items() if count}
        if told:
            log.info("housekeeping.removed", **told)
        return removed

    async def _exhaust(self, removal: Callable[[Connection], int]) -> int:
        total = 0
        while True:
            submitted = self._writer.submit(Priority.HOUSEKEEPING, removal)
            removed = await asyncio.wrap_future(submitted)
            if removed == 0:
                return total
            total += removed
            await asyncio.sleep(PAUSE_S)

    def _removal(self, name: str) -> Callable[[Connection], int]:
        return lambda connection: REMOVALS[name](connection, self._keep, self._now())
