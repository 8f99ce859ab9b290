"""Lists of residents that people bring: one at a time, in a thread of its own."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine

from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.households import Households
from hub.errors import UnavailableError
from hub.households.columns import words_of
from hub.pipeline.writer import Priority, Writer
from hub.store.households.importing import Importer, ListMode, Outcome
from hub.store.people.trail import append_act

_WRITTEN_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class ResidentsLists:
    """now: hub clock, ms."""

    households: Households
    directory: Directory
    reader: Engine
    writer: Writer
    now: Callable[[], int]
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def take(self, site: str, data: bytes, mode: ListMode, by: Actor) -> Outcome:
        """Take a file in, or try it. Raises BadListError, UnavailableError, ConflictError."""
        if self._one.locked():
            raise UnavailableError("another list is being taken in; wait a moment", code="busy")
        async with self._one:
            importer = self._importer(site, data, by)
            return await asyncio.to_thread(importer.run, data, mode)

    def _importer(self, site: str, data: bytes, by: Actor) -> Importer:
        sha256 = hashlib.sha256(data).hexdigest()

        def record(connection: Connection, outcome: Outcome) -> None:
            trail = self.households.trail
            detail = {"sha256": sha256, **outcome.counts}
            append_act(connection, trail.act(by, site, "household.import", site, **detail))

        return Importer(
            site=site,
            buildings=words_of(self.directory.sites[site].buildings),
            tags=words_of(self.directory.tags.values()),
            sealing=self.households.sealing(site),
            utc_offset=self.directory.org.roster.utc_offset,
            reader=self.reader,
            write=self._write,
            record=record,
            now=self.now,
        )

    def _write(self, work: Callable[[Connection], int]) -> int:
        """Behind all that comes in: a list may wait."""
        return self.writer.submit(Priority.MEDIA, work).result(_WRITTEN_WITHIN_S)
