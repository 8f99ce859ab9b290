"""Removes evidence that has been kept long enough: first its record says so, then the file goes."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.evidence import EvidenceStore
from hub.pipeline.writer import Priority, Writer
from hub.store.write.evidence_retention import (
    Gone,
    KeepEvidence,
    end_waiting,
    forget,
    is_coming,
    make_room,
    remove_aged,
)

log = structlog.get_logger(__name__)

T = TypeVar("T")

SWEEP_S: Final = 60.0
UNFINISHED_S: Final = 24 * 3600.0
"""An upload that has not grown for a day begins anew."""


class EvidenceKeeping:
    """now: hub clock, ms."""

    def __init__(
        self,
        *,
        writer: Writer,
        reader: Engine,
        store: EvidenceStore,
        keep: KeepEvidence,
        now: Callable[[], int],
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._store = store
        self._keep = keep
        self._now = now

    async def run(self, period_s: float = SWEEP_S) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except (DBAPIError, UnavailableError, OSError) as error:
                log.warning("evidence_keeping.failed", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def sweep(self) -> int:
        """Remove all that is due; how many files went."""
        removed = 0
        for pick in (remove_aged, make_room):
            while gone := await self._pick(pick):
                await asyncio.to_thread(self._delete, gone)
                removed += len(gone)
        await self._write(lambda connection: end_waiting(connection, self._now()))
        await self._write(lambda connection: forget(connection, self._keep, self._now()))
        await asyncio.to_thread(self._store.clean, self._wanted, UNFINISHED_S)
        if removed:
            log.info("evidence_keeping.removed", files=removed)
        return removed

    async def _pick(
        self, pick: Callable[[Connection, KeepEvidence, int], list[Gone]]
    ) -> list[Gone]:
        return await self._write(lambda connection: pick(connection, self._keep, self._now()))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._writer.submit(Priority.HOUSEKEEPING, work))

    def _delete(self, gone: list[Gone]) -> None:
        for one in gone:
            self._store.remove(one.site, one.sha256)

    def _wanted(self, site: str, sha256: str) -> bool:
        with self._reader.connect() as connection, connection.begin():
            return is_coming(connection, site, sha256)
