"""The one thread that writes: jobs in order of importance, each in its own transaction."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, Self, TypeVar

import structlog
from sqlalchemy import Connection, Engine

from hub.errors import UnavailableError

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Priority(IntEnum):
    """What goes first when the writer is busy."""

    PEOPLE = 0
    LIFE = 1
    EVENT = 2
    TELEMETRY = 3
    MEDIA = 4
    HOUSEKEEPING = 5


CAPACITY: Final = 1000
"""Jobs that may wait in each priority; one more is refused."""


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[Connection], Any]
    future: Future[Any]
    settled: Callable[[bool], None] | None


class Writer:
    """A context manager; its thread runs between `__enter__` and `__exit__`.

    Leaving finishes what waits, then ends the thread.
    """

    def __init__(self, engine: Engine, *, capacity: int = CAPACITY) -> None:
        self._engine = engine
        self._capacity = capacity
        self._waiting: dict[Priority, deque[_Job]] = {priority: deque() for priority in Priority}
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="hub-writer", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Finish the jobs that wait and end the thread. May be called twice."""
        with self._wake:
            self._closing = True
            self._wake.notify_all()
        self._thread.join()

    def submit(
        self,
        priority: Priority,
        work: Callable[[Connection], T],
        *,
        settled: Callable[[bool], None] | None = None,
    ) -> Future[T]:
        """Run `work` in a transaction of its own; the future is done after the commit.

        settled: called in the writer's thread right after the transaction, before the next job
            and before the future: True when it was committed. It must not raise.
        The future carries what `work`, or the commit, raised; nothing was written then. Raises
        UnavailableError when too many jobs wait, or the writer has been closed.
        """
        future: Future[T] = Future()
        with self._wake:
            waiting = self._waiting[priority]
            if self._closing:
                raise UnavailableError("the hub is stopping", code="stopping")
            if len(waiting) >= self._capacity:
                raise UnavailableError("too many writes are waiting", code="busy")
            waiting.append(_Job(work, future, settled))
            self._wake.notify_all()
        return future

    def backlog(self) -> int:
        """Jobs that wait."""
        with self._wake:
            return sum(len(waiting) for waiting in self._waiting.values())

    def _run(self) -> None:
        while (job := self._next()) is not None:
            if not job.future.set_running_or_notify_cancel():
                continue
            self._do(job)

    def _next(self) -> _Job | None:
        with self._wake:
            while True:
                for priority in Priority:
                    if self._waiting[priority]:
                        return self._waiting[priority].popleft()
                if self._closing:
                    return None
                self._wake.wait()

    def _do(self, job: _Job) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                result = job.work(connection)
        except BaseException as error:  # noqa: BLE001 - handed on: the future's owner judges it
            _settle(job, committed=False)
            job.future.set_exception(error)
        else:
            _settle(job, committed=True)
            job.future.set_result(result)


def _settle(job: _Job, *, committed: bool) -> None:
    if job.settled is None:
        return
    try:
        job.settled(committed)
    except Exception:  # the thread must live: one listener's bug must not stop all writing
        log.exception("writer.listener_failed")
