"""SQLite: one connection that writes, a pool of others that only read."""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from hub.database.jsontext import compact

BUSY_TIMEOUT_MS: Final = 5000
"""How long a connection waits for another's lock; only a backup or a checkpoint holds one."""

READERS: Final = 8
CACHE_KIB: Final = 64 * 1024


def writing(path: Path) -> Engine:
    """The one connection that writes."""
    return _engine(path, size=1, begin="BEGIN IMMEDIATE", read_only=False)


def reading(path: Path) -> Engine:
    """WAL connections that see the last commit, never wait for the writer, and cannot write."""
    return _engine(path, size=READERS, begin="BEGIN", read_only=True)


def copy(path: Path, target: Path) -> None:
    """Copy a database, in use or not, as of one moment; what its write-ahead log holds comes along.

    `target` is there whole, for this user alone, or not at all.
    """
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    source = sqlite3.connect(path)
    made = sqlite3.connect(part)
    try:
        source.backup(made)
    finally:
        made.close()
        source.close()
    part.chmod(0o600)
    part.replace(target)


def _engine(path: Path, *, size: int, begin: str, read_only: bool) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        json_serializer=compact,
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
