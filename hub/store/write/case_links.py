"""What ties cases to each other: links, and those that were merged into one."""

from sqlalchemy import Connection, delete, func, select

from hub.database.upsert import upsert
from hub.store.schema import case_, case_link


def add_link(
    connection: Connection, site: str, case: str, other: str, *, at: int, actor: str
) -> bool:
    """Link two cases; False when they are linked already."""
    one, two = sorted((case, other))
    added = connection.execute(
        upsert(case_link)
        .values(one=one, other=two, site=site, at=at, actor=actor)
        .on_conflict_do_nothing()
    )
    return added.rowcount == 1


def remove_link(connection: Connection, case: str, other: str) -> bool:
    """Take a link away; False when there is none."""
    one, two = sorted((case, other))
    removed = connection.execute(
        delete(case_link).where(case_link.c.one == one, case_link.c.other == two)
    )
    return removed.rowcount == 1


def merged_count(connection: Connection, case: str) -> int:
    """How many cases this one stands for."""
    query = select(func.count()).select_from(case_).where(case_.c.merged_into == case)
    return connection.scalar(query) or 0
