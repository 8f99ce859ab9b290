"""Sessions as rows."""

from collections.abc import Collection

from sqlalchemy import Connection, Row, delete, insert, select, update

from hub.access.sessions import ABSOLUTE_MS, IDLE_MS, Session
from hub.store.schema import session as table


def find_sessions(connection: Connection, keys: Collection[str]) -> list[Session]:
    """The sessions with these keys, alive or not."""
    rows = connection.execute(select(table).where(table.c.key.in_(keys)))
    return [_session(row) for row in rows]


def sessions_of(connection: Connection, user: str) -> list[Session]:
    """A person's sessions, alive or not, the newest first."""
    mine = select(table).where(table.c.user == user).order_by(table.c.created_at.desc())
    return [_session(row) for row in connection.execute(mine)]


def add_session(connection: Connection, session: Session) -> None:
    """Store a new session, and forget those that have ended."""
    now = session.created_at
    ended = (table.c.seen_at <= now - IDLE_MS) | (table.c.created_at <= now - ABSOLUTE_MS)
    connection.execute(delete(table).where(ended))
    connection.execute(
        insert(table).values(
            key=session.key,
            user=session.user,
            created_at=now,
            seen_at=session.seen_at,
            address=session.address,
        )
    )


def touch_sessions(connection: Connection, keys: Collection[str], now: int) -> None:
    """Note that these sessions were used."""
    connection.execute(update(table).where(table.c.key.in_(keys)).values(seen_at=now))


def end_session(connection: Connection, key: str) -> None:
    """Delete one session."""
    connection.execute(delete(table).where(table.c.key == key))


def _session(row: Row[tuple[object, ...]]) -> Session:
    return Session(row.key, row.user, row.created_at, row.seen_at, row.address)
