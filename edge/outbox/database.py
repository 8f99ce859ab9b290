"""The outbox's SQLite file: schema, durability settings, and what happens to a broken one."""

import secrets
import sqlite3
import time
from pathlib import Path
from typing import Final

import structlog

from edge.errors import OutboxError
from wire import Lane

log = structlog.get_logger()

_BROKEN: Final = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_PRIMARY_CODE = 0xFF
"""Extended SQLite result codes keep the primary code in their low byte."""

_DURABILITY: Final = """
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 250;
"""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS lane (
    lane TEXT PRIMARY KEY, head INTEGER NOT NULL, dropped INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS envelope (
    id INTEGER PRIMARY KEY,
    lane TEXT NOT NULL,
    seq INTEGER NOT NULL,
    type TEXT NOT NULL,
    count INTEGER NOT NULL,
    size INTEGER NOT NULL,
    body BLOB NOT NULL,
    UNIQUE (lane, seq)
) STRICT;
CREATE TABLE IF NOT EXISTS record (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    device TEXT NOT NULL,
    source_id TEXT NOT NULL,
    UNIQUE (device, source_id)
) STRICT;
CREATE TABLE IF NOT EXISTS executed (
    id INTEGER PRIMARY KEY AUTOINCREMENT, command TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE IF NOT EXISTS lease (
    device TEXT PRIMARY KEY, command TEXT NOT NULL, action TEXT NOT NULL
) STRICT;
"""


def open_database(path: Path) -> sqlite3.Connection:
    """Open the database, or make it; a corrupt one is set aside, never overwritten.

    Transactions are the caller's (autocommit mode). Raises OutboxError when another process has
    the file, or when it cannot be opened at all.
    """
    try:
        return _open(path)
    except sqlite3.DatabaseError as error:
        if primary_code(error) not in _BROKEN:
            raise OutboxError(f"{path}: {error}") from error
    _set_aside(path)
    try:
        return _open(path)
    except sqlite3.DatabaseError as error:
        raise OutboxError(f"{path}: {error}") from error


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code, 0 when the error has none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & _PRIMARY_CODE


def draw_boot() -> str:
    """A boot id: 16 random hex digits."""
    return secrets.token_hex(8)


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)  # its log takes the same mode; card numbers are in there
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
    try:
        connection.executescript(_DURABILITY)
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            broken = sqlite3.DatabaseError(found)
            broken.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise broken
        connection.executescript(_SCHEMA)
        _seed(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _seed(connection: sqlite3.Connection) -> None:
    """Boot id and lanes of a new database; nothing in an old one."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT OR IGNORE INTO meta VALUES ('boot', ?)", (draw_boot(),))
    lanes = [(str(lane),) for lane in Lane]
    connection.executemany("INSERT OR IGNORE INTO lane VALUES (?, 0, 0)", lanes)
    connection.execute("COMMIT")


def _set_aside(path: Path) -> None:
    stamp = time.time_ns() // 1_000_000
    for suffix in ("", "-wal", "-shm"):
        part = Path(f"{path}{suffix}")
        if part.exists():
            part.rename(f"{path}.corrupt-{stamp}{suffix}")
    log.error("outbox.corrupt_database_set_aside", path=f"{path}.corrupt-{stamp}")
