"""How fast a chart is drawn from SQLite, and what its telemetry weighs.

    python -m bench.telemetry [--rows N] [--sensors N] [--folder DIR]

Rows are points, a second apart, of sensors that all end now; they are put into a fresh database and
downsampled by the hub's own code. Charts are the median of nine, of sensors in turn, in a process
whose files the system has already read. A folder that holds such a database is measured as it is.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection, text

from bench.report import emit
from hub.store import Store, open_store
from hub.telemetry import Keep, Point, Span
from hub.telemetry.database import DatabaseTelemetry

T = TypeVar("T")

SITE: Final = "bench"
END: Final = 1_760_000_400_000
SECOND, HOUR, DAY = 1_000, 3_600_000, 86_400_000
BATCH: Final = 5_000
REPEAT: Final = 9
CHARTS: Final = {"10 minutes": DAY // 144, "a day": DAY, "a week": 7 * DAY, "a month": 30 * DAY}

_FILL: Final = """
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO point (series_id, at, stream_id, seq, idx, value)
SELECT :series, :start + i * 1000, 1, :seq + i, 0, 0.3 + (random() % 1000) / 10000.0 FROM n
"""
_TOUCH: Final = """
INSERT INTO stale_hour SELECT DISTINCT series_id, at - at % 3600000 FROM point
WHERE series_id = :series AND true ON CONFLICT DO NOTHING
"""


def main() -> None:
    """Print a line for appending, for downsampling, and for each length of chart."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000_000, help="points in all")
    parser.add_argument("--sensors", type=int, default=4, help="a month at 1/s is 2,592,000 points")
    parser.add_argument("--folder", type=Path, help="where the database is, or is to stay")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        store = open_store(folder / "hub.db")
        try:
            _measure(store, asked.rows, asked.sensors)
        finally:
            store.close()


def _measure(store: Store, rows: int, sensors: int) -> None:
    telemetry = DatabaseTelemetry(store.reader, Keep())
    size = {"points": rows, "sensors": sensors}
    each = rows // sensors
    if not _in(store, lambda c: c.scalar(text("SELECT count(*) FROM series"))):
        emit("telemetry", "append, 100 sensors in turn", **_append(store, telemetry))
        began = time.perf_counter()
        for sensor in range(sensors):
            _fill(store, telemetry, sensor, each)
        emit("telemetry", "fill", **size, seconds=round(time.perf_counter() - began, 1))
        emit("telemetry", "downsample", **size, **_roll(store, telemetry))
    emit("telemetry", "weight", **size, **_weight(store))
    for name, length in CHARTS.items():
        emit(
            "telemetry",
            f"chart of {name}, 600 points",
            **size,
            **_chart(telemetry, length, sensors),
        )


def _in(store: Store, work: Callable[[Connection], T]) -> T:
    with store.writer.connect() as connection, connection.begin():
        return work(connection)


def _append(store: Store, telemetry: DatabaseTelemetry) -> dict[str, object]:
    """As the pipeline does: a transaction for each batch."""
    count, began = 20 * BATCH, time.perf_counter()
    for first in range(0, count, BATCH):
        points = [
            Point(SITE, f"s-{n % 100}", "battery", END + n // 100 * SECOND, 3.6, 1, n, 0)
            for n in range(first, first + BATCH)
        ]
        _in(store, lambda connection, batch=points: telemetry.append(connection, batch))
    seconds = time.perf_counter() - began
    return {"points": count, "points_per_s": round(count / seconds), "batch": BATCH}


def _fill(store: Store, telemetry: DatabaseTelemetry, sensor: int, count: int) -> None:
    first = END - count * SECOND
    one = Point(SITE, f"fw-{sensor}", "pressure", first - SECOND, 0.3, 1, 0, 0)
    _in(store, lambda connection: telemetry.append(connection, [one]))
    key = text("SELECT id FROM series WHERE device = :device AND signal = 'pressure'")
    series = _in(store, lambda c: c.scalar(key, {"device": f"fw-{sensor}"}))
    values = {"series": series, "start": first, "seq": 1, "count": count}

    def fill(connection: Connection) -> None:
        connection.execute(text(_FILL), values)
        connection.execute(text(_TOUCH), {"series": series})

    _in(store, fill)


def _roll(store: Store, telemetry: DatabaseTelemetry) -> dict[str, object]:
    began, hours, longest = time.perf_counter(), 0, 0.0
    while True:
        start = time.perf_counter()
        rolled = _in(store, lambda connection: telemetry.roll(connection, END + HOUR))
        longest = max(longest, time.perf_counter() - start)
        if not rolled:
            break
        hours += rolled
    seconds = time.perf_counter() - began
    return {
        "hours": hours,
        "ms_per_hour_of_a_sensor": round(seconds / max(1, hours) * 1e3, 2),
        "longest_transaction_ms": round(longest * 1e3, 1),
    }


def _weight(store: Store) -> dict[str, object]:
    counts = {
        name: _in(store, lambda c, table=name: c.scalar(text(f"SELECT count(*) FROM {table}")))
        for name in ("point", "rollup")
    }
    _in(store, lambda connection: connection.execute(text("SELECT 1")))
    with store.writer.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    size = Path(str(store.where)).stat().st_size
    return {**counts, "mb": round(size / 1e6), "bytes_per_point": round(size / counts["point"], 1)}


def _chart(telemetry: DatabaseTelemetry, length: int, sensors: int) -> dict[str, object]:
    draw, times, found = random.Random(1), [], 0
    for number in range(REPEAT + 2):
        end = END - draw.randrange(HOUR)
        span = Span(SITE, f"fw-{number % sensors}", "pressure", end - length, end, 600)
        began = time.perf_counter()
        found = len(telemetry.series(span))
        times.append(time.perf_counter() - began)
    kept = times[2:]
    return {
        "buckets": found,
        "median_ms": round(statistics.median(kept) * 1e3, 1),
        "max_ms": round(max(kept) * 1e3, 1),
    }


if __name__ == "__main__":
    main()
