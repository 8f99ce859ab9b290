"""One reader of a site's feed: a queue with an end, so that a slow one costs nobody else."""

import asyncio
from collections import deque
from typing import Final

from hub.live.events import Live, Reset, Telling

WAITING: Final = 1_000
"""Changes that may wait for one reader."""


class Subscriber:
    """Used within one event loop. Readings replace one another, changes queue."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._limit = waiting
        self._changes: deque[Telling] = deque()
        self._readings: Telling | None = None
        self._wake = asyncio.Event()
        self._reset = False
        self._ended = False

    def tell(self, changes: Telling) -> None:
        """Queue changes; a reader who has let too many wait gets a Reset in their place."""
        if self._reset:
            return
        self._changes.append(changes)
        if sum(len(one.events) for one in self._changes) > self._limit:
            self._changes = deque([Telling((Reset("too-slow"),))])
            self._readings = None
            self._reset = True
        self._wake.set()

    def show(self, readings: Telling) -> None:
        """Show devices' newest readings; those not yet read are replaced."""
        if self._reset:
            return
        waiting = self._readings
        self._readings = readings if waiting is None else _newest(waiting, readings)
        self._wake.set()

    def end(self) -> None:
        """Let `told` end once what waits has been read."""
        self._ended = True
        self._wake.set()

    def nudge(self) -> None:
        """Let `told` return soon, whether or not there is anything to tell."""
        self._wake.set()

    async def told(self) -> list[Telling] | None:
        """All that has come since the last call, changes before readings; None at the end.

        Waits until something has; nothing comes after a Reset.
        """
        if not self._changes and self._readings is None:
            if self._ended or self._reset:
                return None
            self._wake.clear()
            await self._wake.wait()
        told = list(self._changes)
        self._changes.clear()
        if self._readings is not None:
            told.append(self._readings)
            self._readings = None
        return told


def _newest(older: Telling, newer: Telling) -> Telling:
    """Each device's newest readings."""
    readings = {one.device: one for one in older.events if isinstance(one, Live)}
    readings |= {one.device: one for one in newer.events if isinstance(one, Live)}
    return Telling(tuple(readings.values()))
