"""Points on PostgreSQL go a month at a time: a dropped partition leaves no dead rows behind."""

from typing import Final

from sqlalchemy import Connection, func, select, update

from hub.database import partitions
from hub.database.partitions import POINT
from hub.telemetry.port import DAY_MS, Keep
from hub.telemetry.rollup import HOUR_MS, roll_hour
from hub.telemetry.tables import rollup, series, stale_hour
from hub.telemetry.totals import Totals, add_totals

ROLLED_AT_ONCE: Final = 3


def raw_before(keep: Keep, now: int) -> int:
    """Points before this moment are due to go."""
    return now - keep.raw_days * DAY_MS


def drop_month(connection: Connection, keep: Keep, now: int) -> int:
    """Drop the oldest month that is due, once its hours are downsampled; 0 when there is none.

    How many points went is told from the rollups: counting the rows would read them all.
    """
    before = raw_before(keep, now)
    due = [one for one in partitions.months(connection, POINT) if one[1].plus(1).start <= before]
    if not due:
        return 0
    name, month = due[0]
    end = month.plus(1).start
    rolled = _roll_some(connection, end)
    if rolled:
        return rolled
    counts = _counts(connection, month.start, end)
    if not partitions.drop(connection, name):
        return 0
    connection.execute(update(series).where(series.c.raw_from < end).values(raw_from=end))
    add_totals(connection, {site: Totals(purged=count) for site, count in counts.items()})
    return max(1, sum(counts.values()))


def _roll_some(connection: Connection, end: int) -> int:
    query = select(stale_hour.c.series_id, stale_hour.c.hour).where(stale_hour.c.hour < end)
    rows = connection.execute(query.order_by(stale_hour.c.hour).limit(ROLLED_AT_ONCE)).all()
    for row in rows:
        roll_hour(connection, row.series_id, row.hour)
    return len(rows)


def _counts(connection: Connection, start: int, end: int) -> dict[str, int]:
    """Points that there are of that time, by site."""
    query = (
        select(series.c.site, func.sum(rollup.c.count))
        .join(series, series.c.id == rollup.c.series_id)
        .where(rollup.c.level == HOUR_MS, rollup.c.at >= start, rollup.c.at < end)
        .where(rollup.c.at >= series.c.raw_from)
        .group_by(series.c.site)
    )
    return {str(site): int(count) for site, count in connection.execute(query)}
