"""Telemetry in the hub's own database, SQLite or PostgreSQL: points, downsampled in SQL."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select

from hub.database.prepared import Prepared
from hub.telemetry.chart import draw
from hub.telemetry.port import Bucket, Keep, Point, Span
from hub.telemetry.purge import purge
from hub.telemetry.rollup import HOUR_MS, due, hour_of, mark_stale, roll_hour
from hub.telemetry.tables import point, series
from hub.telemetry.totals import Totals, add_totals

ROLLED_AT_ONCE: Final = 3
"""Hours of series in one transaction: one at 1/s takes some milliseconds, in which alarms wait."""

_APPEND: Final = Prepared(insert(point), [column.name for column in point.columns])


class DatabaseTelemetry:
    """One thread writes; `series` may be called from any, and reads through `reader`."""

    def __init__(self, reader: Engine, keep: Keep) -> None:
        self._reader = reader
        self._keep = keep
        self._ids: dict[tuple[str, str, str], int] = {}
        self._stale: set[tuple[int, int]] = set()

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """See `Telemetry.append`."""
        if not points:
            return
        rows: list[tuple[Any, ...]] = []
        touched: set[tuple[int, int]] = set()
        known, series_id, hour = None, 0, 0
        for one in points:  # those of a device come one after the other, and mostly of one hour
            site, device, signal, at, value, stream_id, seq, idx, _ = one
            if (device, signal, site) != known or not 0 <= at - hour < HOUR_MS:
                known = (device, signal, site)
                series_id = self._series_id(connection, one)
                hour = hour_of(at)
                touched.add((series_id, hour))
            rows.append((series_id, at, stream_id, seq, idx, value))
        added = Counter(one.site for one in points)
        _APPEND.many(connection, rows)
        mark_stale(connection, touched - self._stale)
        self._stale |= touched
        add_totals(connection, {site: Totals(stored=count) for site, count in added.items()})

    def forget(self) -> None:
        """See `Telemetry.forget`."""
        self._ids.clear()
        self._stale.clear()

    def series(self, span: Span) -> list[Bucket]:
        """See `Telemetry.series`."""
        with self._reader.connect() as connection, connection.begin():
            return draw(connection, span)

    def roll(self, connection: Connection, now: int) -> int:
        """See `Telemetry.roll`."""
        hours = due(connection, now, ROLLED_AT_ONCE)
        self._stale.difference_update(hours)
        for series_id, hour in hours:
            roll_hour(connection, series_id, hour)
        return len(hours)

    def purge(self, connection: Connection, now: int) -> int:
        """See `Telemetry.purge`."""
        removed = purge(connection, self._keep, now)
        if removed:
            self._stale.clear()  # what is removed is downsampled first
        return removed

    def _series_id(self, connection: Connection, one: Point) -> int:
        key = (one.site, one.device, one.signal)
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = _find_series(connection, *key)
        return found


def _find_series(connection: Connection, site: str, device: str, signal: str) -> int:
    same = (series.c.site == site, series.c.device == device, series.c.signal == signal)
    found = connection.scalar(select(series.c.id).where(*same))
    if found is None:
        made = insert(series).values(site=site, device=device, signal=signal)
        found = connection.scalar(made.returning(series.c.id))
    return int(found or 0)
