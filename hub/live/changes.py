"""Reads the change feed's rows, and each changed thing's body once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from hub.live.events import Changed
from hub.store.schema import change

PAGE: Final = 500
"""Rows that are read at once."""

Load = Callable[[Connection, str, str, str], Mapping[str, Any] | None]
"""`load(reader, site, type, ref)`: the thing's body as it is now, or None. Runs in a thread."""


@dataclass(frozen=True, slots=True)
class Span:
    """The positions that a site's feed still holds; `first` is 1 and `last` 0 while it is empty."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows, in order. upto: the last position read. more: there may be further rows."""

    changes: tuple[Changed, ...]
    upto: int
    more: bool


def read_span(reader: Engine, site: str) -> Span:
    """Which positions a site's feed holds."""
    query = select(func.min(change.c.position), func.max(change.c.position)).where(
        change.c.site == site
    )
    with reader.connect() as connection:
        first, last = connection.execute(query).one()
    return Span(first or 1, last or 0)


def read_page(
    reader: Engine,
    site: str,
    *,
    after: int,
    until: int | None,
    limit: int,
    load: Load,
) -> Page:
    """Rows behind position `after`, up to `until` where given, and their bodies, at one moment.

    A thing that changed several times within the page is told once, at its last position, as it
    is now.
    """
    query = select(change).where(change.c.site == site, change.c.position > after)
    if until is not None:
        query = query.where(change.c.position <= until)
    with reader.connect() as connection, connection.begin():
        rows = connection.execute(query.order_by(change.c.position).limit(limit)).all()
        latest = {(row.type, row.ref): row for row in rows}
        changes = tuple(
            Changed(
                row.position, row.type, row.ref, row.at, load(connection, site, row.type, row.ref)
            )
            for row in rows
            if latest[row.type, row.ref] is row
        )
    upto = rows[-1].position if rows else after
    return Page(changes, upto, more=len(rows) == limit)
