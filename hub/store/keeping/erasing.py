"""Somebody's data goes on request: found first, then erased a little at a time, and told.

What a case that is open, or held, needs stays until its time; the report says so.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    and_,
    cast,
    delete,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
)

from hub.store.households.reads import one_row, subjects_of
from hub.store.keeping.letters import empty_letters, letters_about
from hub.store.schema import (
    alert,
    case_,
    credential,
    evidence,
    household,
    looked_at,
    observation,
    passage,
    passer,
    person,
    plate_form,
)
from hub.store.seal import Seal
from hub.store.write.evidence_retention import of_open_case
from hub.store.write.held import AROUND_MS, held_evidence, held_observation, held_passage
from hub.store.write.revisions import next_revision

CHUNK: Final = 500
_REMOVED: Final = "removed"
_STORED: Final = "stored"
_PICTURE: Final = "picture"
_CLIPS: Final = ("clip", "still", "thumbnail")
_TABLES: Final = {"person": person, "household": household}

Place = tuple[int, int, int]
"""(stream id, seq, idx) of a passage and its observation."""


@dataclass(frozen=True, slots=True)
class Whose:
    """A person, or a household with all that is in it. subjects: their cards and cars."""

    site: str
    kind: str
    target: str
    subjects: tuple[str, ...]


@dataclass(slots=True)
class Found:
    """What there is. passages, observations: places that go. pictures: hashes that go.

    clips, letters: ids of what alarms fetched while they passed, and of dead letters that name
    them; both go. people, credentials: on the register. kept_*: what stays, as a case needs it.
    """

    people: int = 0
    credentials: int = 0
    passages: list[Place] = field(default_factory=list)
    observations: list[Place] = field(default_factory=list)
    pictures: list[str] = field(default_factory=list)
    clips: list[str] = field(default_factory=list)
    letters: list[int] = field(default_factory=list)
    kept_clips: int = 0
    kept_passages: int = 0
    kept_observations: int = 0
    looks: int = 0

    @property
    def erased(self) -> dict[str, int]:
        """Counts by class."""
        return {
            "people": self.people,
            "credentials": self.credentials,
            "passages": len(self.passages),
            "observations": len(self.observations),
            "pictures": len(self.pictures),
            "clips": len(self.clips),
            "letters": len(self.letters),
        }

    @property
    def kept(self) -> dict[str, int]:
        """Counts by class; what is nothing is left out."""
        counts = {
            "passages": self.kept_passages,
            "observations": self.kept_observations,
            "clips": self.kept_clips,
            "looks": self.looks,
        }
        return {name: count for name, count in counts.items() if count}


def whose(connection: Connection, site: str, kind: str, target: str) -> Whose:
    """Raises NotFoundError for one that is not registered."""
    one_row(connection, _TABLES[kind], site, target)
    named: dict[str, Any] = {kind: target}
    return Whose(site, kind, target, tuple(subjects_of(connection, site, **named)))


def find(connection: Connection, one: Whose, seal: Seal) -> Found:
    """What there is of somebody; reads as much as there is, and writes nothing."""
    found = Found(people=_people(connection, one), credentials=len(one.subjects))
    if not one.subjects:
        return found
    mine = and_(passage.c.site == one.site, passage.c.subject.in_(one.subjects))
    places = (passage.c.stream_id, passage.c.seq, passage.c.idx, passage.c.picture)
    for *place, picture in connection.execute(select(*places).where(mine, ~needed_passage())):
        found.passages.append((place[0], place[1], place[2]))
        if picture is not None:
            found.pictures.append(picture)
    _clips(connection, mine, found)
    found.letters = letters_about(connection, one.site, one.subjects, seal)
    kept = select(func.count()).select_from(passage).where(mine, needed_passage())
    found.kept_passages = int(connection.scalar(kept) or 0)
    key = (observation.c.stream_id, observation.c.seq, observation.c.idx)
    for subject in one.subjects:
        said = and_(
            observation.c.site == one.site,
            observation.c.sealed.is_not(None),
            cast(observation.c.signals, Text).contains(subject),
        )
        rows = connection.execute(select(*key).where(said, ~needed_observation()))
        found.observations += [(row[0], row[1], row[2]) for row in rows]
        more = select(func.count()).select_from(observation).where(said, needed_observation())
        found.kept_observations += int(connection.scalar(more) or 0)
    looks = select(func.count()).select_from(looked_at)
    at_them = (looked_at.c.site == one.site, looked_at.c.subject.in_(one.subjects))
    found.looks = int(connection.scalar(looks.where(*at_them)) or 0)
    return found


def steps(one: Whose, found: Found, now: int) -> Iterator[Callable[[Connection], list[str]]]:
    """A transaction's worth each; what it returns are hashes whose files go right after it.

    Broken off, it can be begun again: what is erased is not found any more.
    """
    for hashes in some(found.pictures):
        yield partial(drop_pictures, site=one.site, hashes=hashes, now=now)
    for ids in some(found.clips):
        yield partial(drop_clips, site=one.site, ids=ids, now=now)
    for letters in some(found.letters):
        yield partial(empty_letters, ids=letters)
    for places in some(found.observations):
        yield partial(unlink_observations, places=places, subjects=one.subjects)
    for places in some(found.passages):  # the last: by these the others are found
        yield partial(unlink_passages, places=places)


def unlink_passages(connection: Connection, *, places: Sequence[Place]) -> list[str]:
    """That somebody passed stays; who it was, and the picture, does not."""
    key = tuple_(passage.c.stream_id, passage.c.seq, passage.c.idx)
    connection.execute(
        update(passage)
        .where(key.in_(list(places)))
        .values(subject=None, sealed=None, masked=None, picture=None)
    )
    return []


def unlink_observations(
    connection: Connection, *, places: Sequence[Place], subjects: Sequence[str]
) -> list[str]:
    """Take hashes and sealed values out of what devices reported."""
    table = observation
    key = tuple_(table.c.stream_id, table.c.seq, table.c.idx)
    columns = (table.c.stream_id, table.c.seq, table.c.idx, table.c.signals)
    for row in connection.execute(select(*columns).where(key.in_(list(places)))).all():
        signals = {name: value for name, value in row.signals.items() if value not in subjects}
        connection.execute(
            update(table)
            .where(
                table.c.stream_id == row.stream_id, table.c.seq == row.seq, table.c.idx == row.idx
            )
            .values(signals=signals, sealed=None)
        )
    return []


def drop_pictures(
    connection: Connection, *, site: str, hashes: Sequence[str], now: int
) -> list[str]:
    """Take pictures off the books; those whose file no other piece needs, by hash."""
    mine = (evidence.c.site == site, evidence.c.sha256.in_(list(hashes)))
    taken = (evidence.c.kind == _PICTURE, evidence.c.state == _STORED)
    connection.execute(update(evidence).where(*mine, *taken).values(state=_REMOVED, updated_at=now))
    left = select(evidence.c.sha256).where(*mine, evidence.c.state == _STORED)
    needed = set(connection.scalars(left))
    return [one for one in hashes if one not in needed]


def drop_clips(connection: Connection, *, site: str, ids: Sequence[str], now: int) -> list[str]:
    """Take clips and stills off the books; those whose file no other piece needs, by hash."""
    mine = (evidence.c.site == site, evidence.c.id.in_(list(ids)), evidence.c.state == _STORED)
    hashes = [one for one in connection.scalars(select(evidence.c.sha256).where(*mine)) if one]
    connection.execute(update(evidence).where(*mine).values(state=_REMOVED, updated_at=now))
    same = (evidence.c.site == site, evidence.c.sha256.in_(hashes), evidence.c.state == _STORED)
    needed = set(connection.scalars(select(evidence.c.sha256).where(*same)))
    return [one for one in hashes if one not in needed]


def remove_entries(connection: Connection, one: Whose, found: Found) -> None:
    """Take them off the register and, unless passages stay, out of what plates are found by."""
    next_revision(connection, one.site)
    if not found.kept_passages:
        _forget_passers(connection, one)
    if one.kind == "person":
        mine = credential.c.person == one.target
        connection.execute(delete(credential).where(credential.c.site == one.site, mine))
    table = _TABLES[one.kind]
    connection.execute(delete(table).where(table.c.site == one.site, table.c.id == one.target))


def _forget_passers(connection: Connection, one: Whose) -> None:
    mine = and_(passer.c.site == one.site, passer.c.subject.in_(one.subjects))
    ids = select(passer.c.id).where(mine)
    connection.execute(delete(plate_form).where(plate_form.c.passer.in_(ids)))
    connection.execute(delete(passer).where(mine))


def some(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """As many as one transaction takes."""
    for first in range(0, len(things), CHUNK):
        yield things[first : first + CHUNK]


def needed_passage() -> ColumnElement[bool]:
    """A case that is open, or held, needs this passage."""
    open_case = _around_open_case(passage.c.site, passage.c.device, passage.c.at)
    return or_(held_passage(), open_case)


def needed_observation() -> ColumnElement[bool]:
    """The same of what a device reported."""
    table = observation.c
    return or_(held_observation(), _around_open_case(table.site, table.device, table.at))


def _around_open_case(
    site: ColumnElement[str], device: ColumnElement[str], at: ColumnElement[int]
) -> ColumnElement[bool]:
    over = func.coalesce(alert.c.returned_at, alert.c.at) + AROUND_MS
    return exists(
        select(alert.c.id)
        .join(case_, case_.c.id == alert.c.case_id)
        .where(
            alert.c.site == site,
            alert.c.device == device,
            case_.c.closed_at.is_(None),
            at.between(alert.c.at - AROUND_MS, over),
        )
    )


def _clips(connection: Connection, mine: ColumnElement[bool], found: Found) -> None:
    """What a device recorded while they passed at it: an alarm's, so that others are in it too."""
    recorded = and_(
        evidence.c.kind.in_(_CLIPS),
        evidence.c.state == _STORED,
        evidence.c.device != "",
        exists(
            select(passage.c.id).where(
                mine,
                passage.c.device == evidence.c.device,
                passage.c.at.between(evidence.c.from_at, evidence.c.to_at),
                passage.c.site == evidence.c.site,
            )
        ),
    )
    needed = or_(of_open_case(), held_evidence())
    found.clips = list(connection.scalars(select(evidence.c.id).where(recorded, ~needed)))
    kept = select(func.count()).select_from(evidence).where(recorded, needed)
    found.kept_clips = int(connection.scalar(kept) or 0)


def _people(connection: Connection, one: Whose) -> int:
    if one.kind == "person":
        return 1
    mine = select(func.count()).select_from(person).where(person.c.household == one.target)
    return int(connection.scalar(mine) or 0)
