"""The table of cases: every state reaches its end, every refusal has a reason."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.alerts import Need, attach_case, step
from hub.cases import (
    ACTIONS,
    DONE_STATES,
    FINAL_STATES,
    RESOLUTIONS,
    START,
    STATE_NAMES,
    SYSTEM,
    TRANSITIONS,
    CaseState,
    allowed,
    case_id_of_alert,
    open_by_hand,
    open_from_alert,
)
from hub.config import Priority, Role
from hub.errors import BadRequestError, NotAllowedError
from hub.rules import Finding
from tests.hub_decisions.case_kit import CASE, CATALOGUE, RULES, T0, TERMS, act, answers, walk
from wire import Text


def test_a_case_from_an_alert(alarms):
    alarm = alarms["door-forced"]
    finding = Finding("door-forced", "door-b1", active=True, at=T0)
    alert = step(None, 0, finding, alarm=alarm, site="s", now=T0)
    category = CATALOGUE.categories[alarm.case.category]
    place = Text(zh="大堂", en="Lobby")
    case, entry = open_from_alert(
        alert, alarm=alarm, category=category, number="n1", now=T0 + 5, place=place
    )
    assert (case.state, case.priority, case.title, case.alert, case.place) == (
        START,
        alert.priority,
        alarm.name,
        alert.id,
        place,
    )
    assert case.id == case_id_of_alert(alert.id)
    assert (entry.actor, entry.from_state, entry.to_state) == (SYSTEM, None, START)
    assert attach_case(alert, case.id).case == case.id


def by_hand(category, **more):
    fields = {
        "case_id": "c2",
        "site": "s",
        "title": Text(zh="楼道堆物", en="Stair blocked"),
        "number": "n2",
        "now": T0,
        "actor": "wang",
        "note": " boxes ",
    }
    return open_by_hand(category=CATALOGUE.categories[category], **(fields | more))


def test_a_case_by_hand():
    case, entry = by_hand("fire-lane")
    assert (case.state, case.priority, case.alert) == (START, Priority.P1, None)
    assert (entry.actor, entry.note) == ("wang", "boxes")


@pytest.mark.parametrize(
    ("category", "more", "field"),
    [
        ("network-fault", {}, "category"),
        ("other", {"note": "  "}, "note"),
        ("other", {"note": "x" * 2001}, "note"),
        ("other", {"title": Text(zh=" ", en="x")}, "title"),
    ],
)
def test_a_bad_report_is_refused(category, more, field):
    with pytest.raises(BadRequestError) as refused:
        by_hand(category, **more)
    assert refused.value.field == field


def test_the_whole_loop():
    case, entries = walk(CASE, "accept", "dispatch", "start", "report", "close", "assess", "rate")
    assert [entry.to_state.value for entry in entries] == [
        "accepted",
        "dispatched",
        "handling",
        "verifying",
        "closed",
        "assessed",
        "rated",
    ]
    assert (case.department, case.assignee, case.resolution, case.rating) == (
        "property",
        "wang",
        "resolved",
        5,
    )
    assert (case.version, case.closed_at) == (9, T0 + 1000)


def test_a_guard_alone_brings_a_case_to_verification():
    case, _ = walk(CASE, "take", "report", role=Role.GUARD)
    assert (case.state, case.assignee) == (CaseState.VERIFYING, "wang")
    with pytest.raises(NotAllowedError, match="at least a supervisor"):
        act(case, "close", role=Role.GUARD)
    closed, _ = walk(case, "close", actor="zhou")
    assert (closed.state, closed.closed_at) == (CaseState.CLOSED, T0 + 1000)


def test_a_verification_that_fails_goes_back_to_handling():
    case, _ = walk(CASE, "take", "report", "rework")
    assert case.state is CaseState.HANDLING


@pytest.mark.parametrize(
    "until",
    [
        ("reject",),
        ("take", "close-directly"),
        ("take", "report", "close", "assess"),
        ("take", "report", "close", "assess", "rate"),
    ],
)
def test_reopening_starts_afresh(until):
    done, _ = walk(CASE, *until)
    assert done.state in DONE_STATES
    assert done.closed_at is not None
    case, _ = walk(done, "reopen")
    begun = replace(CASE, state=CaseState.ACCEPTED, updated_at=T0 + 1000)
    assert replace(case, version=1) == begun


def test_supervision_is_a_mark_that_closing_takes_away():
    case, _ = walk(CASE, "take", "supervise")
    assert (case.state, case.supervised) == (CaseState.HANDLING, True)
    with pytest.raises(NotAllowedError, match="under supervision already"):
        walk(case, "supervise")
    case, _ = walk(case, "report", "close")
    assert not case.supervised


@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("role", Role)
def test_each_action_in_each_state_is_done_or_refused_with_a_reason(state, role):
    case = replace(CASE, state=state)
    for offer in allowed(case, role, TERMS, "wang"):
        in_table = (state, offer.id) in TRANSITIONS and role.at_least(ACTIONS[offer.id].role)
        assert not offer.allowed or in_table
        assert offer.allowed == (offer.why is None)
        if offer.allowed:
            given = answers(offer.id)
            if offer.id in {"report", "close-directly"}:
                given |= {"resolution": "false-alarm"}
            after, entry = act(case, offer.id, role=role, **given)
            assert after.state is entry.to_state is TRANSITIONS[state, offer.id]
            assert after.version == case.version + 1
        else:
            assert offer.why.zh != offer.why.en
            with pytest.raises(NotAllowedError) as refused:
                act(case, offer.id, role=role, **answers(offer.id))
            assert refused.value.why == offer.why


NEEDED = [(spec.id, need) for spec in ACTIONS.values() for need in spec.needs]


@pytest.mark.parametrize(("action", "need"), NEEDED)
def test_what_an_action_needs_must_be_given(action, need):
    case = ready_for(action)
    with pytest.raises(BadRequestError) as refused:
        act(case, action, **(answers(action) | {need.value: None}))
    assert refused.value.field == need.value


def ready_for(action):
    """A case on which a supervisor may take the action."""
    case = CASE
    if action == "settle":
        case, _ = walk(case, "accept", "dispatch", "start", "dispute", actor="li")
    elif action == "report-part":
        case, _ = walk(case, "accept", "dispatch", "call-in")
    elif action == "untick":
        case, _ = walk(case, "accept", "tick")
    else:
        state = next(state for state, name in TRANSITIONS if name == action)
        case = replace(case, state=state)
    assert next(one for one in allowed(case, Role.ADMIN, TERMS, "wang") if one.id == action).allowed
    return case


@pytest.mark.parametrize(
    ("action", "answer", "field"),
    [
        ("report", {"resolution": "magic"}, "resolution"),
        ("report", {"note": "x" * 2001}, "note"),
        ("report", {"note": "   "}, "note"),
        ("rate", {"rating": 0}, "rating"),
        ("rate", {"rating": 6}, "rating"),
        ("dispatch", {"department": "moon"}, "department"),
        ("dispatch", {"helpers": ("police", "moon")}, "department"),
        ("call-in", {"helpers": ("police", "police")}, "helpers"),
        ("dispatch-direct", {"department": "police"}, "department"),
        ("settle", {"department": "moon"}, "department"),
        ("report-part", {"department": "property"}, "department"),
        ("tick", {"item": "0"}, "item"),
        ("untick", {"item": "0"}, "item"),
        ("merge", {"case": "c1"}, "case"),
        ("link", {"case": "c1"}, "case"),
    ],
)
def test_a_wrong_answer_is_refused(action, answer, field):
    with pytest.raises(BadRequestError) as refused:
        act(ready_for(action), action, **(answers(action) | answer))
    assert refused.value.field in {field, "helpers"}


def test_an_action_that_does_not_exist_is_refused():
    with pytest.raises(BadRequestError) as refused:
        act(CASE, "vanish")
    assert refused.value.field == "action"


def test_an_answer_that_nobody_asked_for_changes_nothing():
    case, entry = act(CASE, "accept", assignee="x", resolution="y", rating=9, department="z")
    assert (case.assignee, case.resolution, case.rating, case.department) == (None,) * 4
    assert entry.detail == {}


def test_the_table_reaches_every_state_and_from_each_an_end():
    assert reach({START}) == set(CaseState)
    for state in CaseState:
        assert reach({state}) & FINAL_STATES
    assert set(STATE_NAMES) == set(CaseState)
    assert FINAL_STATES <= DONE_STATES
    assert {action for _, action in TRANSITIONS} == set(ACTIONS)


def test_an_open_case_can_always_be_closed_by_a_supervisor():
    for state in set(CaseState) - DONE_STATES:
        assert reach({state}) & DONE_STATES


def reach(states):
    found = set(states)
    while True:
        more = {t for (s, _), t in TRANSITIONS.items() if s in found} - found
        if not more:
            return found
        found |= more


STEPS = st.tuples(st.sampled_from(sorted(ACTIONS)), st.sampled_from(["wang", "li"]))


@settings(max_examples=200)
@given(st.sampled_from(sorted(CATALOGUE.categories)), st.lists(STEPS, max_size=40))
def test_whatever_people_do_a_case_stays_whole(category, steps):
    case = replace(CASE, category=category)
    terms = RULES.of(case)
    for action, actor in steps:
        offer = next(o for o in allowed(case, Role.ADMIN, terms, actor) if o.id == action)
        given = answers(action)
        if "item" in given:
            lines = [one.item for one in case.ticks] if action == "untick" else None
            given["item"] = (lines or [one.id for one in terms.category.standard])[0]
        if action == "report-part" and case.waited_for:
            given["department"] = case.waited_for[0]
        if Need.WITHOUT in offer.takes:
            given["without"] = "they are far away"
        try:
            case, _ = act(case, action, actor=actor, role=Role.ADMIN, **given)
        except NotAllowedError:
            # what a resolution asks for is known only once it is said
            assert not offer.allowed or action in {"close-directly", "report"}
        except BadRequestError as error:
            assert error.field in {"item", "helpers", "department"}, error
            assert action in {"tick", "dispatch-direct", "call-in"}
        whole(case, terms)


def whole(case, terms):
    assert (case.closed_at is not None) == (case.state in DONE_STATES)
    assert not (case.supervised and case.state in DONE_STATES)
    assert (case.merged_into is not None) == (case.state is CaseState.MERGED)
    assert case.rating is None or case.state is CaseState.RATED
    assert case.disputed_by is None or case.state is CaseState.ACCEPTED
    assert len({one.department for one in case.parties}) == len(case.parties)
    assert sum(one.lead for one in case.parties) == bool(case.parties)
    assert len({one.item for one in case.ticks}) == len(case.ticks)
    if case.state in {CaseState.CLOSED, CaseState.ASSESSED, CaseState.RATED}:
        assert not terms.open_items(case) or not RESOLUTIONS[case.resolution].standard


def test_resolutions_tell_true_from_false_alarms():
    assert RESOLUTIONS["false-alarm"].genuine is False
    assert RESOLUTIONS["repaired"].genuine is True
    assert all(one.id == name for name, one in RESOLUTIONS.items())
    assert not any(one.standard for one in RESOLUTIONS.values() if one.genuine is not True)
