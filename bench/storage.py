"""What the hub's stores do: rows a second, bytes a row, query times.

    python -m bench.storage [--rows N] [--timed N] [--back-end NAME]

Passages of 90 days and points of a month, at equal distances. The first of them are put in by the
database itself; the last `--timed` go in through the hub's own statements, 500 rows to a
transaction that is on the disk before the next begins, and are timed. Then people are looked for
over 90 days as the API does it (a page of 100, newest first), and charts of a month are drawn, in
turn over all sensors. The databases are SQLite and PostgreSQL, with all tables of the hub; points
go to VictoriaMetrics too, where it is installed. All of them are on this machine.
"""

import argparse
import random
import time
from typing import Any, Final

from sqlalchemy import text

from bench import points
from bench.report import emit
from bench.stores import Measured, a_postgresql, a_sqlite
from bench.timing import told, took
from hub.store.reads.passages import PassageQuery, passage_rows
from hub.store.schema import passage
from hub.store.write.observations import insert_passages

SITE: Final = "bench"
DAY: Final = 86_400_000
END: Final = 1_760_000_400_000
BATCH: Final = 500
AT_ONCE: Final = 1_000_000
"""Rows to a transaction while a table is only filled."""

SUBJECTS: Final = 2_000
LOOKS: Final = 200
COLD_LOOKS: Final = 50
MIX: Final = 2_654_435_761
"""Knuth's multiplier: row n is of person `n * MIX / 128 % SUBJECTS`, so nobody's rows are near."""

_FILL: Final = {
    "sqlite": """
WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :end)
INSERT INTO passage (site, device, at, received_at, late, direction, result, method, subject,
    sealed, masked, stream_id, seq, idx)
SELECT 'bench', 'gate-' || (i * 2654435761 / 64 % 20), :start + i * :step,
    :start + i * :step + 200, 0, 'in', 'granted', 'card',
    printf('%012x%052d', i * 2654435761 / 128 % 2000, 0), randomblob(40),
    printf('••••%04d', i * 2654435761 / 128 % 2000), 1, i + 1, 0 FROM n
""",
    "postgresql": """
INSERT INTO passage (site, device, at, received_at, late, direction, result, method, subject,
    sealed, masked, stream_id, seq, idx)
SELECT 'bench', 'gate-' || (i * 2654435761 / 64 % 20), :start + i * :step,
    :start + i * :step + 200, false, 'in', 'granted', 'card',
    lpad(to_hex(i * 2654435761 / 128 % 2000), 12, '0') || repeat('0', 52),
    sha256(CAST(CAST(i AS text) AS bytea)) || CAST('12345678' AS bytea),
    '••••' || lpad(CAST(i * 2654435761 / 128 % 2000 AS text), 4, '0'), 1, i + 1, 0
FROM generate_series(CAST(:first AS bigint), CAST(:end AS bigint) - 1) AS n(i)
""",
}


def main() -> None:
    """Print a line for each back end and kind of row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000, help="passages, and as many points")
    parser.add_argument("--timed", type=int, default=50_000, help="of each, at most")
    parser.add_argument("--back-end", choices=["sqlite", "postgresql", "victoriametrics"])
    asked = parser.parse_args()
    timed = min(asked.rows, asked.timed)
    for name, opened in (("sqlite", a_sqlite), ("postgresql", a_postgresql)):
        if asked.back_end in {None, name}:
            with opened(END) as made:
                _passages(made, asked.rows, timed)
                points.in_database(made, asked.rows, timed, END)
    if asked.back_end in {None, "victoriametrics"}:
        points.in_victoriametrics(asked.rows, END)


def _passages(made: Measured, rows: int, timed: int) -> None:
    step, before, draw = 90 * DAY // rows, made.size("passage"), random.Random(1)
    filling = fill(made, rows - timed, step)
    began = time.perf_counter()
    for first in range(rows - timed, rows, BATCH):
        some = [_passage(draw, n, step) for n in range(first, min(rows, first + BATCH))]
        made.write(lambda connection, batch=some: insert_passages(connection, batch))
    seconds = time.perf_counter() - began
    weight = (made.size("passage") - before) / rows
    _looks(made, draw, LOOKS // 10)
    looks = [_look(made, draw) for _ in range(LOOKS)]
    made.chill()
    cold = [_look(made, draw) for _ in range(COLD_LOOKS)]
    emit(
        "storage",
        f"{made.name}: passages",
        rows=rows,
        filled_s=round(filling, 1),
        rows_per_s=round(timed / seconds),
        bytes_per_row=round(weight),
        person_over_90_days_ms=told([wall for wall, _ in looks]),
        person_over_90_days_cpu_ms=told([cpu for _, cpu in looks]),
        person_after_all_was_forgotten_ms=told([wall for wall, _ in cold]),
    )


def fill(made: Measured, count: int, step: int) -> float:
    """Put so many in without the indexes that lists are read from, and make these afterwards."""
    began = time.perf_counter()
    indexes = sorted(passage.indexes, key=lambda one: str(one.name))
    for index in indexes:
        made.write(index.drop)
    for first in range(0, count, AT_ONCE):
        place = {"start": END - 90 * DAY, "step": step, "first": first}
        place["end"] = min(count, first + AT_ONCE)
        made.write(lambda c, some=place: c.execute(text(_FILL[made.name]), some))
    for index in indexes:
        made.write(index.create)
    made.settle("passage")
    return time.perf_counter() - began


def _passage(draw: random.Random, number: int, step: int) -> dict[str, Any]:
    at, person = END - 90 * DAY + number * step, number * MIX // 128 % SUBJECTS
    return {
        "site": SITE,
        "device": f"gate-{number * MIX // 64 % 20}",
        "at": at,
        "received_at": at + 200,
        "late": False,
        "direction": "in",
        "result": "granted",
        "reason": None,
        "method": "card",
        "subject": f"{person:012x}{0:052d}",
        "sealed": draw.randbytes(40),
        "masked": f"••••{person:04d}",
        "picture": None,
        "stream_id": 1,
        "seq": number + 1,
        "idx": 0,
    }


def _looks(made: Measured, draw: random.Random, count: int) -> None:
    for _ in range(count):
        _look(made, draw)


def _look(made: Measured, draw: random.Random) -> tuple[float, float]:
    """One person's passages over 90 days, as a person looks: seconds, and this process's own."""
    who = f"{draw.randrange(SUBJECTS):012x}"
    query = PassageQuery(subject=who, start=END - 90 * DAY, end=END, limit=100)
    return took(lambda: _read(made, query))


def _read(made: Measured, query: PassageQuery) -> None:
    with made.store.reader.connect() as connection:
        passage_rows(connection, SITE, query)


if __name__ == "__main__":
    main()
