"""How often a site's households have changed: a plan that was made before a change is over."""

from sqlalchemy import Connection, select, update

from hub.database.dialect import lock_name
from hub.database.upsert import upsert
from hub.errors import ConflictError
from hub.store.schema import household_revision


def revision_of(connection: Connection, site: str) -> int:
    """How often a site's households have changed."""
    found = select(household_revision.c.revision).where(household_revision.c.site == site)
    return int(connection.scalar(found) or 0)


def next_revision(connection: Connection, site: str, *, after: int | None = None) -> int:
    """Count a change. after: what it was planned on. Raises ConflictError when that is over."""
    lock_name(connection, f"households {site}")
    before = revision_of(connection, site)
    if after is not None and before != after:
        raise ConflictError("the households have just changed; try again", code="stale-plan")
    if before:
        mine = household_revision.c.site == site
        connection.execute(update(household_revision).where(mine).values(revision=before + 1))
    else:
        connection.execute(upsert(household_revision).values(site=site, revision=1))
    return before + 1
