"""Parts with threads of their own, entered and left without holding up the loop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import TypeVar

T = TypeVar("T")


@asynccontextmanager
async def in_thread(part: AbstractContextManager[T]) -> AsyncIterator[T]:
    """Enter and leave `part` in a thread: it waits for its own, and these may need the loop."""
    entered = await asyncio.to_thread(part.__enter__)
    try:
        yield entered
    finally:
        await asyncio.to_thread(part.__exit__, None, None, None)
