"""What time does to a case: reminded, raised unit by unit, and left alone once it is done."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.cases import STEP_OF, Case, CaseState, Given, Step, Timetable, apply, due, timed
from hub.config import Deadlines, Escalation, Priority, Role
from hub.config.calendar import ALWAYS
from tests.hub_decisions.case_kit import RULES
from wire import Text

T0 = 1_760_000_000_000
MIN = 60_000
TIMES = Timetable(
    Deadlines(accept="10m", handle="2h", verify="1h"),
    ALWAYS,
    Escalation(priority=Priority.P1, remind_at=0.5, climb_every="15m"),
    8.0,
)
ABOVE = ("grid", "community", "street")


def new_case():
    case = Case(
        id="c1",
        site="court",
        number="20251009-001",
        category="intrusion",
        title=Text(zh="闯入", en="Intrusion"),
        priority=Priority.P1,
        state=CaseState.DISCOVERED,
        opened_at=T0,
        updated_at=T0,
    )
    return timed(None, case, T0, TIMES, "micro")


def act(case, action, now, **given):
    after, _ = apply(
        case,
        action,
        actor="li",
        role=Role.SUPERVISOR,
        now=now,
        terms=RULES.of(case),
        given=Given(**given),
    )
    return timed(case, after, now, TIMES, "micro")


def let_pass(case, until, *, every=MIN):
    """The entries that ticks up to a moment add, by minute, and the case afterwards."""
    entries = []
    for now in range(T0, until + 1, every):
        found = due(case, now, TIMES, ABOVE)
        if found is not None:
            case, entry = found
            entries.append(((now - T0) // MIN, entry.action, entry.detail.get("unit")))
    return case, entries


def test_a_missed_deadline_climbs_the_whole_tree_and_then_rests():
    case, entries = let_pass(new_case(), T0 + 24 * 60 * MIN)
    assert entries == [
        (5, "remind", None),
        (10, "escalate", "grid"),
        (25, "escalate", "community"),
        (40, "escalate", "street"),
    ]
    assert (case.unit, case.rung, case.timer_at) == ("street", 3, None)
    assert case.due_at == T0 + 10 * MIN


def test_accepting_in_time_stops_the_climb_and_starts_the_next_step_at_the_foot():
    case = act(new_case(), "accept", T0 + 4 * MIN)
    case, entries = let_pass(case, T0 + 125 * MIN)
    assert entries == [(64, "remind", None), (124, "escalate", "grid")]
    verified = act(
        act(case, "take", T0 + 126 * MIN),
        "report",
        T0 + 130 * MIN,
        resolution="resolved",
        note="done",
        without="they were not needed",
    )
    assert (verified.rung, verified.unit) == (0, "micro")
    assert verified.due_at == T0 + 190 * MIN


def test_dispatching_again_does_not_stretch_the_time_for_handling():
    case = act(new_case(), "accept", T0 + MIN)
    case = act(case, "dispatch", T0 + 60 * MIN, assignee="wang")
    case = act(case, "redispatch", T0 + 110 * MIN, department="property", assignee="zhao", note="x")
    assert case.due_at == T0 + 121 * MIN


@pytest.mark.parametrize("end", ["close-directly", "reject"])
def test_a_case_that_is_done_is_left_alone_and_starts_anew_when_reopened(end):
    given = {"note": "x"} | ({"resolution": "false-alarm"} if end == "close-directly" else {})
    case = act(act(new_case(), "accept", T0 + MIN), end, T0 + 2 * MIN, **given)
    assert (case.due_at, case.timer_at) == (None, None)
    assert let_pass(case, T0 + 600 * MIN)[1] == []
    again = act(case, "reopen", T0 + 700 * MIN, note="not right")
    assert again.due_at == T0 + 820 * MIN


def test_a_hub_that_was_down_for_a_day_raises_it_once_and_goes_on_from_there():
    back = T0 + 24 * 60 * MIN
    case, entry = due(new_case(), back, TIMES, ABOVE)
    assert (entry.action, entry.detail["unit"]) == ("escalate", "grid")
    assert due(case, back, TIMES, ABOVE) is None
    assert case.timer_at == back + 15 * MIN


def test_where_nobody_stands_above_it_is_said_once_that_it_is_overdue():
    case, entry = due(new_case(), T0 + 11 * MIN, TIMES, ())
    assert entry.action == "overdue"
    assert case.timer_at is None


@pytest.mark.parametrize("state", CaseState)
def test_every_open_state_has_a_step_with_a_deadline_and_no_other_has(state):
    case = timed(None, replace(new_case(), state=state), T0, TIMES, "micro")
    assert (case.due_at is None) == (state not in STEP_OF)
    if state in STEP_OF:
        assert case.due_at - T0 == TIMES.allows_s(Step(STEP_OF[state])) * 1000


@given(st.lists(st.integers(0, 90 * MIN), max_size=30))
def test_however_seldom_time_passes_no_unit_is_called_twice_and_none_is_left_out(pauses):
    case, now, units = new_case(), T0, []
    for pause in pauses:
        now += pause
        found = due(case, now, TIMES, ABOVE)
        if found is not None:
            case, entry = found
            units += [entry.detail["unit"]] if entry.action == "escalate" else []
    assert units == list(ABOVE[: len(units)])
    assert case.rung == len(units)
