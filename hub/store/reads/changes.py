"""The change feed's position."""

from sqlalchemy import Connection, func, select

from hub.store.schema import change


def last_position(connection: Connection, site: str) -> int:
    """The position of the site's newest change; 0 before the first."""
    found = select(func.max(change.c.position)).where(change.c.site == site)
    return connection.execute(found).scalar_one_or_none() or 0
