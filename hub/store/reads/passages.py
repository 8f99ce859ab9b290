"""Access traces, credentials masked: what is under seal is not read here."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, false, func, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import passage

SHOWN: Final = (
    passage.c.id,
    passage.c.device,
    passage.c.at,
    passage.c.received_at,
    passage.c.direction,
    passage.c.result,
    passage.c.reason,
    passage.c.method,
    passage.c.subject,
    passage.c.masked,
    passage.c.picture,
    passage.c.operator,
    passage.c.floor,
)
"""What a list shows of a passage: all of it stands in the index by subject."""

_ROW_DIGITS: Final = 18


@dataclass(frozen=True, slots=True)
class PassageQuery:
    """Which passages: from `start` on and before `end`, ms; None means any.

    subject: the first hex digits of a subject's hash, as people are shown them.
    """

    device: str | None = None
    subject: str | None = None
    start: int | None = None
    end: int | None = None
    limit: int = 100
    before: str | None = None


def passage_rows(connection: Connection, site: str, query: PassageQuery) -> RecordPage:
    """Passages, newest first."""
    table = passage.c
    found = select(*SHOWN).where(table.site == site)
    if query.subject is not None:
        found = found.where(_who(connection, site, query.subject))
    if query.device is not None:
        found = found.where(table.device == query.device)
    if query.start is not None:
        found = found.where(table.at >= query.start)
    if query.end is not None:
        found = found.where(table.at < query.end)
    key = (table.at, table.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def one_passage(connection: Connection, site: str, name: str) -> Record | None:
    """The passage with this id; None when there is none, or it is another site's."""
    if not name.isdecimal() or int(name) >= 2**63:
        return None
    found = select(*SHOWN).where(passage.c.id == int(name), passage.c.site == site)
    return connection.execute(found).mappings().one_or_none()


def passers_in(
    connection: Connection, site: str, *, device: str | None, at: int, picture: str | None
) -> list[str]:
    """The hashes of those whose passage at that moment took this picture."""
    found = select(passage.c.subject).where(
        passage.c.site == site,
        passage.c.device == device,
        passage.c.at == at,
        passage.c.picture == picture,
        passage.c.subject.is_not(None),
    )
    return list(connection.scalars(found))


@dataclass(frozen=True, slots=True)
class Sealed:
    """Whose passage it was: keyed hash, and under seal. id: of the passage."""

    id: int
    subject: str
    sealed: bytes


def sealed_passage(connection: Connection, site: str, name: str) -> Sealed | None:
    """Of one passage; None when there is none such, or nobody is known to have passed."""
    known = name.isascii() and name.isdigit() and len(name) <= _ROW_DIGITS
    return _sealed(connection, site, passage.c.id == int(name)) if known else None


def sealed_subject(connection: Connection, site: str, mark: str) -> Sealed | None:
    """Of the newest passage of somebody. mark: the first hex digits of their hash."""
    return _sealed(connection, site, _who(connection, site, mark))


def _sealed(connection: Connection, site: str, which: ColumnElement[bool]) -> Sealed | None:
    found = (
        select(passage.c.id, passage.c.subject, passage.c.sealed)
        .where(passage.c.site == site, which)
        .where(passage.c.subject.is_not(None), passage.c.sealed.is_not(None))
        .order_by(passage.c.at.desc())
        .limit(1)
    )
    row = connection.execute(found).one_or_none()
    return None if row is None else Sealed(row.id, row.subject, row.sealed)


def _who(connection: Connection, site: str, mark: str) -> ColumnElement[bool]:
    """Whose passages these are: of one hash, so that an index gives them in the order of time.

    Several that begin alike are all shown: 12 digits tell a site's credentials apart, fewer do not.
    """
    subject = passage.c.subject
    alike = (passage.c.site == site, subject >= mark, subject < mark + "g")  # after all hex digits
    ends = (select(end(subject)).where(*alike).scalar_subquery() for end in (func.min, func.max))
    first, last = connection.execute(select(*ends)).one()
    if first is None:
        return false()
    return subject == first if first == last else subject.between(first, last)
