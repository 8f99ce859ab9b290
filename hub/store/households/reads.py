"""Households as they are asked for: what people may see; what is sealed is read by one function."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, exists, or_, select

from hub.errors import NotFoundError
from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import credential, household, person, person_tag

_AT_ONCE: Final = 500

_PERSON = (
    person.c.id,
    person.c.household,
    person.c.name_masked,
    person.c.phone_masked,
    person.c.since_at,
    person.c.until_at,
    person.c.changed_at,
    person.c.version,
)
_CREDENTIAL = (
    credential.c.id,
    credential.c.household,
    credential.c.person,
    credential.c.kind,
    credential.c.subject,
    credential.c.masked,
    credential.c.since_at,
    credential.c.until_at,
    credential.c.changed_at,
    credential.c.version,
)


@dataclass(frozen=True, slots=True)
class HouseholdQuery:
    """Which households; None means any.

    name, phone: keyed hashes. subject: of a card or plate. tags: ids, of which one is enough.
    """

    building: str | None = None
    entrance: str | None = None
    room: str | None = None
    name: str | None = None
    phone: str | None = None
    subject: str | None = None
    tags: Collection[str] = ()
    limit: int = 100
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """A household with all that belongs to it. tags: by person."""

    row: Record
    people: Sequence[Record]
    credentials: Sequence[Record]
    tags: Mapping[str, list[str]]


def household_page(
    connection: Connection, site: str, query: HouseholdQuery
) -> tuple[list[Home], str | None]:
    """Households by place, and the cursor of the page after."""
    found: RecordPage = page(
        connection,
        select(household).where(household.c.site == site, *_wanted(query)),
        (household.c.building, household.c.entrance, household.c.room, household.c.id),
        limit=query.limit,
        cursor=query.after,
        descending=False,
    )
    return _homes(connection, found.records), found.next


def one_household(connection: Connection, site: str, name: str) -> Home:
    """One of them. Raises NotFoundError."""
    return _homes(connection, [one_row(connection, household, site, name)])[0]


def one_row(connection: Connection, table: Table, site: str, name: str) -> Record:
    """A row of a site by its id, sealed columns and all. Raises NotFoundError."""
    query = select(table).where(table.c.site == site, table.c.id == name)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError(table.name, name)
    return row


def sealed_of(connection: Connection, site: str, name: str) -> tuple[Record, Sequence[Record]]:
    """A person's row and their credentials', with what is sealed. Raises NotFoundError."""
    row = one_row(connection, person, site, name)
    query = select(credential).where(credential.c.person == name).order_by(credential.c.id)
    return row, connection.execute(query).mappings().all()


def _wanted(query: HouseholdQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    for column in ("building", "entrance", "room"):
        value = getattr(query, column)
        if value is not None:
            wanted.append(household.c[column] == value)
    same = person.c.household == household.c.id
    if query.name is not None:
        wanted.append(_has(person, same, person.c.name_hash == query.name))
    if query.phone is not None:
        wanted.append(_has(person, same, person.c.phone_hash == query.phone))
    if query.subject is not None:
        mine = credential.c.household == household.c.id
        wanted.append(_has(credential, mine, credential.c.subject == query.subject))
    if query.tags:
        tagged = select(person_tag.c.person).where(
            person_tag.c.site == household.c.site, person_tag.c.tag.in_(list(query.tags))
        )
        wanted.append(_has(person, same, person.c.id.in_(tagged)))
    return wanted


def _has(table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(select(table.c.id).where(table.c.site == household.c.site, *conditions))


def _homes(connection: Connection, rows: Sequence[Record]) -> list[Home]:
    ids = [row["id"] for row in rows]
    people = _of(connection, person, _PERSON, ids)
    credentials = _of(connection, credential, _CREDENTIAL, ids)
    tags = tags_of(connection, [one["id"] for one in people])
    return [
        Home(
            row,
            [one for one in people if one["household"] == row["id"]],
            [one for one in credentials if one["household"] == row["id"]],
            tags,
        )
        for row in rows
    ]


def _of(
    connection: Connection, table: Table, columns: Sequence[ColumnElement[Any]], homes: list[str]
) -> Sequence[Record]:
    query = select(*columns).where(table.c.household.in_(homes))
    return connection.execute(query.order_by(table.c.created_at, table.c.id)).mappings().all()


def tags_of(connection: Connection, people: Collection[str]) -> dict[str, list[str]]:
    """The tags of these people, by person."""
    found: dict[str, list[str]] = {}
    query = select(person_tag.c.person, person_tag.c.tag).order_by(person_tag.c.tag)
    for some in batched(people):
        for one, tag in connection.execute(query.where(person_tag.c.person.in_(some))):
            found.setdefault(one, []).append(tag)
    return found


def subjects_of(
    connection: Connection,
    site: str,
    *,
    household: str | None = None,
    person: str | None = None,
    credential: str | None = None,
    at: int | None = None,
) -> list[str]:
    """The keyed hashes by which passages know a household, a person or one car or card.

    at: only those that held at that moment, ms. Of a person, their own alone: what the household
    shares says nothing of who of it passed. Empty for one that is not registered.
    """
    whose = {"household": household, "person": person, "id": credential}
    return _subjects(connection, site, {name: one for name, one in whose.items() if one}, at)


def _subjects(
    connection: Connection, site: str, whose: Mapping[str, str], at: int | None
) -> list[str]:
    table = credential.c
    if not whose:
        return []
    mine = [table[column] == value for column, value in whose.items()]
    query = select(table.subject).where(table.site == site, *mine)
    if at is not None:
        query = query.where(
            or_(table.since_at.is_(None), table.since_at <= at),
            or_(table.until_at.is_(None), table.until_at > at),
        )
    return list(connection.scalars(query.order_by(table.id)))


def batched(names: Collection[str]) -> Iterator[list[str]]:
    """Some at a time: a statement binds so many at most."""
    ordered = sorted(names)
    for first in range(0, len(ordered), _AT_ONCE):
        yield ordered[first : first + _AT_ONCE]
