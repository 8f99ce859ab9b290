"""Cases and their histories."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import case_, case_history


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases; None means any. since: opened then or later, ms."""

    state: Literal["open", "closed", "all"] = "open"
    category: str | None = None
    device: str | None = None
    since: int | None = None
    limit: int = 100
    before: str | None = None


def case_rows(connection: Connection, site: str, query: CaseQuery) -> RecordPage:
    """Cases, newest first."""
    found = select(case_).where(case_.c.site == site)
    if query.state == "open":
        found = found.where(case_.c.closed_at.is_(None))
    elif query.state == "closed":
        found = found.where(case_.c.closed_at.is_not(None))
    if query.category is not None:
        found = found.where(case_.c.category == query.category)
    if query.device is not None:
        found = found.where(case_.c.device == query.device)
    if query.since is not None:
        found = found.where(case_.c.opened_at >= query.since)
    key = (case_.c.opened_at, case_.c.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def open_cases(connection: Connection, site: str) -> list[Record]:
    """All open cases, newest first."""
    found = select(case_).where(case_.c.site == site, case_.c.closed_at.is_(None))
    return [*connection.execute(found.order_by(case_.c.opened_at.desc(), case_.c.id)).mappings()]


def one_case(connection: Connection, site: str, name: str) -> Record | None:
    """The case with this id."""
    found = select(case_).where(case_.c.site == site, case_.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def case_steps(connection: Connection, name: str) -> list[Record]:
    """The case's history, oldest first."""
    found = select(case_history).where(case_history.c.case_id == name)
    return [*connection.execute(found.order_by(case_history.c.id)).mappings()]
