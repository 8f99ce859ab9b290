"""What rules remember, by (site, rule, subject)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select

from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.store.schema import rule_state, tick_log

Key = tuple[str, str, str]
"""(site, rule, subject)"""


@dataclass(frozen=True, slots=True)
class StoredState:
    """A rule's state as JSON text, and when its tick next has something to do (ms)."""

    key: Key
    state: str
    due_at: int | None


_STATEMENT = upsert(rule_state)
_SAVE: Final = Prepared(
    _STATEMENT.on_conflict_do_update(
        index_elements=["site", "rule", "subject"],
        set_={"state": _STATEMENT.excluded.state, "due_at": _STATEMENT.excluded.due_at},
    ),
    ("site", "rule", "subject", "state", "due_at"),
)


def load_states(connection: Connection, site: str) -> list[StoredState]:
    """All states of a site."""
    query = select(rule_state).where(rule_state.c.site == site)
    return [_stored(row) for row in connection.execute(query)]


def due_states(connection: Connection, now: int, limit: int) -> list[StoredState]:
    """States whose tick is due, the longest overdue first."""
    query = (
        select(rule_state)
        .where(rule_state.c.due_at <= now)
        .order_by(rule_state.c.due_at, rule_state.c.site, rule_state.c.rule, rule_state.c.subject)
        .limit(limit)
    )
    return [_stored(row) for row in connection.execute(query)]


def save_states(connection: Connection, states: Sequence[StoredState]) -> None:
    """Write states, new or known."""
    _SAVE.many(connection, [(*one.key, one.state, one.due_at) for one in states])


def log_tick(connection: Connection, *, at: int, states: int, findings: int) -> None:
    """Record a tick that stepped at least one rule: a replay needs to know of it."""
    connection.execute(insert(tick_log).values(at=at, states=states, findings=findings))


def _stored(row: Row[Any]) -> StoredState:
    return StoredState((row.site, row.rule, row.subject), row.state, row.due_at)
