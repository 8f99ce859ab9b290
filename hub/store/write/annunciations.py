"""What was told to whom, and floods."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, Integer, bindparam, insert, select, update

from hub.alerts import Alert, Annunciation, Traffic, flood_over_at
from hub.alerts.annunciation import FLOOD_BEGINS_ABOVE, FLOOD_ENDS_BELOW, SOUNDED, SOUNDS, WINDOW_MS
from hub.config import Priority
from hub.database.prepared import Later, Prepared
from hub.store.schema import annunciation, flood

# Built once: putting a statement together costs more than it takes to run.
_LATE: Final = (annunciation.c.desk == bindparam("desk"), annunciation.c.at > bindparam("since"))
_SOUNDS: Final = (
    select(annunciation.c.at)
    .where(*_LATE, annunciation.c.rationed.is_(True))
    .order_by(annunciation.c.at.desc())
    .limit(SOUNDS)
)
_ALARMS: Final = (
    select(annunciation.c.at)
    .where(*_LATE, annunciation.c.again.is_(False))
    .order_by(annunciation.c.at.desc())
    .limit(bindparam("most", type_=Integer))
)
_FLOOD: Final = select(flood.c.began_at).where(
    flood.c.desk == bindparam("desk"), flood.c.ended_at.is_(None)
)
_GROUPED: Final = Prepared(
    update(flood)
    .where(flood.c.desk == bindparam("of_desk"), flood.c.ended_at.is_(None))
    .values(grouped=flood.c.grouped + bindparam("more")),
    ("of_desk", "more"),
)
_NOTED: Final = (
    "at",
    "desk",
    "site",
    "alert",
    "device",
    "condition",
    "priority",
    "how",
    "rationed",
    "again",
)
_NOTE: Final = Prepared(insert(annunciation), _NOTED)


def traffic(connection: Connection, desk: str, now: int) -> Traffic:
    """What came to the desk of late; no more than decides about one more alarm."""
    since = now - WINDOW_MS
    return Traffic(
        alarms=_alarms(connection, desk, since, FLOOD_BEGINS_ABOVE),
        sounds=connection.scalars(_SOUNDS, {"desk": desk, "since": since}).all(),
        flood=open_flood(connection, desk) is not None,
    )


def note_annunciation(
    later: Later, alert: Alert, *, how: Annunciation, again: bool, now: int
) -> None:
    """Record that the alert was told to its desk."""
    sounded = how in SOUNDED
    row = {
        "at": now,
        "desk": alert.desk or "",
        "site": alert.site,
        "alert": alert.id,
        "device": alert.device,
        "condition": alert.condition,
        "priority": alert.priority.value,
        "how": how.value,
        "rationed": sounded and alert.priority is not Priority.P0,
        "again": again,
    }
    later.add(_NOTE, tuple(row[name] for name in _NOTED))


def open_flood(connection: Connection, desk: str) -> int | None:
    """When the desk's flood began; None while there is none."""
    return connection.scalar(_FLOOD, {"desk": desk})


def begin_flood(connection: Connection, desk: str, now: int) -> None:
    """A flood begins."""
    connection.execute(insert(flood).values(desk=desk, began_at=now))


def count_grouped(connection: Connection, grouped: Mapping[str, int]) -> None:
    """So many more alarms were told as part of each desk's flood."""
    _GROUPED.many(connection, list(grouped.items()))


def end_floods(connection: Connection, now: int) -> list[str]:
    """End the floods that are over, as of when they were; the desks."""
    ended = []
    open_ones = connection.execute(select(flood).where(flood.c.ended_at.is_(None))).all()
    for row in open_ones:
        alarms = _alarms(connection, row.desk, 0, FLOOD_ENDS_BELOW)
        over_at = flood_over_at(alarms, row.began_at)
        if over_at <= now:
            connection.execute(update(flood).where(flood.c.id == row.id).values(ended_at=over_at))
            ended.append(row.desk)
    return ended


def _alarms(connection: Connection, desk: str, since: int, limit: int) -> list[int]:
    return [*connection.scalars(_ALARMS, {"desk": desk, "since": since, "most": limit})]
