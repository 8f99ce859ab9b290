"""Everybody who passes: who they are by mark, plate or card, where they went last."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import passage, passer, plate_form

UNKNOWN_EXITS: Final = 5_000
"""Exits of nobody knows whom that are counted at most."""

_FIRST_PIECE_MS: Final = 24 * 3_600_000
_GROWING: Final = 2
"""A day, then two before it, then four: half a year is eight pieces."""

_SHOWN: Final = (
    passer.c.id,
    passer.c.subject,
    passer.c.plate,
    passer.c.masked,
    passer.c.head,
    passer.c.seen_at,
    passer.c.way,
    passer.c.way_at,
    passer.c.way_device,
)
_A_PLATE: Final[ColumnElement[bool]] = literal_column("passer.plate")
"""As the index of plates says it."""


@dataclass(frozen=True, slots=True)
class InsideQuery:
    """Who went in from `start` on and before `end`, ms, and has not been seen to leave.

    plate: vehicles alone, or people alone; None means both.
    """

    start: int
    end: int
    plate: bool | None = None
    limit: int = 100
    before: str | None = None


def subject_of(connection: Connection, site: str, mark: str) -> str | None:
    """The hash that begins with a mark; None when nobody has it."""
    subject = passer.c.subject
    alike = select(subject).where(passer.c.site == site, subject >= mark, subject < mark + "g")
    return connection.scalar(alike.order_by(subject).limit(1))


def with_hashes(connection: Connection, site: str, hashes: Iterable[str]) -> Sequence[Record]:
    """Those whose credential or plate has one of these hashes."""
    found = select(*_SHOWN).where(passer.c.site == site, passer.c.subject.in_(list(hashes)))
    return connection.execute(found).mappings().all()


def with_forms(
    connection: Connection, site: str, forms: Collection[int], limit: int
) -> Sequence[Record]:
    """Vehicles whose plates have one of these forms, each with its `form`; `limit` at most."""
    table = plate_form.c
    have = select(table.passer, table.form).where(table.form.in_(forms)).limit(limit)
    pairs = connection.execute(have).all()
    # Asked for one after the other, and by their ids alone: SQLite would else go through all
    # passers of the site.
    found = select(*_SHOWN, passer.c.site).where(passer.c.id.in_({one.passer for one in pairs}))
    rows = {row["id"]: row for row in connection.execute(found).mappings() if row["site"] == site}
    return [{**rows[one.passer], "form": one.form} for one in pairs if one.passer in rows]


def inside_rows(
    connection: Connection, site: str, query: InsideQuery, *, longest_first: bool = False
) -> RecordPage:
    """Those whose last known way was in: who came last, or who came first, leads."""
    went = (passer.c.way == "in", passer.c.way_at >= query.start, passer.c.way_at < query.end)
    found = select(*_SHOWN).where(passer.c.site == site, *went)
    if query.plate is not None:
        found = found.where(passer.c.plate.is_(query.plate))
    key = (passer.c.way_at, passer.c.id)
    descending = not longest_first
    return page(
        connection, found, key, limit=query.limit, cursor=query.before, descending=descending
    )


def unknown_exits(
    connection: Connection, site: str, since: int, until: int, devices: Collection[str]
) -> list[int]:
    """When somebody nobody knows may have left by these devices, ms, newest first.

    From `since` on and before `until`, ms; UNKNOWN_EXITS at most. It goes back a piece at a time:
    PostgreSQL would else sort all that there are before it tells the newest.
    """
    found: list[int] = []
    end, span = until, _FIRST_PIECE_MS
    while end > since and len(found) < UNKNOWN_EXITS:
        begin = max(since, end - span)
        rest = UNKNOWN_EXITS - len(found)
        found += connection.scalars(_exits(site, begin, end, devices).limit(rest))
        end, span = begin, span * _GROWING
    return found


def _exits(site: str, start: int, end: int, devices: Collection[str]) -> Select[tuple[int]]:
    table = passage.c
    found = select(table.at).where(
        table.site == site,
        table.subject.is_(None),
        table.at >= start,
        table.at < end,
        table.result != "denied",
        func.coalesce(table.direction, "out") == "out",
        # Not by the index of devices: that holds everybody who passed.
        func.coalesce(table.device, "").in_(devices),
    )
    return found.order_by(table.at.desc())


def elsewhere_rows(
    connection: Connection, site: str, home: Collection[str], query: InsideQuery
) -> RecordPage:
    """Vehicles last seen in that time whose plates come from elsewhere, last seen first."""
    found = _plates(site, query.start, query.end).where(
        passer.c.head.is_not(None), passer.c.head.not_in(home)
    )
    key = (passer.c.seen_at, passer.c.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def heads(connection: Connection, site: str) -> list[tuple[str, int]]:
    """How many vehicles are known from where, the most first."""
    found = select(passer.c.head, func.count()).where(
        passer.c.site == site, _A_PLATE, passer.c.head.is_not(None)
    )
    rows = connection.execute(found.group_by(passer.c.head)).all()
    return sorted(((row[0], row[1]) for row in rows), key=lambda one: (-one[1], one[0]))


def _plates(site: str, start: int, end: int) -> Select[tuple[object, ...]]:
    seen = (passer.c.seen_at >= start, passer.c.seen_at < end)
    return select(*_SHOWN).where(passer.c.site == site, _A_PLATE, *seen)
