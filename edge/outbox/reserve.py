"""Disk space kept back for the moment when there is none."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

log = structlog.get_logger()

_SMALLEST = 64 * 1024


class Reserve:
    """A file beside the database that only takes up room.

    On a full disk not even a deletion fits, for SQLite writes it to its log first: an outbox
    without a reserve could then neither drop telemetry for an event, nor free what the hub has
    acknowledged, and would stay full for good.

    The database must not grow into the reserve. So from the first time that the disk is full it
    may not grow at all, until the whole reserve could be taken back.
    """

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size
        self._held = path.stat().st_size if path.exists() else 0
        self._short = False
        self._limit: int | None = None  # the database's own, while it may not grow

    def hold(self) -> None:
        """Take up the room, or as much of it as there is."""
        size, before = self._size, self._short
        while self._held < size and size >= _SMALLEST:
            if self._allocate(size):
                self._held = size
            size //= 2
        self._short = self._held < self._size
        if self._short and not before:
            log.warning("outbox.reserve_is_short", held=self._held, wanted=self._size)

    @contextmanager
    def lent(self, connection: sqlite3.Connection) -> Iterator[None]:
        """Within it, the log and what it still holds for the database may use the room."""
        if self._limit is None:
            (self._limit,) = connection.execute("PRAGMA max_page_count").fetchone()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages:d}")
        self._path.unlink(missing_ok=True)
        self._held = 0
        try:
            yield
        finally:
            self.hold()
            if self._held >= self._size:
                connection.execute(f"PRAGMA max_page_count = {self._limit:d}")
                self._limit = None

    def _allocate(self, size: int) -> bool:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(handle, 0, size)
        except OSError:
            os.ftruncate(handle, 0)
            return False
        finally:
            os.close(handle)
        return True
