"""Alerts and their history, written as the life cycle in `hub.alerts` leaves them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Row, String, bindparam, insert, literal_column, select, update

from hub.alerts import ACTIVE_STATES, OPEN_STATES, Alert, AlertState, Annunciation
from hub.config import Priority
from hub.database.jsontext import compact
from hub.database.prepared import Later, Prepared
from hub.store.schema import alert, alert_history

# Built once: putting a statement together costs more than it takes to run.
IS_OPEN: Final = alert.c.state.in_(
    [literal_column(f"'{state.value}'", String) for state in sorted(OPEN_STATES)]
)
_OPEN: Final = Prepared(
    select(alert)
    .where(
        alert.c.site == bindparam("site"),
        alert.c.device == bindparam("device"),
        alert.c.condition == bindparam("condition"),
        IS_OPEN,
    )
    .with_for_update(),
    ("site", "device", "condition"),
)
_NAMES: Final = (*(one.name for one in alert.columns), "of_id")
_INSERT: Final = Prepared(insert(alert), _NAMES)
_UPDATE: Final = Prepared(update(alert).where(alert.c.id == bindparam("of_id")), _NAMES)
_STEP: Final = ("alert", "at", "actor", "action", "from_state", "to_state", "note", "detail")
_ADD_STEP: Final = Prepared(insert(alert_history), _STEP)


def open_alerts(connection: Connection, site: str, device: str, condition: str) -> list[Alert]:
    """The open alerts of one condition on one device; nobody else changes them meanwhile."""
    return [alert_from(row) for row in _OPEN.rows(connection, site, device, condition)]


def find_alert(connection: Connection, site: str, alert_id: str) -> Alert | None:
    """One alert of a site, which nobody else changes until the transaction ends."""
    query = select(alert).where(alert.c.site == site, alert.c.id == alert_id).with_for_update()
    row = connection.execute(query).one_or_none()
    return None if row is None else read_alert(row)


def insert_alert(later: Later, one: Alert) -> None:
    """A new alert. IntegrityError when this occurrence exists: two never stand for one."""
    later.add(_INSERT, _row(one))


def update_alert(connection: Connection, one: Alert) -> None:
    """An alert after a change."""
    _UPDATE.many(connection, [_row(one)])


def add_alert_step(
    later: Later,
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
    told = None if detail is None else compact(detail)
    before = None if from_state is None else from_state.value
    row = (one.id, at, actor, action, before, one.state.value, note, told)
    later.add_about(_ADD_STEP, row)


def active_alerts(
    connection: Connection, site: str, devices: Sequence[str], conditions: Sequence[str]
) -> list[Alert]:
    """Alerts of these devices and conditions whose condition is there."""
    rows = connection.execute(
        select(alert).where(
            alert.c.site == site,
            alert.c.device.in_(devices),
            alert.c.condition.in_(conditions),
            alert.c.state.in_([state.value for state in ACTIVE_STATES]),
        )
    )
    return [read_alert(row) for row in rows]


def children_of(connection: Connection, site: str, parent: str) -> list[Alert]:
    """Alerts that this one still explains."""
    rows = connection.execute(
        select(alert).where(
            alert.c.site == site,
            alert.c.parent == parent,
            alert.c.state == AlertState.SUPPRESSED.value,
        )
    )
    return [read_alert(row) for row in rows]


def due_alerts(connection: Connection, now: int, limit: int) -> list[Alert]:
    """Alerts for which time has something to do, the longest overdue first."""
    rows = connection.execute(
        select(alert).where(alert.c.due_at <= now).order_by(alert.c.due_at, alert.c.id).limit(limit)
    )
    return [read_alert(row) for row in rows]


def read_alert(row: Row[Any]) -> Alert:
    """An alert from a row of its table."""
    return alert_from(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def alert_from(row: Mapping[Any, Any]) -> Alert:
    """An alert from a row's columns by name."""
    values = {name: row[_COLUMN.get(name, name)] for name in Alert.__slots__}
    told = row["annunciation"]
    values["priority"] = Priority(row["priority"])
    values["state"] = AlertState(row["state"])
    values["annunciation"] = None if told is None else Annunciation(told)
    return Alert(**values)


_COLUMN: Final = {"case": "case_id"}


def _row(one: Alert) -> tuple[Any, ...]:
    columns = {name: getattr(one, name) for name in Alert.__slots__}
    columns["case_id"] = columns.pop("case")
    columns["priority"] = one.priority.value
    columns["state"] = one.state.value
    columns["detail"] = compact(dict(one.detail))
    columns["of_id"] = one.id
    columns["annunciation"] = None if one.annunciation is None else one.annunciation.value
    return tuple(columns[name] for name in _NAMES)
