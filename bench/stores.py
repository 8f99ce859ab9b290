"""The databases that `bench.storage` measures: each new, of its own, and gone afterwards."""

import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, make_url, text

from hub.database import partitions
from hub.database.partitions import PASSAGE, POINT, Month
from hub.store import Store, open_store
from simulators.postgresql import PostgreSQL

T = TypeVar("T")

MONTHS: Final = 5
"""Of partitions, so that what is stored lies where it would after months."""


@dataclass(frozen=True, slots=True)
class Measured:
    """An open store. folder: of all its files. size: bytes of a table, its indexes included."""

    name: str
    store: Store
    folder: Path
    size: Callable[[str], int]

    @property
    def is_sqlite(self) -> bool:
        """Or else PostgreSQL."""
        return self.name == "sqlite"

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do it in a transaction of the writer's."""
        with self.store.writer.connect() as connection, connection.begin():
            return work(connection)

    def settle(self, table: str) -> None:
        """After a table was filled at once: what PostgreSQL's autovacuum does in time."""
        if not self.is_sqlite:
            engine = self.store.writer.execution_options(isolation_level="AUTOCOMMIT")
            with engine.connect() as connection:
                connection.execute(text(f"VACUUM (ANALYZE) {table}"))
                connection.execute(text("CHECKPOINT"))

    def chill(self) -> None:
        """Leave nothing of it in the system's memory (PostgreSQL's own 64 MB stay)."""
        self.store.reader.dispose()
        if self.is_sqlite:
            _checkpoint(self.folder)
        for file in self.folder.rglob("*"):
            if file.is_file():
                handle = os.open(file, os.O_RDONLY)
                try:
                    os.fsync(handle)
                    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(handle)


@contextmanager
def a_sqlite(_end: int) -> Iterator[Measured]:
    """A file in the folder for temporary ones."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        store = open_store(folder / "hub.db")

        def size(_table: str) -> int:
            _checkpoint(folder)
            return (folder / "hub.db").stat().st_size

        try:
            yield Measured("sqlite", store, folder, size)
        finally:
            store.close()


@contextmanager
def a_postgresql(end: int) -> Iterator[Measured]:
    """A server with its defaults but for 64 MB of shared buffers. end: of what is stored, ms."""
    with PostgreSQL(durable=True) as server:
        server.create("hub")
        store = open_store(make_url(server.url("hub")))
        made = Measured("postgresql", store, server.folder, lambda table: _weight(store, table))
        months = [Month.of(end).plus(-more) for more in range(MONTHS)]
        for table in (PASSAGE, POINT):
            made.write(lambda connection, one=table: partitions.make(connection, one, months))
        try:
            yield made
        finally:
            store.close()


def _checkpoint(folder: Path) -> None:
    connection = sqlite3.connect(folder / "hub.db")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _weight(store: Store, table: str) -> int:
    query = (
        "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(CAST(:table AS regclass))"
    )
    with store.reader.connect() as connection:
        return int(connection.scalar(text(query), {"table": table}) or 0)
