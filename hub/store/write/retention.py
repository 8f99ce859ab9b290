"""Removes what has been kept long enough, a little at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    func,
    select,
    update,
)

from hub.database import partitions
from hub.database.partitions import PASSAGE, POINT
from hub.store.schema import (
    accept_link,
    alarm_hold,
    alert,
    alert_history,
    annunciation,
    bulletin,
    case_,
    case_history,
    change,
    command,
    command_history,
    dead_letter,
    flood,
    look,
    looked,
    looked_at,
    mode_switch,
    notification,
    observation,
    passage,
    patrol_round,
    report,
    report_key,
    session,
    source_record,
    tick_log,
    watch_hit,
)
from hub.store.write.ageing import CHUNK, DAY_MS, aged, remove
from hub.store.write.exports import remove_exports
from hub.store.write.held import held_case, held_hit, held_observation, held_passage
from hub.store.write.passers import aged_passers
from hub.store.write.residents_retention import (
    aged_erasures,
    aged_holds,
    aged_residents,
)
from hub.store.write.watch import end_over, forget_values, remove_watch

DEAD_LETTERS: Final = 100_000
"""Dead letters that are kept at most: whoever sends poison must not fill the disk."""

REPORT_KEY_DAYS: Final = 7
"""Whoever reported something tries again within this time, or makes it a new report."""

CONTACT_DAYS: Final = 30

_SESSION_DAYS: Final = 2
"""A session lives 12 h at most; its row is of no use after that."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Days that records are kept, from when the hub received, or closed, them."""

    observations: int
    passages: int
    alerts: int
    cases: int
    dead_letters: int
    feed: int
    looks: int = 1095
    households: int = 90


Removal = Callable[[Connection, Keep, int], int]
"""`removal(connection, keep, now)`: removes up to CHUNK rows and says how many."""


def _months(connection: Connection, keep: Keep, now: int) -> int:
    """On PostgreSQL: make the next months' partitions, and drop those that are over as a whole.

    By then their rows are gone one by one, to the day; dropping gives their room back.
    """
    for table in (PASSAGE, POINT):
        partitions.ensure(connection, table, now)
    over = [
        name
        for name, month in partitions.months(connection, PASSAGE)
        if month.plus(1).start <= now - keep.passages * DAY_MS
        and not partitions.holds_rows(connection, name)
    ]
    return int(bool(over) and partitions.drop(connection, over[0]))


def _observations(connection: Connection, keep: Keep, now: int) -> int:
    table, old = observation, observation.c.received_at < now - keep.observations * DAY_MS
    return remove(connection, table, old & ~held_observation())


def _sources(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, source_record, source_record.c.received_at, now, keep.observations)


def _ticks(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, tick_log, tick_log.c.at, now, keep.observations)


def _passages(connection: Connection, keep: Keep, now: int) -> int:
    old = passage.c.received_at < now - keep.passages * DAY_MS
    return remove(connection, passage, old & ~held_passage())


def _passers(connection: Connection, keep: Keep, now: int) -> int:
    return aged_passers(connection, now - keep.passages * DAY_MS, CHUNK)


def _bulletins(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, bulletin, bulletin.c.made_at, now, keep.cases)


def _modes(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, mode_switch, mode_switch.c.ended_at, now, keep.cases)


def _rounds(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, patrol_round, patrol_round.c.ended_at, now, keep.cases)


def _accept_links(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, accept_link, accept_link.c.expires_at, now, keep.dead_letters)


def _notifications(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, notification, notification.c.ended_at, now, keep.dead_letters)


def _looks(connection: Connection, keep: Keep, now: int) -> int:
    """Who looked at whom: as long as the trail tells of it."""
    return sum(
        aged(connection, one, one.c.at, now, keep.looks) for one in (look, looked, looked_at)
    )


def _watchlist(connection: Connection, keep: Keep, now: int) -> int:
    """An entry that has ended opens no more after a while; its hits go as passages do."""
    old = watch_hit.c.received_at < now - keep.passages * DAY_MS
    return (
        end_over(connection, now, CHUNK)
        + forget_values(connection, now - CONTACT_DAYS * DAY_MS, CHUNK)
        + remove(connection, watch_hit, old & ~held_hit())
        + remove_watch(connection, now - keep.cases * DAY_MS, CHUNK)
    )


def _exports(connection: Connection, keep: Keep, now: int) -> int:
    return remove_exports(connection, now - keep.looks * DAY_MS, CHUNK)


def _sessions(connection: Connection, _keep: Keep, now: int) -> int:
    return aged(connection, session, session.c.created_at, now, _SESSION_DAYS)


def _dead_letters(connection: Connection, keep: Keep, now: int) -> int:
    old = aged(connection, dead_letter, dead_letter.c.received_at, now, keep.dead_letters)
    newest = connection.scalar(select(func.max(dead_letter.c.id))) or 0
    return old + remove(connection, dead_letter, dead_letter.c.id <= newest - DEAD_LETTERS)


def _alerts(connection: Connection, keep: Keep, now: int) -> int:
    old = (alert.c.closed_at < now - keep.alerts * DAY_MS) & ~held_case(alert.c.case_id)
    return _with_history(connection, alert, alert_history.c.alert, old)


def _annunciations(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, annunciation, annunciation.c.at, now, keep.alerts)


def _floods(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, flood, flood.c.ended_at, now, keep.alerts)


def _holds(connection: Connection, keep: Keep, now: int) -> int:
    return aged(connection, alarm_hold, alarm_hold.c.ended_at, now, keep.alerts)


def _cases(connection: Connection, keep: Keep, now: int) -> int:
    old = (case_.c.closed_at < now - keep.cases * DAY_MS) & ~held_case(case_.c.id)
    ids = connection.scalars(select(case_.c.id).where(old).limit(CHUNK // 10)).all()
    for column in (report.c.case_id, case_history.c.case_id, case_.c.id):
        connection.execute(delete(column.table).where(column.in_(ids)))
    return len(ids)


def _contacts(connection: Connection, _keep: Keep, now: int) -> int:
    """A telephone number is of use until its case is over, and a little longer for questions."""
    over = select(case_.c.id).where(case_.c.closed_at < now - CONTACT_DAYS * DAY_MS)
    rows = select(report.c.case_id).where(
        report.c.contact.is_not(None),
        report.c.case_id.in_(over),
        ~held_case(report.c.case_id),
    )
    return connection.execute(
        update(report).where(report.c.case_id.in_(rows.limit(CHUNK))).values(contact=None)
    ).rowcount


def _report_keys(connection: Connection, _keep: Keep, now: int) -> int:
    return aged(connection, report_key, report_key.c.at, now, REPORT_KEY_DAYS)


def _commands(connection: Connection, keep: Keep, now: int) -> int:
    old = (command.c.created_at < now - keep.cases * DAY_MS) & ~held_case(command.c.case_id)
    return _with_history(connection, command, command_history.c.command, old)


def _changes(connection: Connection, keep: Keep, now: int) -> int:
    """The feed; its newest row stays, for positions are counted on from it."""
    removed = 0
    for site in connection.scalars(select(change.c.site).distinct()).all():
        mine = change.c.site == site
        newest = connection.scalar(select(func.max(change.c.position)).where(mine)) or 0
        ordered = select(change.c.position).where(mine).order_by(change.c.position)
        edge = connection.scalar(ordered.offset(CHUNK).limit(1))
        doomed = [mine, change.c.at < now - keep.feed * DAY_MS, change.c.position < newest]
        if edge is not None:
            doomed.append(change.c.position < edge)
        removed += connection.execute(delete(change).where(*doomed)).rowcount
    return removed


REMOVALS: Final[dict[str, Removal]] = {
    "legal_holds": lambda c, keep, now: aged_holds(c, now, keep.looks),
    "months": _months,
    "observations": _observations,
    "sources": _sources,
    "ticks": _ticks,
    "passages": _passages,
    "passers": _passers,
    "notifications": _notifications,
    "accept_links": _accept_links,
    "bulletins": _bulletins,
    "modes": _modes,
    "rounds": _rounds,
    "sessions": _sessions,
    "looks": _looks,
    "watchlist": _watchlist,
    "exports": _exports,
    "dead_letters": _dead_letters,
    "alerts": _alerts,
    "annunciations": _annunciations,
    "floods": _floods,
    "holds": _holds,
    "residents": lambda c, keep, now: aged_residents(c, now, keep.households),
    "erasures": lambda c, keep, now: aged_erasures(c, now, keep.looks),
    "contacts": _contacts,
    "report_keys": _report_keys,
    "cases": _cases,
    "commands": _commands,
    "changes": _changes,
}
"""Run each until it removes nothing more."""


def _with_history(
    connection: Connection, table: Table, parent: Column[Any], doomed: ColumnElement[bool]
) -> int:
    ids = connection.scalars(select(table.c.id).where(doomed).limit(CHUNK // 10)).all()
    if ids:
        connection.execute(delete(parent.table).where(parent.in_(ids)))
        connection.execute(delete(table).where(table.c.id.in_(ids)))
    return len(ids)
