"""What other systems were told of their cases, as it is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from hub.store.reads.page import Record
from hub.store.schema import notification
from hub.store.write.notifications import CALLBACK, FAILED, SENT, WAITING


@dataclass(frozen=True, slots=True)
class Told:
    """How a machine's callbacks went that are still on record. sent_at: of the last, ms."""

    waiting: int = 0
    failed: int = 0
    sent_at: int | None = None


def told_of(connection: Connection) -> Mapping[str, Told]:
    """By the machine's id; those that were never told of anything are missing."""
    count, last = func.count(), func.max(notification.c.ended_at)
    query = (
        select(notification.c.post, notification.c.state, count, last)
        .where(notification.c.kind == CALLBACK)
        .group_by(notification.c.post, notification.c.state)
    )
    found: dict[str, dict[str, tuple[int, int | None]]] = {}
    for name, state, many, at in connection.execute(query):
        found.setdefault(name, {})[state] = (many, at)
    none = (0, None)
    return {
        name: Told(
            waiting=states.get(WAITING, none)[0],
            failed=states.get(FAILED, none)[0],
            sent_at=states.get(SENT, none)[1],
        )
        for name, states in found.items()
    }


def callbacks_of(connection: Connection, machine: str, limit: int) -> list[Record]:
    """A machine's callbacks, the newest first."""
    query = (
        select(notification)
        .where(notification.c.kind == CALLBACK, notification.c.post == machine)
        .order_by(notification.c.created_at.desc(), notification.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).mappings())
