"""Households as answers."""

from collections.abc import Collection
from dataclasses import dataclass

from hub.access.looking import MARK_DIGITS
from hub.access.roles import Actor
from hub.api.directory import Directory
from hub.api.models import household as shown
from hub.households.problem import Problem
from hub.store.households.importing import Outcome
from hub.store.households.presence import Missed
from hub.store.households.reads import Home
from hub.store.reads.page import Record


@dataclass(frozen=True, slots=True)
class Eyes:
    """Whoever looks: a tag shows to its role alone."""

    directory: Directory
    actor: Actor

    def tags(self, found: Collection[str]) -> list[str]:
        """Those that may be seen; one that has left the configuration is nobody's."""
        return [one for one in found if one in self.seen]

    @property
    def seen(self) -> list[str]:
        """Every tag that may be seen."""
        return [
            one.id for one in self.directory.tags.values() if self.actor.role.at_least(one.role)
        ]


def show_household(home: Home, eyes: Eyes) -> shown.Household:
    """A household, masked."""
    row = home.row
    return shown.Household(
        id=row["id"],
        building=row["building"],
        building_name=eyes.directory.whole_or_building(row["site"], row["building"]),
        entrance=row["entrance"],
        room=row["room"],
        since=row["since_at"],
        until=row["until_at"],
        version=row["version"],
        people=[_resident(one, home.tags.get(one["id"], ()), eyes) for one in home.people],
        credentials=[_credential(one) for one in home.credentials],
    )


def show_missed(one: Missed, site: str, eyes: Eyes) -> shown.CareNote:
    """Somebody to look after, masked."""
    row = one.person
    return shown.CareNote(
        person=row["id"],
        name=row["name_masked"],
        household=row["household"],
        building=row["building"],
        building_name=eyes.directory.whole_or_building(site, row["building"]),
        entrance=row["entrance"],
        room=row["room"],
        tags=eyes.tags(one.tags),
        last_at=one.last_at,
        seen_by=one.known,
    )


def show_outcome(outcome: Outcome) -> shown.ImportOutcome:
    """What became of a list."""
    counts = {name: value for name, value in outcome.counts.items() if name != "mode"}
    return shown.ImportOutcome(
        mode=outcome.mode,
        applied=outcome.applied,
        problems=[_problem(one) for one in outcome.problems],
        **counts,
    )


def _resident(row: Record, tags: Collection[str], eyes: Eyes) -> shown.Resident:
    return shown.Resident(
        id=row["id"],
        name=row["name_masked"],
        phone=row["phone_masked"],
        tags=eyes.tags(tags),
        since=row["since_at"],
        until=row["until_at"],
        version=row["version"],
    )


def _credential(row: Record) -> shown.Credential:
    return shown.Credential(
        id=row["id"],
        kind=row["kind"],
        person=row["person"],
        masked=row["masked"],
        subject=row["subject"][:MARK_DIGITS],
        since=row["since_at"],
        until=row["until_at"],
        version=row["version"],
    )


def _problem(one: Problem) -> shown.ImportProblem:
    return shown.ImportProblem(line=one.line, column=one.place, what=one.what, todo=one.todo)
