"""Telemetry in the hub's own database: a clustered table, bucketed in SQL."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from hub.database.prepared import Prepared
from hub.telemetry.port import Bucket, Point, Span, Totals
from hub.telemetry.tables import point, series, telemetry_total

BYTES_PER_POINT: Final = 48
"""What a point weighs in the file, the b-tree's slack included; a test measures it."""

SLICE_MS: Final = 3_600_000
"""Over the size cap, the oldest series gives up this much at a time, so that all shrink evenly."""

_APPEND: Final = Prepared(insert(point), [column.name for column in point.columns])
_COUNT = upsert(telemetry_total).on_conflict_do_update(
    index_elements=["site"],
    set_={
        "stored": telemetry_total.c.stored + bindparam("more_stored"),
        "purged": telemetry_total.c.purged + bindparam("more_purged"),
    },
)


class SqliteTelemetry:
    """One thread writes; `series` and `totals` may be called from any."""

    def __init__(self) -> None:
        self._ids: dict[tuple[str, str, str], int] = {}

    def append(self, connection: Connection, points: Sequence[Point]) -> None:
        """See `Telemetry.append`."""
        if not points:
            return
        rows: list[tuple[Any, ...]] = []
        added: dict[str, int] = {}
        for one in points:
            site, device, signal, at, value, stream_id, seq, idx = one
            series_id = self._ids.get((site, device, signal)) or self._series_id(connection, one)
            rows.append((series_id, at, stream_id, seq, idx, value))
            added[site] = added.get(site, 0) + 1
        _APPEND.many(connection, rows)
        _count(connection, stored=added)

    def forget(self) -> None:
        """See `Telemetry.forget`."""
        self._ids.clear()

    def series(self, connection: Connection, span: Span) -> list[Bucket]:
        """See `Telemetry.series`."""
        width = max(1, -(-(span.end - span.start) // max(1, span.points)))
        bucket = (point.c.at - span.start) // width
        value = point.c.value
        query = (
            select(bucket, func.min(value), func.avg(value), func.max(value))
            .select_from(point.join(series, series.c.id == point.c.series_id))
            .where(series.c.site == span.site, series.c.device == span.device)
            .where(series.c.signal == span.signal)
            .where(point.c.at >= span.start, point.c.at < span.end)
            .group_by(bucket)
            .order_by(bucket)
        )
        return [
            (span.start + int(place) * width, float(low), float(mean), float(high))
            for place, low, mean, high in connection.execute(query)
        ]

    def totals(self, connection: Connection) -> Mapping[str, Totals]:
        """See `Telemetry.totals`."""
        return {
            str(row.site): Totals(int(row.stored), int(row.purged))
            for row in connection.execute(select(telemetry_total))
        }

    def purge(self, connection: Connection, *, before: int, max_bytes: int, chunk: int) -> int:
        """See `Telemetry.purge`."""
        removed: dict[str, int] = {}
        left = chunk
        over = self._over(connection, max_bytes)
        for oldest, series_id, site in _by_age(connection):
            until, limit = (
                (before, left) if oldest < before else (oldest + SLICE_MS, min(left, over))
            )
            if limit <= 0:
                break
            gone = _remove_oldest(connection, series_id, limit=limit, until=until)
            removed[site] = removed.get(site, 0) + gone
            left -= gone
            over -= gone
        _count(connection, purged=removed)
        return sum(removed.values())

    def _over(self, connection: Connection, max_bytes: int) -> int:
        """How many points there are too many. By the totals: counting rows would read them all."""
        held = sum(one.stored - one.purged for one in self.totals(connection).values())
        return held - max_bytes // BYTES_PER_POINT

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


def _by_age(connection: Connection) -> list[tuple[int, int, str]]:
    """`(oldest moment, series, site)`, the oldest first; one index look-up per series."""
    oldest = select(func.min(point.c.at)).where(point.c.series_id == series.c.id).scalar_subquery()
    rows = connection.execute(select(oldest, series.c.id, series.c.site))
    return sorted((int(at), int(key), str(site)) for at, key, site in rows if at is not None)


def _remove_oldest(connection: Connection, series_id: int, *, limit: int, until: int) -> int:
    """Remove about `limit` of a series' oldest points before `until`; never half a moment."""
    doomed: list[ColumnElement[bool]] = [point.c.series_id == series_id, point.c.at < until]
    edge = connection.scalar(
        select(point.c.at).where(*doomed).order_by(point.c.at).offset(limit - 1).limit(1)
    )
    if edge is not None:
        doomed.append(point.c.at <= edge)
    return connection.execute(delete(point).where(*doomed)).rowcount


def _count(
    connection: Connection,
    *,
    stored: Mapping[str, int] | None = None,
    purged: Mapping[str, int] | None = None,
) -> None:
    stored, purged = stored or {}, purged or {}
    rows = [
        {
            "site": site,
            "stored": stored.get(site, 0),
            "purged": purged.get(site, 0),
            "more_stored": stored.get(site, 0),
            "more_purged": purged.get(site, 0),
        }
        for site in {*stored, *purged}
    ]
    if rows:
        connection.execute(_COUNT, rows)
