"""What many screens are told alike is said once, and nobody is told what is another's."""

import json
from dataclasses import replace

import pytest

from hub.access.roles import Actor
from hub.api.present import telling as present
from hub.api.present.change import load_change, show_change
from hub.cases.table import STATE_NAMES, TRANSITIONS
from hub.config import Role
from hub.live import Changed, Live, Telling

COURT = frozenset({"court"})
PEOPLE = [
    Actor(name, role, sites)
    for name in ("wang", "zhao")
    for role in Role
    for sites in (COURT, frozenset({"*"}))
]


@pytest.fixture
async def changes(house):
    """One change of each kind that a forced door leaves."""
    await house.force_door()
    found = []
    with house.store.reader.connect() as reader:
        refs = reader.exec_driver_sql("SELECT position, type, ref, at FROM change").all()
        for position, kind, ref, at in refs:
            body = load_change(reader, house.directory, site="court", kind=kind, ref=ref)
            found.append(Changed(position, kind, ref, at, body))
    assert {"alert", "case", "device"} <= {one.type for one in found}
    return found


def say(house, told, actor):
    return present.say(told, house.directory, actor, site="court")


def bodies(said):
    return [
        json.loads(line.removeprefix("data: "))
        for line in said.decode().splitlines()
        if line.startswith("data: ")
    ]


def alone(house, told, actor):
    """Shown to this person and nobody else."""
    shown = [
        show_change(one, house.directory, actor, site="court")
        for one in told.events
        if isinstance(one, Changed)
    ]
    return [one.model_dump(mode="json") for one in shown if one is not None]


async def test_everybody_is_told_what_is_shown_to_them_alone(house, changes):
    """In every state of a case, taken and disputed by one, by another, or by nobody."""
    (case,) = [one for one in changes if one.type == "case"][-1:]
    for state in STATE_NAMES:
        for who in (None, "wang"):
            body = {**case.body, "state": state, "disputed_by": who, "assignee": who}
            told = Telling((*changes, replace(case, body=body)))
            for actor in PEOPLE:
                assert bodies(say(house, told, actor)) == alone(house, told, actor)


async def test_who_disputes_a_case_is_refused_to_settle_it_and_others_are_not(house, changes):
    case = next(one for one in changes if one.type == "case")
    body = {
        **case.body,
        "state": next(s for s, act in TRANSITIONS if act == "settle"),
        "disputed_by": "wang",
    }
    told = Telling((replace(case, body=body),))

    def settle(name):
        ((shown,)) = bodies(say(house, told, Actor(name, Role.SUPERVISOR, COURT)))
        return next(one for one in shown["body"]["actions"] if one["id"] == "settle")

    assert settle("wang")["why"]["en"].startswith("Whoever disputes it")
    assert settle("wang") != settle("zhao") == settle("liu")


async def test_those_who_see_it_alike_are_told_the_very_same_bytes(house, changes):
    told = Telling(tuple(changes))
    wang, zhao = (Actor(name, Role.GUARD, COURT) for name in ("wang", "zhao"))
    assert say(house, told, wang) is say(house, told, zhao)
    assert say(house, told, wang) is not say(house, told, replace(zhao, role=Role.ADMIN))


async def test_readings_are_told_without_a_position(house):
    told = Telling((Live("fw-1", {"pressure": {"value": 0.31, "at": 5}}, 7), Live("no", {}, 7)))
    ((body,)) = bodies(say(house, told, PEOPLE[0]))
    assert body["device"] == "fw-1"
    assert present.newest(told, 41) == 41


async def test_the_newest_position_is_that_of_the_last_change(house, changes):
    assert present.newest(Telling(tuple(changes)), 0) == changes[-1].position
