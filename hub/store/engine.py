"""Opens the database: one connection that writes, a pool of others that only read."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from hub.store.upgrade import upgrade

BUSY_TIMEOUT_MS = 5000
"""How long a connection waits for another's lock; only a backup or a checkpoint holds one."""

READERS = 8
CACHE_KIB = 64 * 1024


@dataclass(frozen=True, slots=True)
class Store:
    """An open database.

    writer: one connection, for the writer thread alone (`hub.pipeline.Writer`).
    reader: WAL connections that see the last commit, never wait for the writer, and cannot write.
    """

    path: Path
    writer: Engine
    reader: Engine

    def close(self) -> None:
        """Close all connections; the writer thread must have ended."""
        self.reader.dispose()
        self.writer.dispose()


def open_store(path: Path) -> Store:
    """Open, and where needed create or migrate, the SQLite database at `path`.

    A file of an older version is copied beside itself before it is migrated. Raises
    `hub.store.upgrade.TooNewError` for a file that a newer hub wrote, and sqlalchemy's
    DatabaseError for one that is not a database.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)
    upgrade(writer, path)
    return Store(path, writer, _engine(path, size=READERS, begin="BEGIN", read_only=True))


def _engine(path: Path, *, size: int, begin: str, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        json_serializer=_compact,
        hide_parameters=True,  # an error's text must not tell what was being stored
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        # pysqlite's own transaction handling skips BEGIN before DDL and SELECT; ours does not.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB // size}")
        if read_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
