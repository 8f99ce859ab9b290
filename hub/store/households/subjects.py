"""By what the people of a room, or those who bear a name, are known to readers and cameras."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import ColumnElement, Connection, or_, select

from hub.store.schema import credential, household, person

MOST: Final = 60
"""Credentials that one search follows."""


def subjects_of_room(
    connection: Connection, site: str, building: str, room: str, now: int
) -> Sequence[str]:
    """The keyed hashes of all credentials of a room's households that have not ended."""
    lives = or_(household.c.until_at.is_(None), household.c.until_at > now)
    place = (household.c.site == site, household.c.building == building, household.c.room == room)
    homes = select(household.c.id).where(*place, lives)
    return _subjects(connection, site, credential.c.household.in_(homes), now)


def subjects_of_name(connection: Connection, site: str, name_hash: str, now: int) -> Sequence[str]:
    """The same of all people who bear a name: their own, and no one else's of their household."""
    people = select(person.c.id).where(person.c.site == site, person.c.name_hash == name_hash)
    return _subjects(connection, site, credential.c.person.in_(people), now)


def _subjects(
    connection: Connection, site: str, whose: ColumnElement[bool], now: int
) -> Sequence[str]:
    valid = or_(credential.c.until_at.is_(None), credential.c.until_at > now)
    query = select(credential.c.subject).where(credential.c.site == site, whose, valid)
    return connection.scalars(query.order_by(credential.c.id).limit(MOST)).all()
