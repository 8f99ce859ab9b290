"""Rounds of patrols."""

from sqlalchemy import Connection, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import patrol_round


def round_rows(
    connection: Connection,
    site: str,
    *,
    state: str,
    plan: str | None,
    limit: int,
    before: str | None,
) -> RecordPage:
    """The latest due first. state: open, closed or all."""
    found = select(patrol_round).where(patrol_round.c.site == site)
    if state == "open":
        found = found.where(patrol_round.c.ended_at.is_(None))
    elif state == "closed":
        found = found.where(patrol_round.c.ended_at.is_not(None))
    if plan is not None:
        found = found.where(patrol_round.c.plan == plan)
    key = (patrol_round.c.due_at, patrol_round.c.id)
    return page(connection, found, key, limit=limit, cursor=before)


def open_rounds(connection: Connection, site: str) -> list[Record]:
    """Those that are due or under way, the first due first."""
    found = select(patrol_round).where(
        patrol_round.c.site == site, patrol_round.c.ended_at.is_(None)
    )
    return [*connection.execute(found.order_by(patrol_round.c.due_at)).mappings()]


def one_round(connection: Connection, site: str, name: str) -> Record | None:
    """The one with this id."""
    found = select(patrol_round).where(patrol_round.c.site == site, patrol_round.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def rounds_between(connection: Connection, site: str, since: int, until: int) -> list[Record]:
    """Those that were due from `since` up to, but without, `until`; the oldest first."""
    found = select(patrol_round).where(
        patrol_round.c.site == site,
        patrol_round.c.due_at >= since,
        patrol_round.c.due_at < until,
    )
    return [*connection.execute(found.order_by(patrol_round.c.due_at)).mappings()]
