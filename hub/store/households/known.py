"""What is registered of a site, all of it at once: a list is planned against it."""

from sqlalchemy import Connection, or_, select

from hub.households.entry import Place
from hub.households.planning import Known, KnownCredential, KnownPerson
from hub.store.schema import credential, household, person, person_tag
from hub.store.write.revisions import revision_of


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
