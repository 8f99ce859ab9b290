"""How far the removal of what is too old has come."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, func, select

from hub.store.keeping.classes import CLASSES, RecordClass
from hub.store.schema import alert, case_, command, evidence, observation, passage
from hub.store.write.evidence import STORED
from hub.store.write.evidence_retention import of_open_case
from hub.store.write.held import held_case, held_evidence, held_observation, held_passage

DAY_MS: Final = 24 * 3_600_000
COUNTED: Final = 10_000
"""More rows than this are not counted: it is a backlog all the same."""

_HELD: Final = {
    "passage": (passage, held_passage),
    "observation": (observation, held_observation),
    "alert": (alert, lambda: held_case(alert.c.case_id)),
    "case_": (case_, lambda: held_case(case_.c.id)),
    "command": (command, lambda: held_case(command.c.case_id)),
}


@dataclass(frozen=True, slots=True)
class Backlog:
    """How a class stands.

    oldest: ms; None where there is nothing. overdue: rows that should be gone, `COUNTED` at most.
    held: rows that are too old, and held.
    """

    oldest: int | None
    overdue: int
    held: int


def standing(
    connection: Connection,
    tables: Mapping[str, Table],
    days: Callable[[RecordClass], int],
    site: str,
    now: int,
) -> dict[str, Backlog]:
    """By class; of a site, where a table's rows are of one."""
    return {
        one.id: _class(connection, tables, one, now - days(one) * DAY_MS, site) for one in CLASSES
    }


def _class(
    connection: Connection, tables: Mapping[str, Table], one: RecordClass, before: int, site: str
) -> Backlog:
    oldest: int | None = None
    overdue = held = 0
    for name, column in one.tables.items():
        table = tables.get(name)
        if table is None or name == "change":  # whose newest row stays
            continue
        at = table.c[column]
        mine = () if "site" not in table.c else (table.c.site == site,)
        first = connection.scalar(select(func.min(at)).where(*mine))
        oldest = min((this for this in (oldest, first) if this is not None), default=None)
        if first is None or first >= before:
            continue
        if name == "evidence":  # its files go by class, its record long after
            overdue += _count(connection, evidence, *mine, *_clips(before))
            continue
        late = _count(connection, table, *mine, at < before)
        kept = 0
        if name in _HELD:
            kept = _count(connection, table, *mine, at < before, _HELD[name][1]())
        overdue += late - kept
        held += kept
    return Backlog(oldest, min(overdue, COUNTED), held)


def _clips(before: int) -> tuple[ColumnElement[bool], ...]:
    """Clips that should be gone."""
    old = (evidence.c.kind == "clip") & (evidence.c.stored_at < before)
    return old, evidence.c.state == STORED, ~of_open_case(), ~held_evidence()


def _count(connection: Connection, table: Table, *conditions: ColumnElement[bool]) -> int:
    key = next(iter(table.primary_key.columns))
    rows = select(key).where(*conditions).limit(COUNTED).subquery()
    return int(connection.scalar(select(func.count()).select_from(rows)) or 0)
