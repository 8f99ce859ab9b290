"""What goes of residents, erasures and legal holds in time."""

from typing import Final

from sqlalchemy import Connection, delete, select

from hub.store.schema import credential, erasure, household, legal_hold, person
from hub.store.write.ageing import CHUNK, DAY_MS, aged
from hub.store.write.held import end_due
from hub.store.write.revisions import next_revision

_AT_ONCE: Final = CHUNK // 4


def aged_residents(connection: Connection, now: int, days: int) -> int:
    """Who lives there no more, and cards and cars that have ended."""
    removed = 0
    for table in (credential, person, household):
        old = table.c.until_at < now - days * DAY_MS
        query = select(table.c.id, table.c.site).where(old).limit(_AT_ONCE)
        found = connection.execute(query).all()
        for site in {row.site for row in found}:
            next_revision(connection, site)
        connection.execute(delete(table).where(table.c.id.in_([row.id for row in found])))
        removed += len(found)
    return removed


def aged_erasures(connection: Connection, now: int, days: int) -> int:
    """Reports of erasures."""
    return aged(connection, erasure, erasure.c.decided_at, now, days)


def aged_holds(connection: Connection, now: int, days: int) -> int:
    """Those whose time is over end; long after they are forgotten."""
    return end_due(connection, now) + aged(connection, legal_hold, legal_hold.c.ended_at, now, days)
