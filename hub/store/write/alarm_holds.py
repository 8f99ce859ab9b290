"""What people keep silent: shelves, and alarms out of service."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from hub.alerts import Hold, HoldKind, HoldState
from hub.store.schema import alarm_hold


def find_hold(connection: Connection, site: str, name: str) -> Hold | None:
    """One hold of a site."""
    query = select(alarm_hold).where(alarm_hold.c.site == site, alarm_hold.c.id == name)
    row = connection.execute(query).one_or_none()
    return None if row is None else _hold(row)


def active_hold(connection: Connection, site: str, device: str, condition: str) -> Hold | None:
    """The hold that keeps this alarm silent now."""
    query = select(alarm_hold).where(
        alarm_hold.c.site == site,
        alarm_hold.c.device == device,
        alarm_hold.c.condition == condition,
        alarm_hold.c.state == HoldState.ACTIVE.value,
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _hold(row)


def count_holds(connection: Connection, site: str, device: str, condition: str) -> int:
    """How often this alarm was held, or was asked to be."""
    query = select(func.count()).where(
        alarm_hold.c.site == site,
        alarm_hold.c.device == device,
        alarm_hold.c.condition == condition,
    )
    return connection.scalar(query) or 0


def overdue_holds(connection: Connection, now: int, limit: int) -> list[Hold]:
    """Active holds whose time has run out, the longest overdue first."""
    rows = connection.execute(
        select(alarm_hold)
        .where(alarm_hold.c.state == HoldState.ACTIVE.value, alarm_hold.c.until <= now)
        .order_by(alarm_hold.c.until, alarm_hold.c.id)
        .limit(limit)
    )
    return [_hold(row) for row in rows]


def insert_hold(connection: Connection, hold: Hold) -> None:
    """A new hold. IntegrityError when the alarm has an active one."""
    connection.execute(insert(alarm_hold), _columns(hold))


def update_hold(connection: Connection, hold: Hold) -> None:
    """A hold after a step."""
    connection.execute(update(alarm_hold).where(alarm_hold.c.id == hold.id).values(_columns(hold)))


def _hold(row: Row[Any]) -> Hold:
    values = {one.name: getattr(row, one.name) for one in fields(Hold)}
    return Hold(**{**values, "kind": HoldKind(row.kind), "state": HoldState(row.state)})


def _columns(hold: Hold) -> dict[str, Any]:
    values = {one.name: getattr(hold, one.name) for one in fields(Hold)}
    return {**values, "kind": hold.kind.value, "state": hold.state.value}
