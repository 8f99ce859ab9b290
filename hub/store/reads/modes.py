"""Modes that were switched on."""

from sqlalchemy import Connection, or_, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import mode_switch


def switch_rows(
    connection: Connection, site: str, *, state: str, limit: int, before: str | None
) -> RecordPage:
    """Newest first. state: open, closed or all."""
    found = select(mode_switch).where(mode_switch.c.site == site)
    if state == "open":
        found = found.where(mode_switch.c.ended_at.is_(None))
    elif state == "closed":
        found = found.where(mode_switch.c.ended_at.is_not(None))
    key = (mode_switch.c.begun_at, mode_switch.c.id)
    return page(connection, found, key, limit=limit, cursor=before)


def switches_in_force(connection: Connection, site: str) -> list[Record]:
    """What is switched on, the oldest first."""
    found = select(mode_switch).where(mode_switch.c.site == site, mode_switch.c.ended_at.is_(None))
    return [*connection.execute(found.order_by(mode_switch.c.begun_at)).mappings()]


def switches_between(connection: Connection, site: str, since: int, until: int) -> list[Record]:
    """Those that were in force at some moment of the time, the oldest first."""
    found = select(mode_switch).where(
        mode_switch.c.site == site,
        mode_switch.c.begun_at < until,
        or_(mode_switch.c.ended_at.is_(None), mode_switch.c.ended_at > since),
    )
    return [*connection.execute(found.order_by(mode_switch.c.begun_at)).mappings()]


def one_switch(connection: Connection, site: str, name: str) -> Record | None:
    """The one with this id."""
    found = select(mode_switch).where(mode_switch.c.site == site, mode_switch.c.id == name)
    return connection.execute(found).mappings().one_or_none()
