"""Tables that PostgreSQL keeps by the month: made ahead, dropped whole, never without a place.

A partition `passage_2026_01` holds January 2026 (UTC); `passage_rest` whatever has none. On SQLite
the same tables are whole, and nothing here does anything.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from hub.database.dialect import is_postgres

AHEAD: Final = 2
"""Months after the present one that always have their partition."""

_LOCK_WAIT: Final = "200ms"
"""Dropping waits for readers this long at most: everything else waits behind it."""


@dataclass(frozen=True, slots=True)
class Partitioned:
    """A table that is partitioned by the range of `column`, ms."""

    table: str
    column: str


PASSAGE: Final = Partitioned("passage", "received_at")
POINT: Final = Partitioned("point", "at")


@dataclass(frozen=True, slots=True)
class Month:
    """A month in UTC."""

    year: int
    month: int

    @classmethod
    def of(cls, at: int) -> "Month":
        """The month of a moment, ms; the first or last there is for one beyond all calendars."""
        day = datetime.fromtimestamp(min(max(at, _FIRST), _LAST) / 1000, UTC)
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """So many months later."""
        place = self.year * 12 + self.month - 1 + months
        return Month(place // 12, place % 12 + 1)

    @property
    def start(self) -> int:
        """Its first moment, ms."""
        return int(datetime(self.year, self.month, 1, tzinfo=UTC).timestamp()) * 1000

    def __str__(self) -> str:
        return f"{self.year:04d}_{self.month:02d}"


_FIRST: Final = 0
_LAST: Final = 253_370_764_800_000
"""9999-01-01: what comes later has its place in the rest."""


def rest(table: Partitioned) -> str:
    """The partition of what has no month of its own."""
    return f"{table.table}_rest"


def ensure(connection: Connection, table: Partitioned, now: int) -> list[str]:
    """Give the month before `now`, its own, and some ahead their partitions; those that are new.

    Rows that had to wait in the rest move over.
    """
    return make(connection, table, [Month.of(now).plus(more) for more in range(-1, AHEAD + 1)])


def make(connection: Connection, table: Partitioned, wanted: Iterable[Month]) -> list[str]:
    """Give these months their partitions; those that are new."""
    if not is_postgres(connection):
        return []
    known = {name for name, _ in months(connection, table)}
    missing = [month for month in wanted if f"{table.table}_{month}" not in known]
    return [_make(connection, table, month) for month in missing]


def months(connection: Connection, table: Partitioned) -> list[tuple[str, Month]]:
    """The partitions with a month, oldest first."""
    if not is_postgres(connection):
        return []
    rows = connection.execute(
        text(
            "SELECT inhrelid::regclass::text FROM pg_inherits"
            " WHERE inhparent = CAST(:t AS regclass)"
        ),
        {"t": table.table},
    ).scalars()
    found = []
    for name in rows:
        year, _, month = name.removeprefix(f"{table.table}_").partition("_")
        if year.isdigit() and month.isdigit():
            found.append((name, Month(int(year), int(month))))
    return sorted(found)


def drop(connection: Connection, name: str) -> bool:
    """Drop one partition with all its rows; False when readers held it for too long."""
    try:
        with connection.begin_nested():
            connection.execute(text(f"SET LOCAL lock_timeout = '{_LOCK_WAIT}'"))
            connection.execute(text(f'DROP TABLE "{name}"'))
    except OperationalError as error:
        if error.connection_invalidated:
            raise
        return False
    return True


def holds_rows(connection: Connection, name: str) -> bool:
    """Whether a partition has rows left."""
    query = text(f'SELECT EXISTS (SELECT 1 FROM "{name}")')  # noqa: S608 - our own name
    return bool(connection.scalar(query))


def _make(connection: Connection, table: Partitioned, month: Month) -> str:
    """Make a month's partition beside the table, fill it from the rest, and attach it."""
    name, column = f"{table.table}_{month}", table.column
    bounds = {"low": month.start, "high": month.plus(1).start}
    like = f'CREATE TABLE "{name}" (LIKE {table.table} INCLUDING ALL EXCLUDING IDENTITY)'
    connection.execute(text(like))
    connection.execute(
        text(
            f"WITH moved AS (DELETE FROM {rest(table)}"  # noqa: S608 - our own names alone
            f" WHERE {column} >= :low AND {column} < :high RETURNING *)"
            f' INSERT INTO "{name}" SELECT * FROM moved'
        ),
        bounds,
    )
    connection.execute(
        text(
            f'ALTER TABLE {table.table} ATTACH PARTITION "{name}"'
            f" FOR VALUES FROM ({bounds['low']}) TO ({bounds['high']})"
        )
    )
    return name
