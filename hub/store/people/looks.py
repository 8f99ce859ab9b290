"""Looks as rows: declared, counted, and found again by whom they were about."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import ColumnElement, Connection, func, insert, select

from hub.access.audit import Entry
from hub.access.looking import Look, Tally
from hub.database.upsert import upsert
from hub.store.people.trail import entries
from hub.store.schema import case_, look, looked, looked_at


def add_look(connection: Connection, one: Look) -> None:
    """Write a declared look down."""
    row = asdict(one)
    connection.execute(insert(look).values(case_id=row.pop("case"), **row))


def find_look(connection: Connection, site: str, name: str) -> Look | None:
    """The look with this id."""
    found = select(look).where(look.c.site == site, look.c.id == name)
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        return None
    known = dict(row)
    return Look(case=known.pop("case_id"), **known)


def case_called(connection: Connection, site: str, name: str) -> str | None:
    """The id of the case with this id or number."""
    same = (case_.c.id == name) | (case_.c.number == name)
    found = select(case_.c.id).where(case_.c.site == site, same).limit(1)
    return connection.execute(found).scalar_one_or_none()


def tally(connection: Connection, actor: str, since: int) -> Tally:
    """What somebody has looked at since then."""
    found = select(func.count(looked.c.person.distinct()), func.count())
    people, pages = connection.execute(found.where(*_by(actor, since))).one()
    return Tally(people, pages)


def asked_for(connection: Connection, actor: str, since: int, person: str) -> bool:
    """Whether somebody has asked for this person since then."""
    found = select(looked.c.audit_id).where(*_by(actor, since), looked.c.person == person)
    return connection.execute(found.limit(1)).first() is not None


def add_looked(
    connection: Connection,
    *,
    audit_id: int,
    site: str,
    actor: str,
    at: int,
    person: str | None,
    subjects: Iterable[str],
) -> None:
    """Write down that somebody was shown these subjects' traces."""
    connection.execute(
        insert(looked).values(audit_id=audit_id, site=site, actor=actor, at=at, person=person)
    )
    rows = [
        {"site": site, "subject": one, "audit_id": audit_id, "at": at}
        for one in dict.fromkeys(subjects)
    ]
    if rows:
        connection.execute(upsert(looked_at).on_conflict_do_nothing(), rows)


def looks_at(connection: Connection, site: str, subject: str, limit: int) -> list[Entry]:
    """The trail's entries of looks at somebody, newest first."""
    found = (
        select(looked_at.c.audit_id)
        .where(looked_at.c.site == site, looked_at.c.subject == subject)
        .order_by(looked_at.c.audit_id.desc())
        .limit(limit)
    )
    return entries(connection, connection.scalars(found).all())


def role_of(connection: Connection, actor: str) -> str | None:
    """The role in which somebody last declared a look."""
    mine = select(look.c.role).where(look.c.actor == actor)
    return connection.execute(mine.order_by(look.c.at.desc()).limit(1)).scalar_one_or_none()


def _by(actor: str, since: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return looked.c.actor == actor, looked.c.at >= since
