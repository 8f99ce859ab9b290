"""Cases, their history and their numbers, written as the flow in `hub.cases` leaves them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select, update

from hub.cases import Case, HistoryEntry, Party, Tick
from hub.database.jsontext import compact
from hub.database.prepared import Later, Prepared
from hub.database.upsert import upsert
from hub.store.rows import case_of
from hub.store.schema import case_, case_history, case_number

_CHINA: Final = timezone(timedelta(hours=8))
"""China has one time zone and no summer time; a case's number carries the day people live in."""

MOST_WORDS: Final = 500
"""Letters of a case that are looked through: PostgreSQL's index takes rows of 2,704 bytes."""

# Built once: putting a statement of thirty columns together costs more than it takes to run.
_NAMES: Final = (*(one.name for one in case_.columns), "of_id")
_INSERT: Final = Prepared(insert(case_), _NAMES)
_UPDATE: Final = Prepared(update(case_).where(case_.c.id == bindparam("of_id")), _NAMES)
_ENTRY: Final = ("case_id", "at", "actor", "action", "from_state", "to_state", "note", "detail")
_ADD_ENTRY: Final = Prepared(insert(case_history), _ENTRY)
_COUNT: Final = Prepared(
    upsert(case_number)
    .on_conflict_do_update(
        index_elements=["site", "day"], set_={"last": case_number.c.last + bindparam("more")}
    )
    .returning(case_number.c.last),
    ("site", "day", "last", "more"),
)


def draw_number(connection: Connection, site: str, day: str) -> int:
    """The next number of a day; nobody else draws one until the transaction ends."""
    (last,) = _COUNT.first(connection, site, day, 1, 1) or (1,)
    return int(last)


def draw_more(connection: Connection, site: str, day: str, more: int) -> None:
    """So many of those that follow are taken, too."""
    _COUNT.first(connection, site, day, more, more)


def day_of(now: int) -> str:
    """The day that a case's number carries."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(_CHINA).strftime("%Y%m%d")


def find_case(connection: Connection, site: str, case_id: str) -> Case | None:
    """One case of a site, which nobody else changes until the transaction ends."""
    query = select(case_).where(case_.c.site == site, case_.c.id == case_id).with_for_update()
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else case_of(row)


def insert_case(connection: Connection, one: Case, entry: HistoryEntry) -> None:
    """A new case with the first line of its history."""
    _INSERT.many(connection, [_row(one)])
    _ADD_ENTRY.many(connection, [_entry(one.id, entry)])


def insert_case_later(later: Later, one: Case, entry: HistoryEntry) -> None:
    """The same, for a case that nothing refers to yet."""
    later.add(_INSERT, _row(one))
    later.add_about(_ADD_ENTRY, _entry(one.id, entry))


def update_case(connection: Connection, one: Case, entry: HistoryEntry) -> None:
    """A case after an action, and the line that the action adds to its history."""
    _UPDATE.many(connection, [_row(one)])
    _ADD_ENTRY.many(connection, [_entry(one.id, entry)])


def due_cases(connection: Connection, now: int, limit: int) -> list[Case]:
    """Cases to which time has something to do, the longest overdue first."""
    query = select(case_).where(case_.c.timer_at <= now).order_by(case_.c.timer_at, case_.c.id)
    return [
        case_of(row) for row in connection.execute(query.limit(limit).with_for_update()).mappings()
    ]


def words_of(one: Case) -> str:
    """What people look for it by, in small letters and within what an index takes."""
    texts = [one.number, one.title.zh, one.title.en, one.assignee]
    texts += [] if one.place is None else [one.place.zh, one.place.en]
    return " ".join(dict.fromkeys(text.lower() for text in texts if text))[:MOST_WORDS]


def _row(one: Case) -> tuple[Any, ...]:
    columns = {name: getattr(one, name) for name in Case.__slots__}
    columns["title"] = compact(one.title.model_dump())
    columns["place"] = None if one.place is None else compact(one.place.model_dump())
    columns["priority"] = one.priority.value
    columns["state"] = one.state.value
    columns["source"] = one.source.value
    columns["words"] = words_of(one)
    columns["parties"] = _listed(one.parties)
    columns["ticks"] = _listed(one.ticks)
    columns["of_id"] = one.id
    return tuple(columns[name] for name in _NAMES)


def _listed(values: Sequence[Party | Tick]) -> str | None:
    return compact([asdict(one) for one in values]) if values else None


def _entry(case_id: str, entry: HistoryEntry) -> tuple[Any, ...]:
    before = None if entry.from_state is None else entry.from_state.value
    told = compact(dict(entry.detail))
    row = (case_id, entry.at, entry.actor, entry.action, before, entry.to_state.value)
    return (*row, entry.note, told)
