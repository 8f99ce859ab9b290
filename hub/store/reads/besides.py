"""Openings that no credential explains: forced, tail-gated, by hand, from afar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, literal_column, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.reads.passages import SHOWN
from hub.store.schema import passage
from hub.store.schema.intake import BESIDES

_AS_INDEXED: Final[ColumnElement[bool]] = literal_column(f"({BESIDES})")

FOLLOWED_MS: Final = 60_000
"""Whoever was let in so long before a tail-gater is taken for the one who was followed: a permit
is good for that time (`configs/rules/barrier-tailgating.toml`)."""


@dataclass(frozen=True, slots=True)
class BesidesQuery:
    """Which: of one result, from `start` on and before `end`, ms; None means any."""

    result: str
    start: int | None = None
    end: int | None = None
    limit: int = 100
    before: str | None = None


def besides_rows(connection: Connection, site: str, query: BesidesQuery) -> RecordPage:
    """They, newest first."""
    table = passage.c
    found = select(*SHOWN).where(table.site == site, table.result == query.result, _AS_INDEXED)
    if query.start is not None:
        found = found.where(table.at >= query.start)
    if query.end is not None:
        found = found.where(table.at < query.end)
    return page(connection, found, (table.at, table.id), limit=query.limit, cursor=query.before)


def followed(connection: Connection, site: str, rows: Sequence[Record]) -> dict[int, Record]:
    """Who was let through last before each of these, by their ids."""
    table = passage.c
    found: dict[int, Record] = {}
    for row in rows:
        before = select(*SHOWN).where(
            table.site == site,
            table.device == row["device"],
            table.at <= row["at"],
            table.at >= row["at"] - FOLLOWED_MS,
            table.result == "granted",
        )
        last = connection.execute(before.order_by(table.at.desc()).limit(1)).mappings().first()
        if last is not None:
            found[row["id"]] = last
    return found
