"""Weekly reports and monthly notices that were made."""

from sqlalchemy import Connection, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import bulletin


def find_bulletin(connection: Connection, site: str, name: str) -> Record | None:
    """The one with this id."""
    found = select(bulletin).where(bulletin.c.site == site, bulletin.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def bulletin_rows(
    connection: Connection, site: str, *, limit: int, before: str | None
) -> RecordPage:
    """All of a site, newest first, without their figures."""
    columns = [column for column in bulletin.c if column.key != "figures"]
    found = select(*columns).where(bulletin.c.site == site)
    key = (bulletin.c.made_at, bulletin.c.id)
    return page(connection, found, key, limit=limit, cursor=before)
