"""What passages say of a household without naming anybody: a tally by day, and who is missed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, case, func, or_, select

from hub.store.households.reads import batched, subjects_of, tags_of
from hub.store.reads.page import Record
from hub.store.schema import credential, household, passage, person, person_tag

DAY_MS: Final = 24 * 3_600_000
MOST: Final = 2_000
"""People of a site that are looked at for this: far more than bear such a tag."""

_NOT_IN: Final = "denied"


@dataclass(frozen=True, slots=True)
class DayTally:
    """day: its first moment, ms, on the site's clock. other: no direction was told."""

    day: int
    came_in: int
    went_out: int
    other: int


@dataclass(frozen=True, slots=True)
class Missed:
    """Somebody with a tag for which they are looked after.

    person: with the household's place. last_at: their last passage, ms; None where there is none.
    known: whether there is a card or car of theirs at all, by which they could have been seen.
    """

    person: Record
    tags: tuple[str, ...]
    last_at: int | None
    known: bool


def tally(
    connection: Connection, site: str, name: str, *, since: int, until: int, shift: int
) -> list[DayTally]:
    """How often a household's cards and cars came in and went out, by day, the oldest first.

    since, until: ms. shift: of the clock on which days begin, ms. Whoever was turned away did not
    pass. Days on which nothing happened are left out.
    """
    subjects = subjects_of(connection, site, household=name)
    if not subjects:
        return []
    day = (passage.c.at + shift) // DAY_MS
    came = func.sum(case((passage.c.direction == "in", 1), else_=0))
    went = func.sum(case((passage.c.direction == "out", 1), else_=0))
    rows = connection.execute(
        select(day, came, went, func.count())
        .where(
            passage.c.site == site,
            passage.c.subject.in_(subjects),
            passage.c.at >= since,
            passage.c.at < until,
            passage.c.result != _NOT_IN,
        )
        .group_by(day)
        .order_by(day)
    )
    return [
        DayTally(int(number) * DAY_MS - shift, int(into), int(out), int(total - into - out))
        for number, into, out, total in rows
    ]


def missed(
    connection: Connection, site: str, quiet_days: Mapping[str, int], now: int
) -> list[Missed]:
    """People with one of these tags of whom nothing passed for the tag's days; the longest first.

    Somebody's own cards and cars tell of them; without any, what their household has.
    """
    people = _tagged(connection, site, quiet_days, now)
    own, shared = _held(connection, {row["household"] for row, _ in people}, now)
    marks = {row["id"]: own.get(row["id"]) or shared.get(row["household"], []) for row, _ in people}
    last = _last(connection, site, {one for held in marks.values() for one in held})
    found = []
    for row, tags in people:
        held = marks[row["id"]]
        at = max((last[one] for one in held if one in last), default=None)
        days = min(quiet_days[tag] for tag in tags)
        if at is None or at < now - days * DAY_MS:
            found.append(Missed(row, tags, at, known=bool(held)))
    return sorted(found, key=lambda one: (one.last_at or 0, one.person["id"]))


def _tagged(
    connection: Connection, site: str, quiet_days: Mapping[str, int], now: int
) -> list[tuple[Record, tuple[str, ...]]]:
    tagged = select(person_tag.c.person).where(
        person_tag.c.site == site, person_tag.c.tag.in_(list(quiet_days))
    )
    query = (
        select(
            person.c.id,
            person.c.household,
            person.c.name_masked,
            household.c.building,
            household.c.entrance,
            household.c.room,
        )
        .join(household, household.c.id == person.c.household)
        .where(
            person.c.id.in_(tagged),
            or_(person.c.until_at.is_(None), person.c.until_at > now),
        )
        .order_by(person.c.id)
        .limit(MOST)
    )
    rows = connection.execute(query).mappings().all()
    tags = tags_of(connection, [row["id"] for row in rows])
    return [
        (row, tuple(tag for tag in tags.get(row["id"], ()) if tag in quiet_days)) for row in rows
    ]


_Marks = dict[str, list[str]]


def _held(connection: Connection, homes: Collection[str], now: int) -> tuple[_Marks, _Marks]:
    """Subjects of credentials that hold now: by person, and by household."""
    own: _Marks = {}
    shared: _Marks = {}
    table = credential.c
    holds = (
        or_(table.since_at.is_(None), table.since_at <= now),
        or_(table.until_at.is_(None), table.until_at > now),
    )
    for some in batched(homes):
        query = select(table.subject, table.person, table.household).where(*holds)
        for subject, owner, home in connection.execute(query.where(table.household.in_(some))):
            shared.setdefault(home, []).append(subject)
            if owner is not None:
                own.setdefault(owner, []).append(subject)
    return own, shared


def _last(connection: Connection, site: str, subjects: Collection[str]) -> dict[str, int]:
    """When each was seen last, of those that were."""
    last: dict[str, int] = {}
    for some in batched(subjects):
        mine = (passage.c.site == site, passage.c.subject.in_(some))
        query = select(passage.c.subject, func.max(passage.c.at)).where(*mine)
        last.update(
            (str(subject), int(at))
            for subject, at in connection.execute(query.group_by(passage.c.subject))
        )
    return last
