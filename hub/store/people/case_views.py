"""How people look at the list of cases, kept for each of them, as rows."""

import secrets
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, select

from hub.errors import ConflictError, NotFoundError
from hub.store.reads.page import Record
from hub.store.schema import case_view

MOST_VIEWS: Final = 30
"""Views that a person keeps of one site."""


def views_of(connection: Connection, owner: str, site: str) -> list[Record]:
    """A person's views, in the order in which they were made."""
    found = select(case_view).where(case_view.c.owner == owner, case_view.c.site == site)
    return [*connection.execute(found.order_by(case_view.c.at, case_view.c.id)).mappings()]


def add_view(
    connection: Connection, owner: str, site: str, name: str, asked: Mapping[str, Any], now: int
) -> None:
    """Keep a view; the same name again replaces it. Raises ConflictError for too many."""
    mine = (case_view.c.owner == owner, case_view.c.site == site)
    connection.execute(delete(case_view).where(*mine, case_view.c.name == name))
    if (connection.scalar(select(func.count()).where(*mine)) or 0) >= MOST_VIEWS:
        raise ConflictError(f"there are {MOST_VIEWS} already", code="too-many-views")
    row = {"id": secrets.token_hex(8), "owner": owner, "site": site, "name": name}
    connection.execute(insert(case_view).values(**row, asked=dict(asked), at=now))


def drop_view(connection: Connection, owner: str, site: str, view: str) -> None:
    """Forget one of one's own. Raises NotFoundError."""
    mine = (case_view.c.owner == owner, case_view.c.site == site, case_view.c.id == view)
    if not connection.execute(delete(case_view).where(*mine)).rowcount:
        raise NotFoundError("view", view)
