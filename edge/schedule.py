"""Ticks at a fixed interval that do not drift."""

import asyncio
import math
from collections.abc import AsyncIterator

from wire import Clock


async def every(interval_s: float, clock: Clock) -> AsyncIterator[int]:
    """Yield 0, 1, 2 … at once and then every `interval_s` seconds of the clock, for ever.

    Ticks lie on a grid from the first one, however long the body takes; those that fall into a
    body that took too long are left out (the number yielded jumps).
    """
    start = clock.monotonic()
    tick = 0
    while True:
        yield tick
        elapsed = (clock.monotonic() - start) / interval_s
        tick = max(tick + 1, math.ceil(elapsed))
        wait = start + tick * interval_s - clock.monotonic()
        await asyncio.sleep(max(0.0, clock.real_seconds(wait)))
