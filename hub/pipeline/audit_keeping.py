"""Signs the audit trail from time to time, and removes what has been kept long enough."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.access.checkpoints import Checkpoint, Signer
from hub.errors import UnavailableError
from hub.pipeline.writer import Priority, Writer
from hub.store.people.chains import all_chains, remove_beginning, tip_of
from hub.store.people.checkpoint_files import append_checkpoints

log = structlog.get_logger(__name__)

DAY_MS: Final = 24 * 3_600_000
SWEEP_S: Final = 3600.0
PAUSE_S: Final = 0.05


@dataclass(slots=True)
class AuditKeeping:
    """folder: where checkpoints are written, off this machine at best. days: that acts are kept.

    now: hub clock, ms.
    """

    reader: Engine
    writer: Writer
    signer: Signer
    folder: Path
    days: int
    now: Callable[[], int]
    _told: dict[str, int] = field(default_factory=dict)

    async def sign(self, period_s: float) -> None:
        """Write checkpoints of what has grown, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.sign_once)
            except (DBAPIError, OSError) as error:
                log.warning("audit.checkpoint_failed", error=type(error).__name__)
            await asyncio.sleep(period_s)

    def sign_once(self) -> list[Checkpoint]:
        """One round; the checkpoints that were written."""
        with self.reader.connect() as connection, connection.begin():
            found = checkpoints(connection, self.signer, self.now())
        fresh = [one for one in found if self._told.get(one.chain) != one.upto]
        append_checkpoints(self.folder, fresh, time.gmtime(self.now() / 1000))
        self._told |= {one.chain: one.upto for one in fresh}
        return fresh

    async def forget(self, period_s: float = SWEEP_S) -> None:
        """Remove what is too old, until cancelled."""
        while True:
            try:
                await self.forget_once()
            except (DBAPIError, UnavailableError) as error:
                log.warning("audit.not_removed", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def forget_once(self) -> int:
        """One round; how many entries were removed."""
        total = 0
        for chain in await asyncio.to_thread(self._chains):
            work = partial(self._remove, chain)
            while removed := await asyncio.wrap_future(
                self.writer.submit(Priority.HOUSEKEEPING, work)
            ):
                total += removed
                await asyncio.sleep(PAUSE_S)
        if total:
            log.info("audit.removed", entries=total)
        return total

    def _chains(self) -> list[str]:
        with self.reader.connect() as connection, connection.begin():
            return all_chains(connection)

    def _remove(self, chain: str, connection: Connection) -> int:
        now = self.now()
        before = now - self.days * DAY_MS
        return remove_beginning(connection, chain, before=before, now=now, sign=self.signer.sign)


def checkpoints(reader: Connection, signer: Signer, now: int) -> list[Checkpoint]:
    """A signed checkpoint of each chain, as it is now."""
    tips = (tip_of(reader, chain, now) for chain in all_chains(reader))
    return [signer.sign(one) for one in tips if one is not None]
