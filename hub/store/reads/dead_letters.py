"""Messages that were set aside; their contents stay under seal."""

from sqlalchemy import Connection, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import dead_letter


def dead_letter_rows(
    connection: Connection, site: str, *, limit: int, before: str | None
) -> RecordPage:
    """Dead letters of a site, newest first."""
    table = dead_letter.c
    shown = (
        table.id,
        table.received_at,
        table.agent,
        table.lane,
        table.seq,
        table.topic,
        table.reason,
        table.detail,
        table.size,
    )
    found = select(*shown).where(table.site == site)
    return page(connection, found, (table.id,), limit=limit, cursor=before)
