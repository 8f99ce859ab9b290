"""What is registered of a site, all of it at once: a list is planned against it."""

from sqlalchemy import Connection, or_, select, update

from hub.database.dialect import lock_name
from hub.database.upsert import upsert
from hub.errors import ConflictError
from hub.households.entry import Place
from hub.households.planning import Known, KnownCredential, KnownPerson
from hub.store.schema import credential, household, household_revision, person, person_tag


def read_known(connection: Connection, site: str, now: int) -> Known:
    """In one read transaction. Where a room has several that have not ended, the newest counts."""
    known = Known(revision_of(connection, site))
    there = (
        household.c.site == site,
        or_(household.c.until_at.is_(None), household.c.until_at > now),
    )
    columns = (household.c.id, household.c.building, household.c.entrance, household.c.room)
    query = select(*columns).where(*there).order_by(household.c.created_at)
    for name, building, entrance, room in connection.execute(query):
        known.households[Place(building, entrance, room)] = name
    people = select(
        person.c.household,
        person.c.name_hash,
        person.c.id,
        person.c.phone_hash,
        person.c.since_at,
        person.c.until_at,
    ).where(person.c.site == site)
    for home, name_hash, *rest in connection.execute(people):
        known.people[home, name_hash] = KnownPerson(*rest)
    tags = select(person_tag.c.person, person_tag.c.tag).where(person_tag.c.site == site)
    known.tags.update((one, tag) for one, tag in connection.execute(tags))
    credentials = select(
        credential.c.subject,
        credential.c.id,
        credential.c.household,
        credential.c.person,
        credential.c.since_at,
        credential.c.until_at,
    ).where(credential.c.site == site)
    for subject, *rest in connection.execute(credentials):
        known.credentials[subject] = KnownCredential(*rest)
    return known


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
