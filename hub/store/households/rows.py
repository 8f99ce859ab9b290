"""One household, person or credential at a time: made, changed, removed by hand."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from hub.errors import ConflictError
from hub.store.households.reads import one_row
from hub.store.schema import credential, household, person, person_tag
from hub.store.write.revisions import next_revision


def add_row(connection: Connection, table: Table, values: Mapping[str, Any], now: int) -> None:
    """A new one. Raises ConflictError for a room, name or credential that is registered already."""
    site = values["site"]
    next_revision(connection, site)
    if table is household:
        _free_room(connection, values, now)
    if table is credential:
        _free_subject(connection, site, values["subject"])
    if table is person:
        _free_name(connection, values, now)
    connection.execute(insert(table).values(**values, created_at=now, changed_at=now, version=1))


def change_row(
    connection: Connection,
    table: Table,
    site: str,
    name: str,
    values: Mapping[str, Any],
    *,
    version: int,
    now: int,
) -> None:
    """Change what `values` names. Raises NotFoundError, and ConflictError for another version."""
    before = one_row(connection, table, site, name)
    if before["version"] != version:
        raise ConflictError("somebody has changed it since", code="stale-version")
    next_revision(connection, site)
    if table is person and "name_hash" in values:
        known = {"site": site, "household": before["household"], **values}
        _free_name(connection, known, now, but=name)
    connection.execute(
        update(table)
        .where(table.c.id == name)
        .values(**values, changed_at=now, version=version + 1)
    )


def remove_row(connection: Connection, table: Table, site: str, name: str) -> None:
    """Remove one; a household only once nobody is registered in it.

    Raises NotFoundError, ConflictError.
    """
    one_row(connection, table, site, name)
    if table is household:
        for child in (person, credential):
            held = select(child.c.id).where(child.c.household == name).limit(1)
            if connection.scalar(held) is not None:
                problem = "people or credentials are registered in it"
                raise ConflictError(problem, code="household-not-empty")
    next_revision(connection, site)
    connection.execute(delete(table).where(table.c.id == name))


def tags_now(connection: Connection, name: str) -> list[str]:
    """The tags of a person."""
    return list(connection.scalars(select(person_tag.c.tag).where(person_tag.c.person == name)))


def set_tags(connection: Connection, site: str, name: str, tags: Collection[str]) -> None:
    """These, and no others."""
    connection.execute(delete(person_tag).where(person_tag.c.person == name))
    if tags:
        rows = [{"person": name, "tag": tag, "site": site} for tag in sorted(set(tags))]
        connection.execute(insert(person_tag), rows)


def _free_room(connection: Connection, values: Mapping[str, Any], now: int) -> None:
    place = [household.c[name] == values[name] for name in ("site", "building", "entrance", "room")]
    for until in connection.scalars(select(household.c.until_at).where(*place)):
        if until is None or until > now:
            raise ConflictError("a household is registered there already", code="room-taken")


def _free_name(
    connection: Connection, values: Mapping[str, Any], now: int, *, but: str | None = None
) -> None:
    """Lists know a person by household and name, so that no household has two of a name."""
    same = [person.c[name] == values[name] for name in ("site", "household", "name_hash")]
    for name, until in connection.execute(select(person.c.id, person.c.until_at).where(*same)):
        if name != but and (until is None or until > now):
            raise ConflictError("somebody of this name is registered there", code="person-known")


def _free_subject(connection: Connection, site: str, subject: str) -> None:
    same = (credential.c.site == site, credential.c.subject == subject)
    if connection.scalar(select(credential.c.id).where(*same)) is not None:
        raise ConflictError("it is registered already", code="credential-taken")
