"""Access traces, credentials masked: what is under seal is not read here."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, false, func, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import passage


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
    shown = (
        table.id,
        table.device,
        table.at,
        table.received_at,
        table.direction,
        table.result,
        table.reason,
        table.method,
        table.subject,
        table.masked,
        table.picture,
    )
    found = select(*shown).where(table.site == site)
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
