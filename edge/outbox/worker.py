"""The outbox's own thread: asyncio never waits for a disk, and many callers share one fsync."""

import asyncio
import queue
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from edge.errors import OutboxClosedError, OutboxError, OutboxFullError
from edge.outbox.database import primary_code
from edge.outbox.entry import LaneView
from edge.outbox.reserve import Reserve
from edge.outbox.store import Store
from wire import Lane

log = structlog.get_logger()

T = TypeVar("T")
MAX_GROUP = 256
"""Jobs that share one transaction at most, so that a burst cannot hold back its first caller."""

DROP_AT_LEAST = 256 * 1024
"""Bytes to drop at once on a full disk, so that not every append has to."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The store as one commit left it."""

    boot: str
    lanes: dict[Lane, LaneView]


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Store], Any]
    lane: Lane  # on whose behalf room may be made
    need: int  # bytes that it adds
    future: asyncio.Future[Any]


class Worker:
    """Runs jobs on the store, a group at a time, each group one transaction.

    after: called on the event loop with what a group's commit left, before its callers go on.
    """

    def __init__(self, store: Store, reserve: Reserve, after: Callable[[Snapshot], None]) -> None:
        self._store = store
        self._reserve = reserve
        self._after = after
        self._loop = asyncio.get_running_loop()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    async def do(self, work: Callable[[Store], T], *, lane: Lane = Lane.LIFE, need: int = 0) -> T:
        """Run `work` in a transaction; when this returns, it is on disk.

        need: bytes that it adds. On a full disk it then waits until others have been dropped for
            it; work that adds nothing to speak of uses the reserve.
        Raises OutboxFullError, OutboxClosedError, OutboxError; nothing is stored then.
        """
        if self._closed:
            raise OutboxClosedError("the outbox is closed")
        future: asyncio.Future[T] = self._loop.create_future()
        self._jobs.put(_Job(work, lane, need, future))
        return await future

    async def close(self) -> None:
        """Finish what was handed in, then end the thread and close the database."""
        if not self._closed:
            self._closed = True
            self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        running = True
        while running:
            group = [self._jobs.get()]
            with suppress(queue.Empty):
                while len(group) < MAX_GROUP:
                    group.append(self._jobs.get_nowait())
            jobs = [job for job in group if job is not None]
            running = len(jobs) == len(group)
            outcomes = self._outcomes(jobs)
            left = Snapshot(self._store.boot, self._store.views())
            self._loop.call_soon_threadsafe(self._deliver, jobs, outcomes, left)
        self._store.connection.close()

    def _outcomes(self, jobs: list[_Job]) -> list[Any]:
        """Results or exceptions, by job; one bad job does not spoil its neighbours'."""
        try:
            return self._transaction(jobs)
        except Exception as error:  # noqa: BLE001  the thread's boundary: the caller gets it
            if len(jobs) > 1:
                return [outcome for job in jobs for outcome in self._outcomes([job])]
            return [self._second_try(jobs[0], error)]

    def _transaction(self, jobs: list[_Job]) -> list[Any]:
        connection = self._store.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            results = [job.work(self._store) for job in jobs]
            self._store.flush()
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._store.reload()
            raise
        return results

    def _second_try(self, job: _Job, error: Exception) -> Any:
        """On a full disk, with the reserve given back: drop what is worth less, and try again."""
        if _is_full(error):
            try:
                with self._reserve.lent(self._store.connection):
                    return self._on_full_disk(job)
            except sqlite3.Error as again:
                error = again
        if _is_full(error):
            return OutboxFullError("no room on the disk")
        if isinstance(error, sqlite3.Error):
            log.error("outbox.database_failed", error=str(error))
            return OutboxError(f"the outbox database failed: {error}")
        return error

    def _on_full_disk(self, job: _Job) -> Any:
        """Drop as long as there is something to drop. Raises sqlite3.Error."""
        while True:
            # Lets the log start over in the file it has, instead of growing.
            self._store.connection.execute("PRAGMA wal_checkpoint(RESTART)")
            if job.need and not self._transaction([_room_for(job)])[0]:
                return OutboxFullError("no room, and nothing of less worth left to drop")
            try:
                return self._transaction([job])[0]
            except sqlite3.Error as error:
                if not (_is_full(error) and job.need):
                    raise

    def _deliver(self, jobs: list[_Job], outcomes: list[Any], left: Snapshot) -> None:
        self._after(left)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if job.future.cancelled():
                continue
            if isinstance(outcome, Exception):
                job.future.set_exception(outcome)
            else:
                job.future.set_result(outcome)


def _room_for(job: _Job) -> _Job:
    def work(store: Store) -> bool:
        return store.make_room(job.lane, max(job.need, DROP_AT_LEAST))

    return _Job(work, job.lane, 0, job.future)


def _is_full(error: Exception) -> bool:
    return isinstance(error, sqlite3.Error) and primary_code(error) == sqlite3.SQLITE_FULL
