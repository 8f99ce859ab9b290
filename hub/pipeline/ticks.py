"""Lets time pass: every half a second, and as soon as a timer is due that a commit has set."""

import asyncio
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline.pipeline import Pipeline
from hub.pipeline.work import Committed
from wire import Clock

log = structlog.get_logger(__name__)

PERIOD_S: Final = 0.5
"""Simulated seconds: a quarter of the 2 s in which an alarm has to show (GB 50396-2007, 5.1.2).
What was due before the hub started, or is set by another process, waits for it."""

LEAST_S: Final = 0.05
"""Real seconds from one tick to the next: each costs the writer some milliseconds."""


class Ticks:
    """`run` ticks until cancelled; `committed` may be called from any thread.

    A store that refuses is waited out: what was due stays due.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        clock: Clock,
        *,
        period_s: float = PERIOD_S,
        least_s: float = LEAST_S,
    ) -> None:
        self._pipeline = pipeline
        self._clock = clock
        self._period_s = period_s
        self._least_s = least_s
        self._next_at = 0
        self._sooner = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def committed(self, committed: Committed) -> None:
        """Take note of the timers that a commit has set. Returns at once."""
        loop, due_at = self._loop, committed.due_at
        if loop is None or due_at is None or due_at >= self._next_at:
            return
        self._next_at = due_at
        try:
            loop.call_soon_threadsafe(self._sooner.set)
        except RuntimeError:  # the loop closed between the two lines: the hub is stopping
            return

    async def run(self) -> None:
        """Tick until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            now = self._clock.now()
            self._next_at = now + round(self._period_s * 1000)
            try:
                await asyncio.wrap_future(self._pipeline.tick(now))
            except (DBAPIError, UnavailableError) as error:
                log.warning("ticks.not_stored", error=type(error).__name__)
            await asyncio.sleep(self._least_s)
            await self._rest()

    async def _rest(self) -> None:
        """Until the next tick is due, which a commit may bring forward meanwhile."""
        while (left_ms := self._next_at - self._clock.now()) > 0:
            self._sooner.clear()  # set in this loop alone, and after what it tells of
            try:
                async with asyncio.timeout(self._clock.real_seconds(left_ms / 1000)):
                    await self._sooner.wait()
            except TimeoutError:
                return
