"""A signal over time, drawn from the coarsest that will do: points, minutes, quarters, hours."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, case, func, select

from hub.telemetry.port import Bucket, Span
from hub.telemetry.rollup import HOUR_MS, MINUTE_MS, QUARTER_MS, hour_of
from hub.telemetry.tables import point, rollup, series, stale_hour

FINE_ENOUGH: Final = 2
"""A bucket of the answer holds this many of a level's at least; its width is rounded up to them."""

RAW: Final = 1
"""The level of the points themselves: a bucket of one millisecond."""

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Series:
    """raw_from, minute_from: before these, points, minutes (and quarters) were removed.

    stale: hours.
    """

    id: int
    raw_from: int
    minute_from: int
    stale: list[Range]


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the buckets lie, and what they are drawn from. start: of the first, ms."""

    start: int
    end: int
    width: int
    level: int


def draw(connection: Connection, span: Span) -> list[Bucket]:
    """See `Telemetry.series`."""
    grid = _grid(span)
    found = _find(connection, span, grid)
    if found is None:
        return []
    buckets: dict[int, tuple[float, float, int, float]] = {}
    for level, start, end in _pieces(found, grid):
        for place, low, total, count, high in connection.execute(
            _query(found.id, level, (start, end), grid)
        ):
            now = (float(low), float(total), int(count), float(high))
            seen = buckets.get(int(place))
            buckets[int(place)] = now if seen is None else _both(seen, now)
    return [
        (grid.start + place * grid.width, low, min(max(total / count, low), high), high)
        for place, (low, total, count, high) in sorted(buckets.items())
    ]


def _both(
    one: tuple[float, float, int, float], other: tuple[float, float, int, float]
) -> tuple[float, float, int, float]:
    return min(one[0], other[0]), one[1] + other[1], one[2] + other[2], max(one[3], other[3])


def _grid(span: Span) -> _Grid:
    points = max(1, span.points)
    width = _up(span.end - span.start, points)
    for level in (HOUR_MS, QUARTER_MS, MINUTE_MS):
        if width >= FINE_ENOUGH * level:
            start = span.start - span.start % level
            width = level * _up(_up(span.end - start, points), level)
            return _Grid(start, span.end, width, level)
    return _Grid(span.start, span.end, max(1, width), RAW)


def _up(dividend: int, divisor: int) -> int:
    return -(-dividend // divisor)


def _find(connection: Connection, span: Span, grid: _Grid) -> _Series | None:
    row = connection.execute(
        select(series.c.id, series.c.raw_from, series.c.minute_from).where(
            series.c.site == span.site,
            series.c.device == span.device,
            series.c.signal == span.signal,
        )
    ).one_or_none()
    if row is None:
        return None
    hours = (
        select(stale_hour.c.hour)
        .where(stale_hour.c.series_id == row.id)
        .where(stale_hour.c.hour >= hour_of(grid.start), stale_hour.c.hour < grid.end)
        .order_by(stale_hour.c.hour)
    )
    stale = _joined(connection.scalars(hours)) if grid.level != RAW else []
    return _Series(int(row.id), int(row.raw_from), int(row.minute_from), stale)


def _joined(hours: Any) -> list[Range]:
    ranges: list[Range] = []
    for hour in map(int, hours):
        if ranges and ranges[-1][1] == hour:
            ranges[-1] = (ranges[-1][0], hour + HOUR_MS)
        else:
            ranges.append((hour, hour + HOUR_MS))
    return ranges


def _pieces(found: _Series, grid: _Grid) -> Iterator[tuple[int, int, int]]:
    """`(level, start, end)`: what to read, each value in exactly one of them.

    Before `raw_from` the rollups hold what was removed, and points only what came since.
    """
    whole = (grid.start, grid.end)
    raw = [whole] if grid.level == RAW else found.stale
    fresh = [(0, found.raw_from)] if grid.level == RAW else _clean(found)
    if grid.level == HOUR_MS:
        levels = {RAW: raw, HOUR_MS: fresh}
    else:
        minutes = [(max(start, found.minute_from), end) for start, end in fresh]
        hours = [(start, min(end, found.minute_from)) for start, end in fresh]
        fine = MINUTE_MS if grid.level == RAW else grid.level
        levels = {RAW: raw, fine: minutes, HOUR_MS: hours}
    for level, ranges in levels.items():
        for start, end in ranges:
            # an hour that was kept when its minutes were not begins before a span within it
            low = hour_of(grid.start) if level == HOUR_MS else grid.start
            piece = (max(start, low), min(end, grid.end))
            if piece[0] < piece[1]:
                yield level, *piece


def _clean(found: _Series) -> list[Range]:
    """Where the rollups hold everything, or all that there was when points were removed."""
    ranges: list[Range] = []
    start = 0
    for first, last in found.stale:
        stale_from = max(first, found.raw_from)
        if stale_from < last:
            ranges.append((start, stale_from))
            start = last
    ranges.append((start, 1 << 62))
    return ranges


def _query(series_id: int, level: int, piece: Range, grid: _Grid) -> Any:
    table = point if level == RAW else rollup
    offset = table.c.at - grid.start
    # an hour that began before the span counts into its first bucket
    within = case((offset < 0, 0), else_=offset)
    place = within // grid.width if level == HOUR_MS else offset // grid.width
    one = table.c
    figures = (
        (func.min(one.value), func.sum(one.value), func.count(), func.max(one.value))
        if level == RAW
        else (func.min(one.low), func.sum(one.total), func.sum(one["count"]), func.max(one.high))
    )
    query = select(place, *figures).where(one.series_id == series_id)
    if level != RAW:
        query = query.where(one.level == level)
    return query.where(one.at >= piece[0], one.at < piece[1]).group_by(place)
