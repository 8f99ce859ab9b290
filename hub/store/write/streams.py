"""What is durable of each (site, agent, boot, lane): the guard against taking anything twice."""

from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select, update

from hub.database.jsontext import compact
from hub.database.prepared import Prepared
from hub.store.schema import stream
from wire import SeqSet

MAX_HELD: Final = 1024
"""Gaps that are remembered per stream. An agent that leaves more is told nothing until the lower
ones close; it sends again, so nothing is lost, and a hostile one cannot fill the row."""

Key = tuple[str, str, str, str]
"""(site, agent, boot, lane)"""


@dataclass(slots=True)
class Tally:
    """Additions to a stream's counters; observations, but envelopes in `declared_dropped`."""

    stored: int = 0
    duplicates: int = 0
    dead: int = 0
    declared_dropped: int = 0
    late: int = 0


@dataclass(slots=True)
class Stream:
    """One stream as the database knows it, and what the present transaction adds."""

    id: int
    key: Key
    seqs: SeqSet
    last_at: int
    tally: Tally = field(default_factory=Tally)
    changed: bool = False

    def accept(self, seq: int, floor: int) -> bool | None:
        """Take a number in: True when it is new, False when it is known.

        None when it can be neither: too many gaps are open below it.
        """
        missing = self.seqs.raise_floor(floor)
        if missing:
            self.tally.declared_dropped += missing
            self.changed = True
        if seq in self.seqs:
            return False
        if seq != self.seqs.upto + 1 and len(self.seqs.ranges) >= MAX_HELD:
            return None
        self.changed = True
        return self.seqs.add(seq)


class Streams:
    """The streams met so far. `forget` after a transaction that was rolled back."""

    def __init__(self) -> None:
        self._known: dict[Key, Stream] = {}

    def open(self, connection: Connection, key: Key, *, floor: int, now: int) -> Stream:
        """The stream of that key; one met for the first time starts below `floor`."""
        found = self._known.get(key)
        if found is None:
            found = _load(connection, key) or _create(connection, key, floor=floor, now=now)
            self._known[key] = found
        return found

    def save(self, connection: Connection, streams: list[Stream], now: int) -> None:
        """Write what has changed in these streams."""
        _SAVE.many(connection, [_row(one, now) for one in streams])
        for one in streams:
            one.tally, one.changed = Tally(), False

    def forget(self) -> None:
        """Drop everything: what is in memory may be ahead of the database."""
        self._known.clear()


_SAVE: Final = Prepared(
    update(stream)
    .where(stream.c.id == bindparam("stream"))
    .values(
        upto=bindparam("new_upto"),
        ranges=bindparam("new_ranges"),
        stored=stream.c.stored + bindparam("more_stored"),
        duplicates=stream.c.duplicates + bindparam("more_duplicates"),
        dead=stream.c.dead + bindparam("more_dead"),
        declared_dropped=stream.c.declared_dropped + bindparam("more_dropped"),
        late=stream.c.late + bindparam("more_late"),
        last_at=bindparam("now"),
    ),
    (
        "stream",
        "new_upto",
        "new_ranges",
        "more_stored",
        "more_duplicates",
        "more_dead",
        "more_dropped",
        "more_late",
        "now",
    ),
)


def _row(one: Stream, now: int) -> tuple[object, ...]:
    more = one.tally
    return (
        one.id,
        one.seqs.upto,
        compact(one.seqs.ranges),
        more.stored,
        more.duplicates,
        more.dead,
        more.declared_dropped,
        more.late,
        now,
    )


def _load(connection: Connection, key: Key) -> Stream | None:
    site, agent, boot, lane = key
    row = connection.execute(
        select(stream.c.id, stream.c.upto, stream.c.ranges, stream.c.last_at).where(
            stream.c.site == site,
            stream.c.agent == agent,
            stream.c.boot == boot,
            stream.c.lane == lane,
        )
    ).one_or_none()
    if row is None:
        return None
    ranges = tuple((int(low), int(high)) for low, high in row.ranges)
    return Stream(row.id, key, SeqSet(row.upto, ranges), row.last_at)


def _create(connection: Connection, key: Key, *, floor: int, now: int) -> Stream:
    site, agent, boot, lane = key
    made = insert(stream).values(
        site=site,
        agent=agent,
        boot=boot,
        lane=lane,
        upto=floor - 1,
        ranges=[],
        first_at=now,
        last_at=now,
    )
    number = connection.scalar(made.returning(stream.c.id))
    return Stream(int(number or 0), key, SeqSet(floor - 1), now)
