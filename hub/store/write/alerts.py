"""Alerts and their history, written as the life cycle in `hub.alerts` leaves them."""

from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hub.alerts import OPEN_STATES, Alert, AlertState
from hub.config import Priority
from hub.store.schema import alert, alert_history


def open_alerts(connection: Connection, site: str, device: str, condition: str) -> list[Alert]:
    """The open alerts of one condition on one device; nobody else changes them meanwhile."""
    rows = connection.execute(
        select(alert)
        .where(
            alert.c.site == site,
            alert.c.device == device,
            alert.c.condition == condition,
            alert.c.state.in_([state.value for state in OPEN_STATES]),
        )
        .with_for_update()
    )
    return [read_alert(row) for row in rows]


def last_occurrence(connection: Connection, site: str, device: str, condition: str) -> int:
    """The highest occurrence so far, open or closed; 0 when there was none."""
    query = select(func.max(alert.c.occurrence)).where(
        alert.c.site == site, alert.c.device == device, alert.c.condition == condition
    )
    return connection.scalar(query) or 0


def find_alert(connection: Connection, site: str, alert_id: str) -> Alert | None:
    """One alert of a site, which nobody else changes until the transaction ends."""
    query = select(alert).where(alert.c.site == site, alert.c.id == alert_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else read_alert(row)


def insert_alert(connection: Connection, one: Alert) -> None:
    """A new alert. IntegrityError when this occurrence exists: two never stand for one."""
    connection.execute(insert(alert), _columns(one))


def update_alert(connection: Connection, one: Alert) -> None:
    """An alert after a change."""
    connection.execute(update(alert).where(alert.c.id == one.id).values(_columns(one)))


def add_alert_step(
    connection: Connection,
    one: Alert,
    *,
    at: int,
    actor: str,
    action: str,
    from_state: AlertState | None,
    note: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """One line of an alert's history; `one` is the alert after the step."""
    connection.execute(
        insert(alert_history).values(
            alert=one.id,
            at=at,
            actor=actor,
            action=action,
            from_state=from_state,
            to_state=one.state,
            note=note,
            detail=detail,
        )
    )


def read_alert(row: Row[Any]) -> Alert:
    """An alert from a row of its table."""
    return Alert(
        id=row.id,
        site=row.site,
        device=row.device,
        condition=row.condition,
        occurrence=row.occurrence,
        priority=Priority(row.priority),
        state=AlertState(row.state),
        at=row.at,
        received_at=row.received_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        returned_at=row.returned_at,
        closed_at=row.closed_at,
        late=row.late,
        detail=row.detail,
        case=row.case_id,
        version=row.version,
    )


def _columns(one: Alert) -> dict[str, Any]:
    columns = {name: getattr(one, name) for name in Alert.__slots__}
    columns["case_id"] = columns.pop("case")
    columns["priority"] = one.priority.value
    columns["state"] = one.state.value
    columns["detail"] = dict(one.detail)
    return columns
