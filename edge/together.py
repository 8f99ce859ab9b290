"""Runs parts side by side, and really ends them.

`asyncio.wait_for` of Python 3.11 loses a cancellation that meets the answer it waits for, and a
TaskGroup cancels its tasks only once: a part that lost its one cancellation would never end, nor
would the agent. So a part is cancelled again until it is done.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

STOP_AGAIN_S = 1.0


async def together(*parts: Coroutine[Any, Any, None]) -> None:
    """Run all parts until the first ends, then end the others; raises what the first raised."""
    tasks = [asyncio.create_task(part) for part in parts]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        await stop(tasks)
    for task in done:
        task.result()


async def stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait for their end; what they end with is left for who asks them.

    A cancellation of the caller is kept back until the tasks are done.
    """
    interrupted = False
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        try:
            await asyncio.wait(pending, timeout=STOP_AGAIN_S)
        except asyncio.CancelledError:
            interrupted = True
    if interrupted:
        raise asyncio.CancelledError
