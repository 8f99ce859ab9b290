"""Removes points and rollups that are kept no longer, whole hours at a time."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, select, update

from hub.telemetry.months import drop_month, raw_before
from hub.telemetry.port import DAY_MS, Keep
from hub.telemetry.rollup import HOUR_MS, MINUTE_MS, QUARTER_MS, hour_of, roll_hour
from hub.telemetry.tables import point, rollup, series, stale_hour
from hub.telemetry.totals import Totals, add_totals, read_totals

BYTES_PER_POINT: Final = 48
"""What a point weighs in the file, the b-tree's slack included; a test measures it."""

BYTES_PER_ROLLUP: Final = 64
"""The same of a rollup."""

CHUNK: Final = 5_000
"""Rows after which one transaction has removed enough; it ends with the hour that it began."""


@dataclass(frozen=True, slots=True)
class _Oldest:
    at: int
    series_id: int
    site: str


def purge(connection: Connection, keep: Keep, now: int, *, chunk: int = CHUNK) -> int:
    """See `Telemetry.purge`. Over the cap, the oldest points go first, of all series alike."""
    removed = drop_month(connection, keep, now)
    if removed < chunk:
        removed += _points(connection, keep, now, chunk - removed)
    if removed < chunk:
        removed += _minutes(connection, keep, now, chunk - removed)
    if removed < chunk:
        removed += _hours(connection, keep, now)
    return removed


def _points(connection: Connection, keep: Keep, now: int, chunk: int) -> int:
    before, over, removed = raw_before(keep, now), _over(connection, keep), 0
    for oldest in _by_age(connection, point):
        hour = hour_of(oldest.at)
        while removed < chunk and (hour + HOUR_MS <= before or over > 0):
            gone = _remove_hour(connection, oldest, hour)
            removed += gone
            over -= gone * BYTES_PER_POINT
            if hour + HOUR_MS > before:
                break  # over the cap: the next series gives up an hour first
            following = connection.scalar(
                select(func.min(point.c.at)).where(point.c.series_id == oldest.series_id)
            )
            if following is None:
                break
            hour = hour_of(int(following))
    return removed


def _remove_hour(connection: Connection, oldest: _Oldest, hour: int) -> int:
    """Remove a series' points of an hour, once its rollups hold them."""
    stale = select(stale_hour.c.hour).where(
        stale_hour.c.series_id == oldest.series_id, stale_hour.c.hour == hour
    )
    held = (
        point.c.series_id == oldest.series_id,
        point.c.at >= hour,
        point.c.at < hour + HOUR_MS,
    )
    points = int(connection.scalar(select(func.count()).select_from(point).where(*held)) or 0)
    if connection.scalar(stale) is not None:
        roll_hour(connection, oldest.series_id, hour)
    gone = connection.execute(delete(point).where(*held)).rowcount
    _advance(connection, oldest.series_id, series.c.raw_from, hour + HOUR_MS)
    add_totals(connection, {oldest.site: Totals(purged=gone)})
    return points


def _minutes(connection: Connection, keep: Keep, now: int, chunk: int) -> int:
    before, over, removed = hour_of(now - keep.minute_days * DAY_MS), _over(connection, keep), 0
    for oldest in _by_age(connection, rollup, MINUTE_MS):
        if removed >= chunk:
            break
        until = before
        if oldest.at >= before:
            if over <= 0:
                break
            until = min(hour_of(oldest.at) + DAY_MS, _raw_from(connection, oldest.series_id))
        gone = _remove_rollups(connection, oldest, MINUTE_MS, until)
        if gone:
            gone += _remove_rollups(connection, oldest, QUARTER_MS, until)
            _advance(connection, oldest.series_id, series.c.minute_from, until)
        removed += gone
        over -= gone * BYTES_PER_ROLLUP
    return removed


def _hours(connection: Connection, keep: Keep, now: int) -> int:
    before = hour_of(now - keep.hour_days * DAY_MS)
    return sum(
        _remove_rollups(connection, oldest, HOUR_MS, before)
        for oldest in _by_age(connection, rollup, HOUR_MS)
        if oldest.at < before
    )


def _remove_rollups(connection: Connection, oldest: _Oldest, level: int, until: int) -> int:
    gone = connection.execute(
        delete(rollup).where(
            rollup.c.series_id == oldest.series_id, rollup.c.level == level, rollup.c.at < until
        )
    ).rowcount
    add_totals(connection, {oldest.site: Totals(rolled=-gone)})
    return gone


def _raw_from(connection: Connection, series_id: int) -> int:
    found = connection.scalar(select(series.c.raw_from).where(series.c.id == series_id))
    return int(found or 0)


def _advance(connection: Connection, series_id: int, column: Any, to: int) -> None:
    mine = (series.c.id == series_id, column < to)
    connection.execute(update(series).where(*mine).values({column.name: to}))


def _over(connection: Connection, keep: Keep) -> int:
    """Bytes by which all of it is too much."""
    totals = read_totals(connection).values()
    points = sum(one.stored - one.purged for one in totals) * BYTES_PER_POINT
    return points + sum(one.rolled for one in totals) * BYTES_PER_ROLLUP - keep.max_bytes


def _by_age(connection: Connection, table: Any, level: int | None = None) -> list[_Oldest]:
    """The series that have some, the one with the oldest first; one index look-up each."""
    oldest = select(func.min(table.c.at)).where(table.c.series_id == series.c.id)
    if level is not None:
        oldest = oldest.where(table.c.level == level)
    rows = connection.execute(select(oldest.scalar_subquery(), series.c.id, series.c.site))
    found = [_Oldest(int(at), int(key), str(site)) for at, key, site in rows if at is not None]
    return sorted(found, key=lambda one: (one.at, one.series_id))
