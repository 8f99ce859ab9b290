"""Modes that were switched on: rows of the switch between peace and emergency."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from hub.alerts import ACTIVE_STATES, Alert
from hub.alerts.modes import Switch
from hub.cases import Case
from hub.store.rows import case_of
from hub.store.schema import alert, case_, mode_switch
from hub.store.write.alerts import alert_from

_FIELDS: Final = tuple(one.name for one in fields(Switch))


def in_force(connection: Connection, site: str) -> list[Switch]:
    """What is switched on at a site, the oldest first."""
    found = select(mode_switch).where(mode_switch.c.site == site, mode_switch.c.ended_at.is_(None))
    rows = connection.execute(found.order_by(mode_switch.c.begun_at, mode_switch.c.id))
    return [switch_of(row) for row in rows.mappings()]


def find_switch(connection: Connection, site: str, name: str) -> Switch | None:
    """One of a site, which nobody else changes until the transaction ends."""
    found = select(mode_switch).where(mode_switch.c.site == site, mode_switch.c.id == name)
    row = connection.execute(found.with_for_update()).mappings().one_or_none()
    return None if row is None else switch_of(row)


def count_switches(connection: Connection, site: str, area: str) -> int:
    """How often an area was switched."""
    found = select(func.count()).where(mode_switch.c.site == site, mode_switch.c.area == area)
    return connection.scalar(found) or 0


def insert_switch(connection: Connection, one: Switch) -> None:
    """A new one. IntegrityError when its area has one in force."""
    connection.execute(insert(mode_switch).values(_columns(one)))


def update_switch(connection: Connection, one: Switch) -> None:
    """One after a step."""
    connection.execute(update(mode_switch).where(mode_switch.c.id == one.id).values(_columns(one)))


def overdue_switches(connection: Connection, now: int, limit: int) -> list[Switch]:
    """Those whose time has run out."""
    found = select(mode_switch).where(mode_switch.c.ended_at.is_(None), mode_switch.c.until <= now)
    rows = connection.execute(found.order_by(mode_switch.c.until).limit(limit)).mappings()
    return [switch_of(row) for row in rows]


def untold_switches(connection: Connection, limit: int) -> list[Switch]:
    """Those of which some open cases have not been told."""
    found = select(mode_switch).where(mode_switch.c.touched.is_not(None))
    rows = connection.execute(found.order_by(mode_switch.c.begun_at).limit(limit)).mappings()
    return [switch_of(row) for row in rows]


def cases_after(connection: Connection, site: str, after: str, limit: int) -> list[Case]:
    """Open cases of a site by id, behind `after`."""
    found = (
        select(case_)
        .where(case_.c.site == site, case_.c.closed_at.is_(None), case_.c.id > after)
        .order_by(case_.c.id)
        .limit(limit)
        .with_for_update()
    )
    return [case_of(row) for row in connection.execute(found).mappings()]


def alerts_of(connection: Connection, site: str, conditions: list[str]) -> list[Alert]:
    """Alerts of these conditions that are there."""
    found = select(alert).where(
        alert.c.site == site,
        alert.c.condition.in_(conditions),
        alert.c.state.in_([state.value for state in ACTIVE_STATES]),
    )
    return [alert_from(row) for row in connection.execute(found.with_for_update()).mappings()]


def switch_of(row: Mapping[Any, Any]) -> Switch:
    """From a row's columns by name."""
    return Switch(**{name: row[name] for name in _FIELDS})


def _columns(one: Switch) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _FIELDS}
