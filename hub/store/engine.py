"""Opens the database: one connection that writes, a pool of others that only read."""

import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Engine

from hub.database import partitions, postgres, sqlite
from hub.database.partitions import PASSAGE, POINT
from hub.store.upgrade import upgrade


@dataclass(frozen=True, slots=True)
class Store:
    """An open database.

    where: the file of SQLite, or the address of PostgreSQL; its `str` shows no password.
    writer: one connection, for the writer thread alone (`hub.pipeline.Writer`).
    reader: connections that see the last commit, never wait for the writer, and cannot write.
    """

    where: Path | URL
    writer: Engine
    reader: Engine

    def close(self) -> None:
        """Close all connections; the writer thread must have ended."""
        self.reader.dispose()
        self.writer.dispose()


def open_store(where: Path | URL, *, alone: bool = True) -> Store:
    """Open, and where needed create or migrate, the database at `where`.

    alone: this is the hub that takes data in; on PostgreSQL others may open the same database
        with False, to read and to act for people, once it is migrated. SQLite has one hub.
    A SQLite file of an older version is copied beside itself before it is migrated. Raises
    `hub.store.upgrade.TooNewError` for a database that a newer hub wrote,
    `hub.database.postgres.DatabaseError` for one that cannot be used, and sqlalchemy's
    DatabaseError for a file that is not a database.
    """
    if isinstance(where, Path):
        return _open_file(where)
    writer = postgres.writing(where, alone=alone)
    try:
        postgres.wait_for(writer)
        if alone:
            upgrade(writer, where)
            _make_room(writer)
    except BaseException:
        writer.dispose()
        raise
    return Store(where, writer, postgres.reading(where))


def _open_file(path: Path) -> Store:
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = sqlite.writing(path)
    upgrade(writer, path)
    return Store(path, writer, sqlite.reading(path))


def _make_room(writer: Engine) -> None:
    """Partitions for today; a running hub makes the next ones in time."""
    now = time.time_ns() // 1_000_000
    with writer.connect() as connection, connection.begin():
        for table in (PASSAGE, POINT):
            partitions.ensure(connection, table, now)
