from dataclasses import replace

import pytest
from hypothesis import given
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
    Case,
    CaseState,
    allowed,
    apply,
    case_id_of_alert,
    open_by_hand,
    open_from_alert,
)
from hub.config import Priority, Role, load_catalogue
from hub.errors import BadRequestError, NotAllowedError
from hub.rules import Finding
from wire import Text

T0 = 1_800_000_000_000
ANSWERS = {"note": "looked", "assignee": "li", "resolution": "resolved", "rating": 5}
CASE = Case(
    id="c1",
    site="s",
    number="20261122-001",
    category="intrusion",
    title=Text(zh="门被强行打开", en="Door forced open"),
    priority=Priority.P1,
    state=START,
    opened_at=T0,
    updated_at=T0,
)


def walk(case, *actions, role=Role.SUPERVISOR, actor="wang", now=T0 + 1000):
    """Do one action after another, giving each what it may ask for."""
    entries = []
    for action in actions:
        case, entry = apply(case, action, actor=actor, role=role, now=now, **ANSWERS)
        entries.append(entry)
    return case, entries


def test_a_case_from_an_alert(alarms, configs):
    alarm = alarms["door-forced"]
    finding = Finding("door-forced", "door-b1", active=True, at=T0)
    alert = step(None, 0, finding, alarm=alarm, site="s", now=T0)
    category = load_catalogue(configs / "cases").categories[alarm.case.category]
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
    return open_by_hand(category=category, **(fields | more))


def test_a_case_by_hand(configs):
    catalogue = load_catalogue(configs / "cases")
    case, entry = by_hand(catalogue.categories["fire-lane"])
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
def test_a_bad_report_is_refused(configs, category, more, field):
    with pytest.raises(BadRequestError) as refused:
        by_hand(load_catalogue(configs / "cases").categories[category], **more)
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
    assert (case.assignee, case.resolution, case.rating) == ("li", "resolved", 5)
    assert (case.version, case.closed_at) == (8, T0 + 1000)


def test_a_guard_alone_brings_a_case_to_verification():
    case, _ = walk(CASE, "take", "report", role=Role.GUARD)
    assert (case.state, case.assignee) == (CaseState.VERIFYING, "wang")
    with pytest.raises(NotAllowedError, match="at least a supervisor"):
        walk(case, "close", role=Role.GUARD)
    closed, _ = walk(case, "close", actor="zhou")
    assert (closed.state, closed.closed_at) == (CaseState.CLOSED, T0 + 1000)


def test_a_guard_accepts_first_and_takes_it_later():
    case, _ = walk(CASE, "accept", "take", "report", role=Role.GUARD)
    assert case.state is CaseState.VERIFYING


def test_a_supervisor_closes_a_plain_matter_directly():
    case, entries = walk(CASE, "take", "close-directly")
    assert (case.state, case.resolution) == (CaseState.CLOSED, "resolved")
    assert entries[-1].detail == {"resolution": "resolved"}
    assert entries[-1].note == "looked"


def test_a_verification_that_fails_goes_back_to_handling():
    case, _ = walk(CASE, "take", "report", "rework")
    assert case.state is CaseState.HANDLING


def test_a_second_dispatch_changes_who_has_it():
    case, _ = walk(CASE, "accept", "dispatch", "start")
    case, entry = apply(
        case,
        "redispatch",
        actor="zhou",
        role=Role.SUPERVISOR,
        now=T0,
        assignee="chen",
        note="needs a plumber",
    )
    assert (case.state, case.assignee) == (CaseState.DISPATCHED, "chen")
    assert entry.detail == {"assignee": "chen"}


def test_what_is_sent_back_belongs_to_nobody():
    case, _ = walk(CASE, "accept", "dispatch", "send-back")
    assert (case.state, case.assignee) == (CaseState.ACCEPTED, None)


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
    assert (case.state, case.closed_at, case.resolution, case.rating, case.assignee) == (
        CaseState.ACCEPTED,
        None,
        None,
        None,
        None,
    )


def test_supervision_is_a_mark_that_closing_takes_away():
    case, _ = walk(CASE, "take", "supervise")
    assert (case.state, case.supervised) == (CaseState.HANDLING, True)
    with pytest.raises(NotAllowedError, match="under supervision already"):
        walk(case, "supervise")
    case, _ = walk(case, "report")
    assert case.supervised
    case, _ = walk(case, "close")
    assert not case.supervised


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("state", CaseState)
@pytest.mark.parametrize("role", Role)
def test_each_action_in_each_state_is_done_or_refused_with_a_reason(state, action, role):
    case = replace(CASE, state=state)
    offer = next(one for one in allowed(case, role) if one.id == action)
    may = (state, action) in TRANSITIONS and role.at_least(ACTIONS[action].role)
    assert offer.allowed == may
    if may:
        assert offer.why is None
        after, entry = apply(case, action, actor="a", role=role, now=T0 + 1, **ANSWERS)
        assert after.state is entry.to_state is TRANSITIONS[state, action]
        assert (after.version, after.updated_at) == (case.version + 1, T0 + 1)
    else:
        assert offer.why is not None
        with pytest.raises(NotAllowedError) as refused:
            apply(case, action, actor="a", role=role, now=T0 + 1, **ANSWERS)
        assert refused.value.why == offer.why


@pytest.mark.parametrize(
    ("action", "need"), [(spec.id, need) for spec in ACTIONS.values() for need in spec.needs]
)
def test_what_an_action_needs_must_be_given(action, need):
    state = next(state for state, name in TRANSITIONS if name == action)
    answers = ANSWERS | {need.value: None}
    with pytest.raises(BadRequestError) as refused:
        apply(replace(CASE, state=state), action, actor="a", role=Role.ADMIN, now=T0, **answers)
    assert refused.value.field == need.value


@pytest.mark.parametrize(
    ("action", "answer", "field"),
    [
        ("report", {"resolution": "magic"}, "resolution"),
        ("report", {"note": "x" * 2001}, "note"),
        ("report", {"note": "   "}, "note"),
        ("rate", {"rating": 0}, "rating"),
        ("rate", {"rating": 6}, "rating"),
        ("vanish", {}, "action"),
    ],
)
def test_a_wrong_answer_is_refused(action, answer, field):
    state = CaseState.ASSESSED if action == "rate" else CaseState.HANDLING
    with pytest.raises(BadRequestError) as refused:
        apply(
            replace(CASE, state=state),
            action,
            actor="a",
            role=Role.ADMIN,
            now=T0,
            **(ANSWERS | answer),
        )
    assert refused.value.field == field


def test_an_answer_that_nobody_asked_for_changes_nothing():
    case, entry = apply(
        CASE, "accept", actor="a", role=Role.GUARD, now=T0, assignee="x", resolution="y", rating=9
    )
    assert (case.assignee, case.resolution, case.rating, entry.detail) == (None, None, None, {})


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


@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=40))
def test_a_case_that_is_done_has_a_time_of_closing_and_an_open_one_has_none(actions):
    case = CASE
    for action in actions:
        if (case.state, action) in TRANSITIONS and not (action == "supervise" and case.supervised):
            case, _ = walk(case, action)
        assert (case.closed_at is not None) == (case.state in DONE_STATES)
        assert not (case.supervised and case.state in DONE_STATES)
    assert case.rating is None or case.state is CaseState.RATED


def test_resolutions_tell_true_from_false_alarms():
    assert RESOLUTIONS["false-alarm"].genuine is False
    assert RESOLUTIONS["repaired"].genuine is True
    assert all(one.id == name for name, one in RESOLUTIONS.items())
    assert Need.RESOLUTION in ACTIONS["report"].needs
