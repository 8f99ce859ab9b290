"""The three doors through which the hub's domain state changes, each one transaction."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import Connection

from hub.pipeline import clock_steps
from hub.pipeline.acts import Act
from hub.pipeline.batch import StreamAck
from hub.pipeline.health import ONLINE
from hub.pipeline.incoming import Incoming
from hub.pipeline.sighting import Sighting
from hub.pipeline.stations import Stations
from hub.pipeline.work import Committed, Work
from hub.pipeline.writer import Priority, Writer
from hub.store.write.commands import UNANSWERED, Step, overdue_commands, step_command
from hub.store.write.counters import Count
from wire import AgentStatus, Lane, SignalValue

T = TypeVar("T")

ANSWER_WITHIN_MS: Final = 10_000
"""A command without a receipt for this long is shown as unanswered (GB 50396: 2 s to act)."""

_KNOWN_TO: Final = "pipeline"
"""Under this name a connection remembers whose memory is as new as what it reads."""

_PRIORITY: Final = {
    Lane.LIFE: Priority.LIFE,
    Lane.EVENT: Priority.EVENT,
    Lane.TELEMETRY: Priority.TELEMETRY,
    Lane.MEDIA: Priority.MEDIA,
}


@dataclass(frozen=True, slots=True)
class AgentHeard:
    """An agent's status. retained: the broker kept it from before."""

    site: str
    agent: str
    status: AgentStatus
    received_at: int
    retained: bool


def _nothing() -> None:
    return None


class Pipeline:
    """All methods may be called from any thread; each future is done after its commit.

    stations: what a transaction passes through; see `make_stations`.
    committed: told after each commit, in the writer's thread: it must not block or raise.
    A future that fails with a database error has changed nothing; try again later.
    """

    def __init__(
        self, writer: Writer, stations: Stations, committed: Callable[[Committed], None]
    ) -> None:
        self._writer = writer
        self._committed = committed
        self._registry = stations.registry
        self._telemetry = stations.telemetry
        self._streams = stations.streams
        self._health = stations.health
        self._rules = stations.rules
        self._handling = stations.handling
        self._alerting = stations.alerting
        self._timers = stations.timers
        self._timing = stations.timing
        self._patrolling = stations.patrolling
        self._switching = stations.switching
        self._watching = stations.watching
        self._acting = stations.acting

    def handle(self, batch: Sequence[Incoming], now: int) -> Future[list[StreamAck]]:
        """Take messages in; what is answered is durable. Never fails for what they contain."""
        return self._step(_priority(batch), now, lambda work: self._handling.run(work, batch))

    def sighted(self, sightings: Sequence[Sighting], now: int) -> Future[None]:
        """Take in what the hub's own detector made of frames."""
        return self._step(Priority.LIFE, now, lambda work: self._handling.sighted(work, sightings))

    def felt(self, signals: Mapping[str, SignalValue], now: int) -> Future[None]:
        """Take in what the hub measured of itself."""
        return self._step(Priority.EVENT, now, lambda work: self._handling.felt(work, signals))

    def heard(self, heard: AgentHeard, now: int) -> Future[None]:
        """Take an agent's status in."""
        return self._step(Priority.EVENT, now, lambda work: self._status(work, heard))

    def wake(self, now: int) -> Future[int | None]:
        """Begin; once at the start, before time passes.

        The ms since the hub last wrote down the time; None for a new store, below 0 for a clock
        that was set back.
        """
        return self._step(Priority.LIFE, now, self._wake)

    def tick(self, now: int) -> Future[int]:
        """Let time pass up to `now`; how many rule states it moved."""
        return self._step(Priority.LIFE, now, self._tick)

    def act(
        self,
        act: Act,
        now: int,
        *,
        also: Callable[[Connection], None] | None = None,
        priority: Priority = Priority.PEOPLE,
    ) -> Future[str]:
        """Do what a person asks; the id of the alert or case (for `open-case`, the case).

        also: written in the same transaction, such as the audit trail's entry. Fails with
        NotFoundError, ConflictError, NotAllowedError or BadRequestError.
        """

        def run(work: Work) -> str:
            if also is not None:
                also(work.connection)
            return self._acting.run(work, act)

        return self._do(priority, now, run)

    def order(
        self, site: str, device: str, action: str, now: int, body: Callable[[Work], T]
    ) -> Future[T]:
        """Record what a person orders a device to do, and tell the rules to which it matters.

        body: writes the order; when it raises, nothing has happened.
        """

        def run(work: Work) -> T:
            result = body(work)
            subject = self._registry.device(site, device)
            if subject is not None:
                for finding in self._rules.ordered(work, subject, action):
                    self._alerting.apply(work, site, finding)
            return result

        return self._step(Priority.PEOPLE, now, run)

    def write(self, priority: Priority, now: int, body: Callable[[Work], T]) -> Future[T]:
        """A service's own write, together with the change feed's rows that tell of it."""
        return self._do(priority, now, body)

    def _step(self, priority: Priority, now: int, body: Callable[[Work], T]) -> Future[T]:
        """Do what steps rules, streams and health, which are kept in memory between calls."""

        def run(work: Work) -> T:
            result = body(work)
            self._rules.save(work)
            self._health.save(work)
            return result

        return self._do(priority, now, run, rolled_back=self._forget)

    def _do(
        self,
        priority: Priority,
        now: int,
        body: Callable[[Work], T],
        *,
        rolled_back: Callable[[], None] = _nothing,
    ) -> Future[T]:
        done: list[Committed] = []

        def run(connection: Connection) -> T:
            if connection.info.get(_KNOWN_TO) is not self:
                # A new connection: while there was none, another process may have written.
                self._forget()
                connection.info[_KNOWN_TO] = self
            work = Work(connection, now)
            result = body(work)
            done.append(work.finish())
            return result

        def settled(committed: bool) -> None:  # noqa: FBT001 - the writer's one argument
            if committed:
                self._committed(done[0])
            else:
                rolled_back()

        return self._writer.submit(priority, run, settled=settled)

    def _forget(self) -> None:
        self._streams.forget()
        self._health.forget()
        self._rules.forget()
        self._watching.forget()
        self._telemetry.forget()

    def _status(self, work: Work, heard: AgentHeard) -> None:
        agent = self._registry.agent(heard.site, heard.agent)
        if agent is None:
            work.count(heard.site, Count.UNKNOWN_AGENT)
            return
        self._health.status(work, agent, heard.status, heard.received_at, retained=heard.retained)
        # A retained `online` may be older than the hub's own absence: only a new one is a sign.
        if not (heard.retained and heard.status.state == ONLINE):
            status = heard.status
            run = status.run or status.boot
            self._handling.alive(work, agent, status.state, heard.received_at, run)

    def _wake(self, work: Work) -> int | None:
        known = clock_steps.known_until(work.connection)
        clock_steps.follow(work.connection, work.now)
        self._rules.wake(work)
        return None if known is None else work.now - known

    def _tick(self, work: Work) -> int:
        work.passed = work.now
        for site, finding in self._rules.tick(work):
            self._alerting.apply(work, site, finding)
        for part in (self._switching, self._timers, self._timing, self._patrolling):
            work.settle()  # each reads what those before it wrote
            part.run(work)
        for site, command in overdue_commands(work.connection, work.now - ANSWER_WITHIN_MS):
            step = Step(UNANSWERED, work.now, work.now, "no receipt came")
            stepped = step_command(work.connection, command, step, site=site)
            if stepped is not None:
                work.changed(site, "command", command, stepped.version)
        return self._rules.touched


def _priority(batch: Sequence[Incoming]) -> Priority:
    lanes = [message.header.lane for message in batch if message.header is not None]
    return min((_PRIORITY[lane] for lane in lanes), default=Priority.MEDIA)
