"""Alerts and their histories."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import alert, alert_history


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which alerts; None means any. since: `at` or later, ms."""

    state: Literal["open", "closed", "all"] = "open"
    condition: str | None = None
    device: str | None = None
    parent: str | None = None
    since: int | None = None
    limit: int = 100
    before: str | None = None


def alert_rows(connection: Connection, site: str, query: AlertQuery) -> RecordPage:
    """Alerts, newest first."""
    found = select(alert).where(alert.c.site == site)
    if query.state == "open":
        found = found.where(alert.c.closed_at.is_(None))
    elif query.state == "closed":
        found = found.where(alert.c.closed_at.is_not(None))
    if query.condition is not None:
        found = found.where(alert.c.condition == query.condition)
    if query.device is not None:
        found = found.where(alert.c.device == query.device)
    if query.parent is not None:
        found = found.where(alert.c.parent == query.parent)
    if query.since is not None:
        found = found.where(alert.c.at >= query.since)
    key = (alert.c.at, alert.c.id)
    return page(connection, found, key, limit=query.limit, cursor=query.before)


def open_alerts(connection: Connection, site: str) -> list[Record]:
    """All open alerts, newest first."""
    found = select(alert).where(alert.c.site == site, alert.c.closed_at.is_(None))
    return [*connection.execute(found.order_by(alert.c.at.desc(), alert.c.id)).mappings()]


def one_alert(connection: Connection, site: str, name: str) -> Record | None:
    """The alert with this id."""
    found = select(alert).where(alert.c.site == site, alert.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def alerts_of_case(connection: Connection, site: str, case: str) -> list[Record]:
    """The alerts that became part of a case, oldest first."""
    found = select(alert).where(alert.c.site == site, alert.c.case_id == case)
    return [*connection.execute(found.order_by(alert.c.at, alert.c.id)).mappings()]


def alert_steps(connection: Connection, name: str) -> list[Record]:
    """The alert's history, oldest first."""
    found = select(alert_history).where(alert_history.c.alert == name)
    return [*connection.execute(found.order_by(alert_history.c.id)).mappings()]
