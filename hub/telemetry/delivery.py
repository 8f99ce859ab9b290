"""The one thread that brings what is spooled to the server; nothing else ever waits for it."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, Self

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.telemetry.lines import PROBE, device_of
from hub.telemetry.server import AwayError, RefusedError, Server
from hub.telemetry.spool import Parcel, Spool, waiting

log = structlog.get_logger(__name__)

BATCH: Final = 5_000
"""Points in one request: about 350 kB of lines."""

_LOCAL_S: Final = 30.0
"""How long the hub's own writer may take before the work is tried again."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A point that the server does not take, however often it is sent. size: of its line, bytes."""

    site: str
    device: str
    why: str
    size: int


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: between looks for more, and between tries, which double up to `longest_s`."""

    idle_s: float = 0.5
    first_s: float = 0.5
    longest_s: float = 30.0


@dataclass(frozen=True, slots=True)
class _Sent:
    """Confirmed by the server's process `life` at `at` (monotonic), and not yet safe there."""

    ids: tuple[int, ...]
    at: float
    life: str


Submit = Callable[[Callable[[Connection], None]], Future[None]]
"""Runs work in a transaction of the hub's one writer."""

SetAside = Callable[[Connection, Sequence[Refused]], None]
"""Records and counts points that were refused."""


class Delivery:
    """A context manager; its thread runs between `__enter__` and `__exit__`.

    A parcel leaves the spool once the server has confirmed it and has since lived long enough to
    have it on its disk. When it was started anew meanwhile, all that was not safe is sent again.
    """

    def __init__(
        self,
        server: Server,
        spool: Spool,
        *,
        reader: Engine,
        submit: Submit,
        set_aside: SetAside,
        pace: Pace | None = None,
    ) -> None:
        self._server = server
        self._spool = spool
        self._reader = reader
        self._submit = submit
        self._set_aside = set_aside
        self._pace = pace or Pace()
        self._after = {True: 0, False: 0}
        self._sent: deque[_Sent] = deque()
        self._life: str | None = None
        self._tries = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hub-telemetry", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the thread, after the request that it is in; what is left is spooled."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                pause_s = 0.0 if self._step() else self._pace.idle_s
            except AwayError as error:
                pause_s = self._away(error.why, error.retry_after_s)
            except (DBAPIError, UnavailableError, TimeoutError) as error:
                pause_s = self._away(f"was not asked: {type(error).__name__} here", None)
            except Exception as error:  # noqa: BLE001 - the thread's end would end all delivery
                log.error("telemetry.delivery_failed", error=type(error).__name__)  # noqa: TRY400
                pause_s = self._pace.longest_s
            if pause_s:
                self._closing.wait(pause_s)

    def _step(self) -> bool:
        """Deliver what comes next; False when nothing waits."""
        self._settle()
        parcels = self._next()
        if not parcels:
            return False
        if self._life is None:
            self._life = self._server.life()
        self._deliver(parcels)
        self._back()
        urgent, last = parcels[-1].urgent, parcels[-1].id
        self._after[urgent] = self._spool.delivered[urgent] = last
        ids = tuple(one.id for one in parcels)
        self._sent.append(_Sent(ids, time.monotonic(), self._life))
        return True

    def _next(self) -> list[Parcel]:
        with self._reader.connect() as connection, connection.begin():
            for urgent in (True, False):
                found = waiting(connection, urgent=urgent, after=self._after[urgent], points=BATCH)
                if found:
                    return found
        return []

    def _deliver(self, parcels: Sequence[Parcel]) -> None:
        lines = [(parcel, line) for parcel in parcels for line in parcel.lines]
        refused = _written(self._server, lines)
        if refused:
            self._give_up(parcels, refused)

    def _give_up(
        self, parcels: Sequence[Parcel], refused: Sequence[tuple[Parcel, bytes, str]]
    ) -> None:
        """Set points aside, and take them out of their parcels, in one transaction."""
        bad = {(parcel.id, line) for parcel, line, _ in refused}

        def work(connection: Connection) -> None:
            for parcel in parcels:
                kept = [line for line in parcel.lines if (parcel.id, line) not in bad]
                if len(kept) < len(parcel.lines) and self._spool.replace(connection, parcel, kept):
                    mine = [(line, why) for one, line, why in refused if one is parcel]
                    self._set_aside(
                        connection,
                        [
                            Refused(parcel.site, device_of(line), why, len(line))
                            for line, why in mine
                        ],
                    )

        self._submit(work).result(_LOCAL_S)

    def _settle(self) -> None:
        """Remove what is safe by now; begin again when it may have been lost."""
        due = time.monotonic() - self._server.settle_s
        if not self._sent or (self._sent[0].at > due and not self._tries):
            return
        life = self._server.life()
        if any(one.life != life for one in self._sent):
            log.warning("telemetry.server_started_anew", batches=len(self._sent))
            self._sent.clear()
            self._after = {True: 0, False: 0}
            self._spool.delivered.update(self._after)
            self._life = life
            return
        safe = [one for one in self._sent if one.at <= due]
        if not safe:
            return
        ids = [key for one in safe for key in one.ids]
        self._submit(lambda connection: self._spool.remove(connection, ids)).result(_LOCAL_S)
        for _ in safe:
            self._sent.popleft()

    def _away(self, why: str, retry_after_s: float | None) -> float:
        self._tries += 1
        if self._tries == 1:
            log.warning("telemetry.server_away", why=why)
        doubled = self._pace.first_s * float(1 << min(self._tries - 1, 16))
        slept = min(self._pace.longest_s, doubled)
        jittered = slept * random.uniform(0.5, 1.0)  # noqa: S311 - spreads tries, hides nothing
        return max(jittered, min(retry_after_s or 0.0, 10 * self._pace.longest_s))

    def _back(self) -> None:
        if self._tries:
            log.info("telemetry.server_back", tries=self._tries)
        self._tries = 0


def _written(
    server: Server, lines: Sequence[tuple[Parcel, bytes]], *, sound: bool = False
) -> list[tuple[Parcel, bytes, str]]:
    """Write all lines but those that are refused one by one, which are returned.

    sound: the server is known to take what is right. One that refuses even that is at fault
    itself, and no point is given up. Raises AwayError.
    """
    try:
        server.write(b"\n".join(line for _, line in lines))
    except RefusedError as error:
        if not sound:
            _probe(server)
        if len(lines) == 1:
            return [(*lines[0], error.why)]
        middle = len(lines) // 2
        first = _written(server, lines[:middle], sound=True)
        return first + _written(server, lines[middle:], sound=True)
    return []


def _probe(server: Server) -> None:
    try:
        server.write(PROBE + str(time.time_ns() // 1_000_000).encode())
    except RefusedError as error:
        raise AwayError(f"takes nothing at all ({error.why})") from None
