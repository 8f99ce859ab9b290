"""Writes what was planned from a list: many rows with one statement each."""

from typing import Final

from sqlalchemy import Connection, bindparam, insert, literal_column, update

from hub.database.prepared import Prepared
from hub.households.planning import Changes
from hub.store.schema import credential, household, person, person_tag
from hub.store.write.revisions import next_revision

_MADE: Final = ("created_at", "changed_at", "version")

_HOUSEHOLDS: Final = Prepared(
    insert(household), ["id", "building", "entrance", "room", "site", *_MADE]
)
_PEOPLE: Final = Prepared(
    insert(person),
    [
        "id",
        "household",
        "name",
        "name_hash",
        "name_masked",
        "phone",
        "phone_hash",
        "phone_masked",
        "since_at",
        "until_at",
        "site",
        *_MADE,
    ],
)
_TAGS: Final = Prepared(insert(person_tag), ["person", "tag", "site"])
_CREDENTIALS: Final = Prepared(
    insert(credential),
    [
        "id",
        "household",
        "person",
        "kind",
        "subject",
        "sealed",
        "masked",
        "since_at",
        "until_at",
        "site",
        *_MADE,
    ],
)
_PHONES: Final = Prepared(
    update(person)
    .where(person.c.id == bindparam("key"))
    .values(
        phone=bindparam("phone"),
        phone_hash=bindparam("phone_hash"),
        phone_masked=bindparam("phone_masked"),
        changed_at=bindparam("now"),
        version=person.c.version + literal_column("1"),
    ),
    ["phone", "phone_hash", "phone_masked", "key", "now"],
)
_DAYS: Final = Prepared(
    update(person)
    .where(person.c.id == bindparam("key"))
    .values(
        since_at=bindparam("since_at"),
        until_at=bindparam("until_at"),
        changed_at=bindparam("now"),
        version=person.c.version + literal_column("1"),
    ),
    ["since_at", "until_at", "key", "now"],
)
_MOVES: Final = Prepared(
    update(credential)
    .where(credential.c.id == bindparam("key"))
    .values(
        household=bindparam("household"),
        person=bindparam("person"),
        since_at=bindparam("since_at"),
        until_at=bindparam("until_at"),
        changed_at=bindparam("now"),
        version=credential.c.version + literal_column("1"),
    ),
    ["household", "person", "since_at", "until_at", "key", "now"],
)


def write_changes(
    connection: Connection, site: str, changes: Changes, *, now: int, after: int
) -> int:
    """Write them all; the revision from now on.

    after: the revision that they were planned on. Raises ConflictError when it is over.
    """
    revision = next_revision(connection, site, after=after)
    made = (site, now, now, 1)
    _HOUSEHOLDS.many(connection, [(*row, *made) for row in changes.households])
    _PEOPLE.many(connection, [(*row, *made) for row in changes.people])
    _TAGS.many(connection, [(*row, site) for row in changes.tags])
    _CREDENTIALS.many(connection, [(*row, *made) for row in changes.credentials])
    _PHONES.many(connection, [(*row, now) for row in changes.phones_changed])
    _DAYS.many(connection, [(*row, now) for row in changes.days_changed])
    _MOVES.many(connection, [(*row, now) for row in changes.credentials_changed])
    return revision
