"""Access traces, credentials masked: what is under seal is not read here."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import passage


@dataclass(frozen=True, slots=True)
class PassageQuery:
    """Which passages: from `start` on and before `end`, ms; None means any."""

    device: str | None = None
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
    if query.device is not None:
        found = found.where(table.device == query.device)
    if query.start is not None:
        found = found.where(table.at >= query.start)
    if query.end is not None:
        found = found.where(table.at < query.end)
    key = (table.at, table.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)
