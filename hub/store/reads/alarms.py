"""What was told to whom, floods, and what people keep silent."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, case, func, or_, select

from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import alarm_hold, alert, alert_history, annunciation, flood

BUCKET_MS = 600_000
"""The window in which alarm rates are judged: ten minutes (EEMUA 191)."""

TOP = 10
LISTED = 100


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` up to, but without, `until`; ms."""

    site: str
    since: int
    until: int


def hold_rows(
    connection: Connection, site: str, *, state: str, limit: int, before: str | None
) -> RecordPage:
    """Shelves and times out of service, newest first. state: open, closed or all."""
    found = select(alarm_hold).where(alarm_hold.c.site == site)
    is_open = alarm_hold.c.state.in_(["requested", "active"])
    if state == "open":
        found = found.where(is_open)
    elif state == "closed":
        found = found.where(~is_open)
    key = (alarm_hold.c.requested_at, alarm_hold.c.id)
    return page(connection, found, key, limit=limit, cursor=before)


def one_hold(connection: Connection, site: str, name: str) -> Record | None:
    """The hold with this id."""
    found = select(alarm_hold).where(alarm_hold.c.site == site, alarm_hold.c.id == name)
    return connection.execute(found).mappings().one_or_none()


def told_by_priority(connection: Connection, span: Span) -> list[Record]:
    """Alarms and sounds by desk and priority: `desk, priority, alarms, sounds`."""
    table = annunciation.c
    found = (
        select(
            table.desk,
            table.priority,
            func.count().label("alarms"),
            func.sum(_one_if(table.how != "grouped")).label("sounds"),
        )
        .where(*_told(span))
        .group_by(table.desk, table.priority)
    )
    return [*connection.execute(found).mappings()]


def busiest(connection: Connection, span: Span) -> dict[str, int]:
    """The most alarms that came to each desk within ten minutes by the clock."""
    table = annunciation.c
    bucket = table.at // BUCKET_MS
    counted = (
        select(table.desk, func.count().label("alarms"))
        .where(*_told(span))
        .group_by(table.desk, bucket)
        .subquery()
    )
    found = select(counted.c.desk, func.max(counted.c.alarms)).group_by(counted.c.desk)
    return {row[0]: row[1] for row in connection.execute(found)}


def top_sources(connection: Connection, span: Span) -> list[Record]:
    """The alarms that came most often: `device, condition, alarms`."""
    table = annunciation.c
    count = func.count()
    found = (
        select(table.device, table.condition, count.label("alarms"))
        .where(*_told(span))
        .group_by(table.device, table.condition)
        .order_by(count.desc(), table.device, table.condition)
        .limit(TOP)
    )
    return [*connection.execute(found).mappings()]


def floods(connection: Connection, since: int, until: int) -> list[Record]:
    """Floods that touch the time, of all desks."""
    found = select(flood).where(
        flood.c.began_at < until, or_(flood.c.ended_at.is_(None), flood.c.ended_at > since)
    )
    return [*connection.execute(found.order_by(flood.c.began_at)).mappings()]


def stale_alerts(connection: Connection, site: str, before: int) -> list[Record]:
    """Alerts whose condition has been there since before then, the oldest first."""
    return _alerts(connection, site, alert.c.at < before, alert.c.returned_at.is_(None))


def chattering_alerts(connection: Connection, site: str) -> list[Record]:
    """Alerts that come and go too often to be told each time."""
    return _alerts(connection, site, alert.c.chattering_at.is_not(None))


def passed_on(connection: Connection, span: Span) -> int:
    """How many P0 somebody else had to be called to."""
    found = select(func.count(func.distinct(alert_history.c.alert))).where(
        alert_history.c.action == "escalate",
        alert_history.c.at >= span.since,
        alert_history.c.at < span.until,
        alert_history.c.alert.in_(select(alert.c.id).where(alert.c.site == span.site)),
    )
    return connection.scalar(found) or 0


def last_notes(connection: Connection, site: str) -> dict[str, Record]:
    """The last thing that a person said about each open alert, by alert."""
    open_ones = select(alert.c.id).where(alert.c.site == site, alert.c.closed_at.is_(None))
    latest = (
        select(func.max(alert_history.c.id))
        .where(alert_history.c.alert.in_(open_ones), alert_history.c.note.is_not(None))
        .group_by(alert_history.c.alert)
    )
    found = select(alert_history).where(alert_history.c.id.in_(latest))
    return {row["alert"]: row for row in connection.execute(found).mappings()}


def _alerts(connection: Connection, site: str, *wanted: ColumnElement[bool]) -> list[Record]:
    found = select(alert).where(alert.c.site == site, alert.c.closed_at.is_(None), *wanted)
    return [*connection.execute(found.order_by(alert.c.at, alert.c.id).limit(LISTED)).mappings()]


def _told(span: Span) -> tuple[ColumnElement[bool], ...]:
    table = annunciation.c
    return (
        table.site == span.site,
        table.at >= span.since,
        table.at < span.until,
        table.again.is_(False),
    )


def _one_if(wanted: ColumnElement[bool]) -> ColumnElement[int]:
    return case((wanted, 1), else_=0)
