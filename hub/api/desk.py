"""How the API reads and writes rows of its own: in threads, never on the event loop."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import anyio
import anyio.to_thread
from sqlalchemy import Connection, Engine

from hub.pipeline.writer import Priority, Writer

T = TypeVar("T")

READING_AT_ONCE: Final = 8
"""As many as the store has reading connections; a request beyond waits here, not in the pool."""


class Desk:
    """Reads see the last commit; writes go through the hub's one writer, ahead of all data."""

    def __init__(
        self,
        reader: Engine,
        writer: Writer,
        *,
        priority: Priority = Priority.PEOPLE,
        at_once: int = READING_AT_ONCE,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._priority = priority
        self._limit = anyio.CapacityLimiter(at_once)

    async def read(self, query: Callable[[Connection], T]) -> T:
        """Run `query` in one read transaction: it sees one moment of the store."""
        return await anyio.to_thread.run_sync(self._read, query, limiter=self._limit)

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction of its own; returns after the commit."""
        return await asyncio.wrap_future(self._writer.submit(self._priority, work))

    def _read(self, query: Callable[[Connection], T]) -> T:
        with self._reader.connect() as connection, connection.begin():
            return query(connection)
