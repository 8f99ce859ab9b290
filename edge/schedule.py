"""Ticks at a fixed interval that do not drift."""

import asyncio
import math
from collections.abc import AsyncIterator, Coroutine
from typing import Any

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


async def finish(work: Coroutine[Any, Any, None], grace_s: float) -> None:
    """Await `work`; when cancelled meanwhile, let it finish for `grace_s` real seconds first.

    So that what a device has already answered is still stored when the agent stops.
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=grace_s)
        task.cancel()
        raise
