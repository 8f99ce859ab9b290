"""What is remembered of each alarm between its occurrences."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, bindparam, func, literal_column, select

from hub.alerts import HoldState, Point
from hub.database.jsontext import compact
from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.store.schema import alarm_hold, alarm_point, alert
from hub.store.write.alerts import IS_OPEN

Key = tuple[str, str, str]
"""(site, device, condition)"""

_STATEMENT = upsert(alarm_point)
_SAVE: Final = Prepared(
    _STATEMENT.on_conflict_do_update(
        index_elements=["site", "device", "condition"],
        set_={"state": _STATEMENT.excluded.state, "due_at": _STATEMENT.excluded.due_at},
    ),
    ("site", "device", "condition", "state", "due_at"),
)

_KEY: Final = ("site", "device", "condition")


def _mine(table: Table) -> list[ColumnElement[bool]]:
    return [table.c[name] == bindparam(name) for name in _KEY]


# Four in one: each of them costs more than it takes to find what it asks for. The hold's state
# is part of the text: SQLite plans anew for each value that might fit an index of some rows.
_STANDING: Final = Prepared(
    select(
        *(
            one.scalar_subquery().label(name)
            for name, one in {
                "state": select(alarm_point.c.state).where(*_mine(alarm_point)),
                "last": select(func.max(alert.c.occurrence)).where(*_mine(alert)),
                "there": select(func.count()).where(*_mine(alert), IS_OPEN),
                "hold": select(alarm_hold.c.id).where(
                    *_mine(alarm_hold),
                    alarm_hold.c.state == literal_column(f"'{HoldState.ACTIVE.value}'"),
                ),
            }.items()
        )
    ),
    _KEY,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an alarm stands before what is found of it.

    last: its highest occurrence so far, open or closed; 0 when there was none.
    there: it has open alerts.
    held: somebody keeps it silent.
    """

    point: Point
    last: int
    there: bool
    held: bool


@dataclass(frozen=True, slots=True)
class DuePoint:
    """A point for which time has something to do."""

    key: Key
    point: Point


def alarm_standing(connection: Connection, key: Key) -> Standing:
    """How the alarm stands; its point is a fresh one for an alarm that never was."""
    (found,) = _STANDING.rows(connection, *key)
    state = found["state"]
    point = Point() if state is None else Point.load(state)
    there, held = found["there"] > 0, found["hold"] is not None
    return Standing(point, found["last"] or 0, there=there, held=held)


def save_points(connection: Connection, points: Mapping[Key, Point]) -> None:
    """Write them."""
    rows = [(*key, compact(one.dump()), one.due_at) for key, one in points.items()]
    _SAVE.many(connection, rows)


def due_points(connection: Connection, now: int, limit: int) -> list[DuePoint]:
    """Points whose time has come, the longest overdue first."""
    rows = connection.execute(
        select(alarm_point)
        .where(alarm_point.c.due_at <= now)
        .order_by(
            alarm_point.c.due_at,
            alarm_point.c.site,
            alarm_point.c.device,
            alarm_point.c.condition,
        )
        .limit(limit)
    )
    return [DuePoint((row.site, row.device, row.condition), Point.load(row.state)) for row in rows]
