"""Notifications from decided to sent: a row is written with the decision and outlives any crash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from hub.store.schema import notification

WAITING: Final = "waiting"
SENT: Final = "sent"
FAILED: Final = "failed"
WITHDRAWN: Final = "withdrawn"

CALLBACK: Final = "callback"
"""Kind and channel of what another system is told; `post` is then its id."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one post by one channel. tries: how often it was tried before.

    kind: of what it is about: `alert`, `case`, or CALLBACK.
    """

    id: str
    site: str
    kind: str
    ref: str
    post: str
    channel: str
    message: Mapping[str, Any]
    tries: int = 0


def put_notice(connection: Connection, one: Notice, now: int) -> None:
    """Have it sent. One of the same id is, or was, on its way already."""
    known = select(notification.c.id).where(notification.c.id == one.id)
    if connection.scalar(known) is not None:
        return
    values = {name: getattr(one, name) for name in Notice.__slots__}
    values |= {"message": dict(one.message), "state": WAITING, "created_at": now, "try_at": now}
    connection.execute(insert(notification).values(**values))


def withdraw_notices(connection: Connection, ref: str, now: int) -> None:
    """What people have not been told of an alert or a case, they must not be any more.

    Other systems are told of every step, so theirs stay.
    """
    connection.execute(
        update(notification)
        .where(
            notification.c.ref == ref,
            notification.c.state == WAITING,
            notification.c.kind != CALLBACK,
        )
        .values(state=WITHDRAWN, try_at=None, ended_at=now)
    )


def due_notices(
    connection: Connection, now: int, limit: int, *, callbacks: bool = False
) -> list[Notice]:
    """What people, or other systems (`callbacks`), are to be told now; the oldest first."""
    kind = notification.c.kind
    query = (
        select(notification)
        .where(notification.c.state == WAITING, notification.c.try_at <= now)
        .where(kind == CALLBACK if callbacks else kind != CALLBACK)
        .order_by(notification.c.try_at, notification.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return [Notice(**{name: row[name] for name in Notice.__slots__}) for row in rows]


def notice_sent(connection: Connection, name: str, now: int) -> None:
    """It went out. One that was withdrawn meanwhile stays so: it went out in vain."""
    connection.execute(
        update(notification)
        .where(notification.c.id == name, notification.c.state == WAITING)
        .values(state=SENT, try_at=None, ended_at=now, error=None, tries=notification.c.tries + 1)
    )


def notice_failed(
    connection: Connection, name: str, why: str, *, again_at: int | None, now: int
) -> None:
    """It did not go out; again_at: when it is tried next, None when it is given up."""
    ended = {"state": FAILED, "ended_at": now} if again_at is None else {}
    connection.execute(
        update(notification)
        .where(notification.c.id == name, notification.c.state == WAITING)
        .values(try_at=again_at, error=why[:200], tries=notification.c.tries + 1, **ended)
    )
