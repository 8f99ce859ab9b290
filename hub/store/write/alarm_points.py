"""What is remembered of each alarm between its occurrences."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, select

from hub.alerts import Point
from hub.database.jsontext import compact
from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.store.schema import alarm_point

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

_LOAD: Final = select(alarm_point.c.state).where(
    alarm_point.c.site == bindparam("site"),
    alarm_point.c.device == bindparam("device"),
    alarm_point.c.condition == bindparam("condition"),
)


@dataclass(frozen=True, slots=True)
class DuePoint:
    """A point for which time has something to do."""

    key: Key
    point: Point


def load_point(connection: Connection, key: Key) -> Point:
    """The alarm's point; a fresh one for an alarm that never was."""
    site, device, condition = key
    state = connection.scalar(_LOAD, {"site": site, "device": device, "condition": condition})
    return Point() if state is None else Point.load(state)


def save_point(connection: Connection, key: Key, point: Point) -> None:
    """Write it."""
    _SAVE.many(connection, [(*key, compact(point.dump()), point.due_at)])


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
