"""What the hub's store does on SQLite and on PostgreSQL: rows a second, bytes a row, query times.

    python -m bench.storage [--rows N] [--timed N] [--back-end sqlite|postgresql]

Passages of 90 days and points of a month at equal distances go in through the hub's own statements.
The last `--timed` of them are timed: 500 rows to a transaction that is on the disk before the next
begins; those before only fill the table, 20,000 at once. Then 200 people are looked for over 90
days, and charts of a month are drawn, in turn over all sensors. PostgreSQL is a server of its own
with its defaults but for 64 MB of shared buffers, on this machine.
"""

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import make_url, select, text

from bench.report import emit
from hub.database import partitions
from hub.database.partitions import PASSAGE, POINT, Month
from hub.store import Store, open_store
from hub.store.schema import passage
from hub.store.write.observations import insert_passages
from hub.telemetry import Keep, Point, Span
from hub.telemetry.database import DatabaseTelemetry
from simulators.postgresql import PostgreSQL

SITE: Final = "bench"
DAY: Final = 86_400_000
END: Final = 1_760_000_400_000
BATCH: Final = 500
BULK: Final = 40
"""Batches to a transaction while a table is only filled."""

SUBJECTS: Final = 2_000
LOOKS: Final = 200
SENSORS: Final = 20
CHARTS: Final = 20


def main() -> None:
    """Print a line for each back end and kind of row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000, help="passages, and as many points")
    parser.add_argument("--timed", type=int, default=50_000, help="of each, at most")
    parser.add_argument("--back-end", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    for name, opened in (("sqlite", _sqlite), ("postgresql", _postgresql)):
        if asked.back_end in {None, name}:
            with opened() as (store, size):
                _prepare(store)
                _passages(name, store, size, asked.rows, min(asked.rows, asked.timed))
                _points(name, store, size, asked.rows, min(asked.rows, asked.timed))


@contextmanager
def _sqlite() -> Iterator[tuple[Store, Callable[[str], int]]]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        store = open_store(Path(folder) / "hub.db")

        def size(_table: str) -> int:
            path = Path(folder) / "hub.db"
            connection = sqlite3.connect(path)
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()
            return path.stat().st_size

        try:
            yield store, size
        finally:
            store.close()


@contextmanager
def _postgresql() -> Iterator[tuple[Store, Callable[[str], int]]]:
    with PostgreSQL(durable=True) as server:
        server.create("hub")
        store = open_store(make_url(server.url("hub")))

        def size(table: str) -> int:
            query = (
                "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree("
                "CAST(:table AS regclass))"
            )
            with store.reader.connect() as connection:
                return int(connection.scalar(text(query), {"table": table}) or 0)

        try:
            yield store, size
        finally:
            store.close()


def _prepare(store: Store) -> None:
    with store.writer.connect() as connection, connection.begin():
        months = [Month.of(END).plus(-more) for more in range(5)]
        for table in (PASSAGE, POINT):
            partitions.make(connection, table, months)


def _passages(name: str, store: Store, size: Callable[[str], int], rows: int, timed: int) -> None:
    draw, step, before = random.Random(1), 90 * DAY // rows, size("passage")

    def put(numbers: range) -> None:
        some = [_passage(draw, n, END - 90 * DAY + n * step) for n in numbers]
        with store.writer.connect() as connection, connection.begin():
            insert_passages(connection, some)

    seconds = _filled(put, rows, timed, BATCH)
    took = [_look(store, draw) for _ in range(LOOKS)]
    emit(
        "storage",
        f"{name}: passages",
        rows=rows,
        rows_per_s=round(timed / seconds),
        bytes_per_row=round((size("passage") - before) / rows),
        person_over_90_days_ms={
            "p50": round(statistics.median(took) * 1e3, 2),
            "p95": round(statistics.quantiles(took, n=20)[-1] * 1e3, 2),
        },
    )


def _passage(draw: random.Random, number: int, at: int) -> dict[str, Any]:
    person = draw.randrange(SUBJECTS)
    return {
        "site": SITE,
        "device": f"gate-{draw.randrange(20)}",
        "at": at,
        "received_at": at + 200,
        "late": False,
        "direction": "in",
        "result": "granted",
        "reason": None,
        "method": "card",
        "subject": _subject(person),
        "sealed": draw.randbytes(40),
        "masked": f"••••{person:04d}",
        "picture": None,
        "stream_id": 1,
        "seq": number + 1,
        "idx": 0,
    }


def _subject(person: int) -> str:
    return f"{person:064x}"


def _look(store: Store, draw: random.Random) -> float:
    """One person's passages over 90 days, newest first, as a person would look."""
    mine = (passage.c.site == SITE, passage.c.subject == _subject(draw.randrange(SUBJECTS)))
    query = select(passage.c.id, passage.c.device, passage.c.at, passage.c.result).where(
        *mine, passage.c.at >= END - 90 * DAY
    )
    began = time.perf_counter()
    with store.reader.connect() as connection:
        connection.execute(query.order_by(passage.c.at.desc()).limit(100)).all()
    return time.perf_counter() - began


def _filled(put: Callable[[range], None], count: int, timed: int, batch: int) -> float:
    """Seconds for the last `timed` of `count`."""
    filling = count - timed
    for start in range(0, filling, BULK * batch):
        put(range(start, min(filling, start + BULK * batch)))
    began = time.perf_counter()
    for start in range(filling, count, batch):
        put(range(start, min(count, start + batch)))
    return time.perf_counter() - began


def _points(name: str, store: Store, size: Callable[[str], int], rows: int, timed: int) -> None:
    telemetry = DatabaseTelemetry(store.reader, Keep())
    each, before = rows // SENSORS, size("point")
    step = 30 * DAY // each

    def put(numbers: range) -> None:
        some = [_point(sensor, n, step) for n in numbers for sensor in range(SENSORS)]
        with store.writer.connect() as connection, connection.begin():
            telemetry.append(connection, some)

    seconds = _filled(put, each, timed // SENSORS, BATCH // SENSORS)
    weight = (size("point") - before) / (each * SENSORS)
    began = time.perf_counter()
    while _roll(store, telemetry):
        pass
    rolling = time.perf_counter() - began
    took = [_chart(telemetry, number % SENSORS) for number in range(CHARTS)]
    emit(
        "storage",
        f"{name}: telemetry",
        rows=each * SENSORS,
        rows_per_s=round(timed // SENSORS * SENSORS / seconds),
        bytes_per_row=round(weight),
        downsampled_per_s=round(each * SENSORS / rolling),
        month_of_one_sensor_ms={
            "p50": round(statistics.median(took) * 1e3, 2),
            "p95": round(statistics.quantiles(took, n=20)[-1] * 1e3, 2),
        },
    )


def _point(sensor: int, number: int, step: int) -> Point:
    at = END - 30 * DAY + number * step
    value = 0.3 + (number % 100) / 1000
    return Point(SITE, f"fw-{sensor}", "pressure", at, value, 1, number * SENSORS + sensor, 0)


def _roll(store: Store, telemetry: DatabaseTelemetry) -> int:
    with store.writer.connect() as connection, connection.begin():
        return telemetry.roll(connection, END + DAY)


def _chart(telemetry: DatabaseTelemetry, sensor: int) -> float:
    began = time.perf_counter()
    telemetry.series(Span(SITE, f"fw-{sensor}", "pressure", END - 30 * DAY, END, 600))
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
