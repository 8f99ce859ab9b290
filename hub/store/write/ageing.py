"""Removes rows by their age, as many as one transaction takes."""

from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, select, tuple_

CHUNK: Final = 2_000
"""Rows that one transaction removes: some milliseconds, in which people's actions wait."""

DAY_MS: Final = 24 * 3_600_000


def aged(
    connection: Connection, table: Table, column: ColumnElement[int], now: int, days: int
) -> int:
    """Those whose time is over; how many went."""
    return remove(connection, table, column < now - days * DAY_MS)


def remove(connection: Connection, table: Table, doomed: ColumnElement[bool]) -> int:
    """Some of those that are doomed; how many went."""
    key = list(table.primary_key.columns)
    rows = select(*key).where(doomed).limit(CHUNK)
    return connection.execute(delete(table).where(tuple_(*key).in_(rows))).rowcount
