"""Statements that only one of the two databases needs; on the other they do nothing."""

import zlib
from typing import Final

from sqlalchemy import Connection, text

CHANNEL: Final = "gatehouse_change"
"""What the hub's processes listen on; the payload is a site."""

_SPACE: Final = 0x6761_7465
"""Keeps our named locks apart from others' in the same database."""


def is_postgres(connection: Connection) -> bool:
    """Whether this is PostgreSQL."""
    return connection.dialect.name == "postgresql"


def lock_name(connection: Connection, name: str) -> None:
    """Let one transaction at a time go on behind this line, by name; until it ends.

    SQLite has one writer anyway. Two names may share a lock, which costs only a wait.
    """
    if is_postgres(connection):
        key = zlib.crc32(name.encode()) - 2**31
        connection.execute(text("SELECT pg_advisory_xact_lock(:space, :key)"), _key(key))


def wake_others(connection: Connection, site: str) -> None:
    """With the commit, tell other processes that a site's feed has grown."""
    if is_postgres(connection):
        connection.execute(text("SELECT pg_notify(:channel, :site)"), _told(site))


def _key(key: int) -> dict[str, int]:
    return {"space": _SPACE, "key": key}


def _told(site: str) -> dict[str, str]:
    return {"channel": CHANNEL, "site": site}
