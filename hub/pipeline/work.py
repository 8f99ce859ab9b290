"""One transaction's unfinished business: what it changed, counted and read."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from hub.alerts import Point, Traffic
from hub.alerts.modes import Switch
from hub.database.prepared import Later
from hub.rules import Wish
from hub.store.write.alarm_points import Key as AlarmKey
from hub.store.write.alarm_points import save_points
from hub.store.write.annunciations import count_grouped
from hub.store.write.cases import draw_more
from hub.store.write.changes import Ref, append_changes
from hub.store.write.counters import Count, add_counts
from hub.store.write.dead_letters import DeadLetter, insert_dead_letters
from hub.store.write.rule_states import Key
from wire.media import Frame


class LiveReading(NamedTuple):
    """A device's latest readings after a commit; no sensitive signal.

    signals: {name: {"value": …, "at": ms}}.
    """

    site: str
    device: str
    signals: Mapping[str, Mapping[str, Any]]
    received_at: int


@dataclass(frozen=True, slots=True)
class SeenFrame:
    """A camera's picture after the commit of its envelope. at, received_at: hub clock, ms.

    place: its stream's id and its number there, which no other picture has.
    """

    site: str
    at: int
    received_at: int
    frame: Frame
    place: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Committed:
    """What the world is told after a commit: whose feeds grew, what was read, what was seen.

    wishes: of every rule that was stepped and may have some, by (site, rule, subject).
    due_at: when the first of the timers that it set has something to do, ms.
    """

    sites: frozenset[str]
    readings: tuple[LiveReading, ...]
    frames: tuple[SeenFrame, ...] = ()
    wishes: Mapping[Key, tuple[Wish, ...]] = field(default_factory=dict)
    due_at: int | None = None


@dataclass(slots=True)
class Work:
    """Collected while a transaction runs, written by `finish` at its end. now: hub clock, ms.

    modes: in force at a site, once they were read. traffic: of a desk of late, likewise.
    later, points, grouped: what `settle` writes together: new alerts, new cases, histories;
        alarms' points as they are now; and how many more alarms were told as part of a flood.
    begun: alarms of which a new alert waits for that.
    numbers: of cases, by (site, day): the last that was drawn. drawn: how many of these the store
        does not know of yet. due_at: of the first timer that it has set. passed: the time that
        it lets pass; a timer that is due by then was served, and brings no next tick forward.
    """

    connection: Connection
    now: int
    changes: dict[Ref, int] = field(default_factory=dict)
    counts: Counter[tuple[str, Count]] = field(default_factory=Counter)
    letters: list[DeadLetter] = field(default_factory=list)
    readings: dict[tuple[str, str], LiveReading] = field(default_factory=dict)
    frames: list[SeenFrame] = field(default_factory=list)
    wishes: dict[Key, tuple[Wish, ...]] = field(default_factory=dict)
    modes: dict[str, list[Switch]] = field(default_factory=dict)
    traffic: dict[str, Traffic] = field(default_factory=dict)
    later: Later = field(default_factory=Later)
    begun: set[AlarmKey] = field(default_factory=set)
    points: dict[AlarmKey, Point] = field(default_factory=dict)
    grouped: Counter[str] = field(default_factory=Counter)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    drawn: Counter[tuple[str, str]] = field(default_factory=Counter)
    due_at: int | None = None
    passed: int | None = None

    def changed(self, site: str, kind: str, ref: str, version: int) -> None:
        """Announce the thing in its site's feed: once, however often it changed."""
        self.changes.pop((site, kind, ref), None)
        self.changes[site, kind, ref] = version

    def count(self, site: str, name: Count, more: int = 1) -> None:
        """Add to a counter of the site."""
        if more:
            self.counts[site, name] += more

    def timer(self, due_at: int | None) -> None:
        """A timer was set; None for one that was put off for good."""
        if due_at is None or (self.passed is not None and due_at <= self.passed):
            return
        if self.due_at is None or due_at < self.due_at:
            self.due_at = due_at

    def settled(self) -> Connection:
        """The connection, for a query that has to see all that the transaction did so far."""
        self.settle()
        return self.connection

    def settle(self) -> None:
        """Write what was put off."""
        for point in self.points.values():
            self.timer(point.due_at)
        self.later.write(self.connection)
        save_points(self.connection, self.points)
        count_grouped(self.connection, self.grouped)
        for (site, day), more in self.drawn.items():
            draw_more(self.connection, site, day, more)
        for known in (self.points, self.grouped, self.drawn, self.begun):
            known.clear()

    def finish(self) -> Committed:
        """Write it all; tell what to announce once the transaction is committed."""
        self.settle()
        insert_dead_letters(self.connection, self.letters)
        append_changes(self.connection, self.changes, self.now)
        add_counts(self.connection, self.counts)
        sites = frozenset(site for site, _, _ in self.changes)
        return Committed(
            sites, tuple(self.readings.values()), tuple(self.frames), self.wishes, self.due_at
        )
