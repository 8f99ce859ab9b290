"""Downsampling inside the database: an hour of points becomes minutes, these quarters and an hour.

Whoever appends marks the hours that it touched. An hour is downsampled once it is over, and again
when something late came into it, so that what is appended costs no more than the mark.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Column, Connection, case, delete, func, insert, literal, select

from hub.database.upsert import upsert
from hub.telemetry.tables import point, rollup, series, stale_hour
from hub.telemetry.totals import Totals, add_totals

MINUTE_MS: Final = 60_000
QUARTER_MS: Final = 900_000
"""Of an hour: a month of a sensor is 2,880 of them, and 43,200 minutes. Kept like minutes."""

HOUR_MS: Final = 3_600_000
LEVELS: Final = (MINUTE_MS, QUARTER_MS, HOUR_MS)

SETTLED_MS: Final = 120_000
"""An hour is downsampled this long after its end: most of what is on its way is in by then."""

_MARK: Final = upsert(stale_hour).on_conflict_do_nothing()


def hour_of(at: int) -> int:
    """The first moment of the hour that `at` lies in."""
    return at - at % HOUR_MS


def mark_stale(connection: Connection, hours: Iterable[tuple[int, int]]) -> None:
    """Note `(series, hour)` as to be downsampled (again)."""
    rows = [{"series_id": key, "hour": hour} for key, hour in hours]
    if rows:
        connection.execute(_MARK, rows)


def due(connection: Connection, now: int, limit: int) -> list[tuple[int, int]]:
    """`(series, hour)` that are over and were not downsampled since something came in."""
    over = stale_hour.c.hour <= now - HOUR_MS - SETTLED_MS
    query = select(stale_hour.c.series_id, stale_hour.c.hour).where(over)
    rows = connection.execute(query.order_by(stale_hour.c.hour).limit(limit))
    return [(int(key), int(hour)) for key, hour in rows]


def roll_hour(connection: Connection, series_id: int, hour: int) -> None:
    """Bring the rollups of a series' hour up to date with its points.

    Where points of the hour were removed before, those that came since are added to what the
    rollups remember of it, and removed too.
    """
    site, raw_from = connection.execute(
        select(series.c.site, series.c.raw_from).where(series.c.id == series_id)
    ).one()
    before = _rows(connection, series_id, hour)
    purged = 0
    if hour >= int(raw_from):
        connection.execute(delete(rollup).where(*_within(rollup, series_id, hour)))
        connection.execute(_from_points(series_id, hour, MINUTE_MS))
        for level in (QUARTER_MS, HOUR_MS):
            connection.execute(_from_minutes(series_id, hour, level))
    else:
        for level in LEVELS:
            connection.execute(_merged(series_id, hour, level))
        doomed = delete(point).where(*_within(point, series_id, hour))
        purged = connection.execute(doomed).rowcount
    connection.execute(
        delete(stale_hour).where(stale_hour.c.series_id == series_id, stale_hour.c.hour == hour)
    )
    rolled = _rows(connection, series_id, hour) - before
    add_totals(connection, {str(site): Totals(purged=purged, rolled=rolled)})


def _within(table: Any, series_id: int, hour: int) -> tuple[Any, ...]:
    at: Column[int] = table.c.at
    mine = table.c.series_id == series_id
    levels = (table.c.level.in_(LEVELS),) if table is rollup else ()
    return (mine, *levels, at >= hour, at < hour + HOUR_MS)


def _rows(connection: Connection, series_id: int, hour: int) -> int:
    query = select(func.count()).select_from(rollup).where(*_within(rollup, series_id, hour))
    return int(connection.scalar(query) or 0)


_NAMES: Final = ["series_id", "level", "at", "low", "total", "count", "high"]


def _points(series_id: int, hour: int, level: int) -> Any:
    value, start = point.c.value, point.c.at - point.c.at % level
    figures = (func.min(value), func.sum(value), func.count(), func.max(value))
    return (
        select(point.c.series_id, literal(level), start, *figures)
        .where(*_within(point, series_id, hour))
        .group_by(point.c.series_id, start)
    )


def _from_points(series_id: int, hour: int, level: int) -> Any:
    return insert(rollup).from_select(_NAMES, _points(series_id, hour, level))


def _from_minutes(series_id: int, hour: int, level: int) -> Any:
    one = rollup.c
    start = one.at - one.at % literal(level, literal_execute=True)
    figures = (func.min(one.low), func.sum(one.total), func.sum(one["count"]), func.max(one.high))
    minutes = (
        select(one.series_id, literal(level), start, *figures)
        .where(one.series_id == series_id, one.level == MINUTE_MS)
        .where(one.at >= hour, one.at < hour + HOUR_MS)
        .group_by(one.series_id, start)
    )
    return insert(rollup).from_select(_NAMES, minutes)


def _merged(series_id: int, hour: int, level: int) -> Any:
    statement = upsert(rollup).from_select(_NAMES, _points(series_id, hour, level))
    old, new = rollup.c, statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["series_id", "level", "at"],
        set_={
            "low": case((new.low < old.low, new.low), else_=old.low),
            "total": old.total + new.total,
            "count": old["count"] + new["count"],
            "high": case((new.high > old.high, new.high), else_=old.high),
        },
    )
