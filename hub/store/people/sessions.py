"""Sessions as rows."""

from sqlalchemy import Connection, delete, insert, select, update

from hub.access.sessions import ABSOLUTE_MS, IDLE_MS, Session
from hub.store.schema import session as table


def find_session(connection: Connection, key: str) -> Session | None:
    """The session with this key, alive or not."""
    row = connection.execute(select(table).where(table.c.key == key)).one_or_none()
    return None if row is None else Session(row.key, row.user, row.created_at, row.seen_at)


def add_session(connection: Connection, session: Session) -> None:
    """Store a new session, and forget those that have ended."""
    now = session.created_at
    ended = (table.c.seen_at <= now - IDLE_MS) | (table.c.created_at <= now - ABSOLUTE_MS)
    connection.execute(delete(table).where(ended))
    connection.execute(
        insert(table).values(
            key=session.key, user=session.user, created_at=now, seen_at=session.seen_at
        )
    )


def touch_session(connection: Connection, key: str, now: int) -> None:
    """Note that the session was used."""
    connection.execute(update(table).where(table.c.key == key).values(seen_at=now))


def end_session(connection: Connection, key: str) -> None:
    """Delete one session."""
    connection.execute(delete(table).where(table.c.key == key))
