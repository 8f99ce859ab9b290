"""The lanes in the database: append, read, acknowledge, drop. Runs inside a transaction."""

import sqlite3
from dataclasses import dataclass

from edge.outbox.database import draw_boot
from edge.outbox.entry import Entry, LaneView, Row
from edge.outbox.quotas import MEBIBYTE, VICTIMS, Quotas
from edge.outbox.records import remember_records
from wire import Ack, ContentType, Lane

_DROP_CHUNK = 64


@dataclass(slots=True)
class _LaneState:
    head: int
    dropped: int
    floor: int
    rows: int
    size: int


class Store:
    """The lanes of one database, with their counters in memory.

    The caller begins and ends transactions: `flush` before COMMIT, `reload` after ROLLBACK.
    """

    def __init__(self, connection: sqlite3.Connection, quotas: Quotas) -> None:
        self.connection = connection
        self._quotas = quotas
        self._lanes: dict[Lane, _LaneState] = {}
        self.boot = ""
        self.reload()

    def append(self, entry: Entry) -> int:
        """Store one envelope and return its seq; over quota, others go by the order of worth."""
        self._enforce_quotas(entry)
        lane = self._lanes[entry.lane]
        seq = lane.head + 1
        self.connection.execute(
            "INSERT INTO envelope (lane, seq, type, count, size, body) VALUES (?, ?, ?, ?, ?, ?)",
            (str(entry.lane), seq, str(entry.type), entry.count, entry.size, entry.body),
        )
        if not lane.rows:
            lane.floor = seq
        lane.head = seq
        lane.rows += 1
        lane.size += entry.size
        remember_records(self.connection, entry.records)
        return seq

    def unacked(self, lane: Lane, after: int, limit: int, max_bytes: int) -> list[Row]:
        """Up to `limit` rows above `after`, oldest first: at least one, then up to `max_bytes`."""
        found = self.connection.execute(
            "SELECT seq, type, body FROM envelope WHERE lane = ? AND seq > ? ORDER BY seq LIMIT ?",
            (str(lane), after, limit),
        )
        rows: list[Row] = []
        weight = 0
        for seq, content, body in found:
            weight += len(body)
            if rows and weight > max_bytes:
                break
            rows.append(Row(lane, seq, ContentType(content), body))
        return rows

    def acknowledge(self, ack: Ack) -> int:
        """Free what the hub has; return how many rows.

        An ack beyond the head names numbers that this database never gave out: it went back in
        time (restored from a copy, or the disk lost commits that it had confirmed). Those numbers
        must not be given to other rows, so the database takes a new boot and sends all it holds
        again; the hub may then see some of it twice, but misses nothing.
        """
        if ack.boot != self.boot:
            return 0
        lane = self._lanes[ack.lane]
        if max(ack.upto, *(high for _, high in ack.ranges), 0) > lane.head:
            self._take_new_boot()
            return 0
        freed = 0
        for low, high in ((0, ack.upto), *ack.ranges):
            if high >= lane.floor:
                freed += self._free(ack.lane, low, high)
        return freed

    def make_room(self, lane: Lane, need: int) -> bool:
        """Drop the oldest rows of less worth, at least `need` bytes; False when there are none."""
        for victim in VICTIMS[lane]:
            if self._lanes[victim].rows:
                self._drop_oldest(victim, need)
                return True
        return False

    def count_drop(self, lane: Lane, count: int) -> None:
        """Count observations that could not even be stored; they never had a number."""
        self._lanes[lane].dropped += count

    def views(self) -> dict[Lane, LaneView]:
        """The lanes as they are now."""
        return {
            lane: LaneView(state.head, state.floor, state.rows, state.size, state.dropped)
            for lane, state in self._lanes.items()
        }

    def flush(self) -> None:
        """Write heads and drop counts; call before COMMIT."""
        self.connection.executemany(
            "UPDATE lane SET head = ?1, dropped = ?2"
            " WHERE lane = ?3 AND (head <> ?1 OR dropped <> ?2)",
            [(state.head, state.dropped, str(lane)) for lane, state in self._lanes.items()],
        )

    def reload(self) -> None:
        """Read the counters from the database, as after a rollback."""
        one = self.connection.execute
        (self.boot,) = one("SELECT value FROM meta WHERE key = 'boot'").fetchone()
        for lane in Lane:
            head, dropped = one(
                "SELECT head, dropped FROM lane WHERE lane = ?", (str(lane),)
            ).fetchone()
            rows, size, low = one(
                "SELECT COUNT(*), COALESCE(SUM(size), 0), MIN(seq) FROM envelope WHERE lane = ?",
                (str(lane),),
            ).fetchone()
            self._lanes[lane] = _LaneState(head, dropped, low or head + 1, rows, size)

    def _enforce_quotas(self, entry: Entry) -> None:
        lane, quota = self._lanes[entry.lane], self._quotas.of(entry.lane)
        if quota and lane.rows + 1 > quota.max_rows:
            self._drop_oldest(entry.lane, 1)
        if quota and (over := lane.size + entry.size - int(quota.max_mib * MEBIBYTE)) > 0:
            self._drop_oldest(entry.lane, over)
        while (
            over := sum(state.size for state in self._lanes.values())
            + entry.size
            - self._quotas.max_bytes
        ) > 0 and self.make_room(entry.lane, over):
            continue

    def _drop_oldest(self, lane: Lane, need: int) -> None:
        """Drop rows from the bottom until `need` bytes are freed or the lane is empty."""
        while need > 0:
            oldest = self.connection.execute(
                "SELECT seq, count, size FROM envelope WHERE lane = ? ORDER BY seq LIMIT ?",
                (str(lane), _DROP_CHUNK),
            ).fetchall()
            if not oldest:
                return
            upto = 0
            for seq, count, size in oldest:
                upto = seq
                need -= size
                self._lanes[lane].dropped += count
                if need <= 0:
                    break
            self._free(lane, 0, upto)

    def _free(self, lane: Lane, low: int, high: int) -> int:
        freed = self.connection.execute(
            "DELETE FROM envelope WHERE lane = ? AND seq BETWEEN ? AND ? RETURNING size",
            (str(lane), low, high),
        ).fetchall()
        state = self._lanes[lane]
        state.rows -= len(freed)
        state.size -= sum(size for (size,) in freed)
        (lowest,) = self.connection.execute(
            "SELECT MIN(seq) FROM envelope WHERE lane = ?", (str(lane),)
        ).fetchone()
        state.floor = lowest or state.head + 1
        return len(freed)

    def _take_new_boot(self) -> None:
        self.boot = draw_boot()
        self.connection.execute("UPDATE meta SET value = ? WHERE key = 'boot'", (self.boot,))
