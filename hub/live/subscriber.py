"""One reader of a site's feed: a queue with an end, so that a slow one costs nobody else."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Final

from hub.live.events import Changed, Event, Live, Reset

WAITING: Final = 1_000
"""Changes that may wait for one reader."""


class Subscriber:
    """Used within one event loop. Readings replace one another, changes queue."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._limit = waiting
        self._changes: deque[Changed] = deque()
        self._readings: dict[str, Live] = {}
        self._wake = asyncio.Event()
        self._reset: Reset | None = None
        self._ended = False

    def tell(self, changes: Iterable[Changed]) -> None:
        """Queue changes; a reader who has let too many wait gets a Reset in their place."""
        if self._reset is not None:
            return
        self._changes.extend(changes)
        if len(self._changes) > self._limit:
            self._changes.clear()
            self._readings.clear()
            self._reset = Reset("too-slow")
        self._wake.set()

    def show(self, reading: Live) -> None:
        """Show a device's newest reading; one not yet read is replaced."""
        self._readings[reading.device] = reading
        self._wake.set()

    def end(self) -> None:
        """Let `events` end once what waits has been read."""
        self._ended = True
        self._wake.set()

    async def events(self) -> AsyncIterator[Event]:
        """What comes, until the end or a Reset; changes before readings."""
        while True:
            if self._changes:
                yield self._changes.popleft()
            elif self._reset is not None:
                yield self._reset
                return
            elif self._readings:
                yield self._readings.pop(next(iter(self._readings)))
            elif self._ended:
                return
            else:
                self._wake.clear()
                await self._wake.wait()
