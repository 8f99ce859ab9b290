import itertools
from dataclasses import replace

import pytest

from hub.alerts import (
    NEVER_LIFE_SAFETY,
    OPEN_STATES,
    STATE_NAMES,
    TRANSITIONS,
    Alert,
    AlertEvent,
    AlertState,
    alert_id,
    allowed,
    apply,
    attach_case,
    current_of,
    step,
)
from hub.errors import NotAllowedError
from hub.rules import Finding

U, A, R, N = (
    AlertState.UNACKNOWLEDGED,
    AlertState.ACKNOWLEDGED,
    AlertState.RETURNED_UNACKNOWLEDGED,
    AlertState.NORMAL,
)
T0 = 1_800_000_000_000


@pytest.fixture
def alarm(alarms):
    return alarms["door-forced"]  # 60 s until late, session of 5 s


def begin(at=T0, **more):
    return Finding("door-forced", "door-b1", active=True, at=at, **more)


def end(at, **more):
    return Finding("door-forced", "door-b1", active=False, at=at, **more)


def opened(alarm, at=T0, *, now=None, last=0, current=None, **more):
    alert = step(
        current,
        last,
        begin(at, **more),
        alarm=alarm,
        site="s",
        now=at + 500 if now is None else now,
    )
    assert alert is not None
    return alert


def test_a_new_alert_says_what_when_and_how_urgent(alarm):
    alert = opened(alarm, detail={"value": 1})
    assert alert == Alert(
        id=alert_id("s", "door-b1", "door-forced", 1),
        site="s",
        device="door-b1",
        condition="door-forced",
        occurrence=1,
        priority=alarm.priority,
        state=U,
        at=T0,
        received_at=T0 + 500,
        detail={"value": 1},
    )


def test_an_id_is_the_same_each_time_and_no_other_occurrence_has_it():
    ids = [
        alert_id(*key) for key in itertools.product(("s", "t"), ("d", "e"), ("c", "f"), (1, 2, 11))
    ]
    assert len(set(ids)) == len(ids)
    assert alert_id("jinxiu", "door-b1", "door-forced", 1) == "ecf196a8cc941c77"


def test_a_repeated_finding_makes_no_second_alert(alarm):
    alert = opened(alarm, detail={"tries": 5})
    assert step(alert, 1, begin(detail={"tries": 5}), alarm=alarm, site="s", now=T0) is None
    more = step(alert, 1, begin(detail={"tries": 6}), alarm=alarm, site="s", now=T0)
    assert more is not None
    assert (more.id, more.state, more.detail, more.version) == (alert.id, U, {"tries": 6}, 2)


def test_seen_then_over_closes(alarm):
    alert = apply(opened(alarm), AlertEvent.ACKNOWLEDGE, now=T0 + 9000, actor="wang")
    assert (alert.state, alert.acknowledged_at, alert.acknowledged_by) == (A, T0 + 9000, "wang")
    over = step(alert, 1, end(T0 + 20_000), alarm=alarm, site="s", now=T0 + 20_100)
    assert over is not None
    assert (over.state, over.returned_at, over.closed_at) == (N, T0 + 20_000, T0 + 20_100)


def test_over_then_seen_closes(alarm):
    over = step(opened(alarm), 1, end(T0 + 8000), alarm=alarm, site="s", now=T0 + 8100)
    assert over is not None
    assert (over.state, over.returned_at, over.closed_at) == (R, T0 + 8000, None)
    seen = apply(over, AlertEvent.ACKNOWLEDGE, now=T0 + 9000, actor="wang")
    assert (seen.state, seen.closed_at, seen.returned_at) == (N, T0 + 9000, T0 + 8000)


def test_back_within_the_session_is_the_same_occurrence(alarm):
    over = step(opened(alarm), 1, end(T0 + 8000), alarm=alarm, site="s", now=T0 + 8100)
    again = opened(alarm, T0 + 13_000, current=over, last=1)
    assert (again.occurrence, again.state, again.returned_at, again.at) == (1, U, None, T0)


def test_what_began_before_the_alert_but_is_told_later_is_an_occurrence_of_its_own(alarm):
    first = opened(alarm)
    over = step(first, 1, end(T0 + 900), alarm=alarm, site="s", now=T0 + 1000)
    older = opened(alarm, T0 - 8000, now=T0 + 1500, last=1, current=over)
    assert (older.occurrence, older.at, older.state) == (2, T0 - 8000, U)


def test_end_of_what_began_before_the_alert_does_not_end_it(alarm):
    first = opened(alarm)
    assert step(first, 1, end(T0 - 100), alarm=alarm, site="s", now=T0 + 1000) is None


def test_back_after_the_session_is_a_new_occurrence(alarm):
    over = step(opened(alarm), 1, end(T0 + 8000), alarm=alarm, site="s", now=T0 + 8100)
    again = opened(alarm, T0 + 13_001, current=over, last=1)
    assert (again.occurrence, again.state, again.version) == (2, U, 1)


def test_a_closed_alert_never_comes_back(alarm):
    assert opened(alarm, T0 + 100, current=None, last=7).occurrence == 8


@pytest.mark.parametrize(
    ("flag", "age_s", "late"), [(False, 60, False), (False, 60.001, True), (True, 1, True)]
)
def test_late_is_recorded_marked_silent_and_still_to_be_seen(alarm, flag, age_s, late):
    alert = opened(alarm, now=T0 + round(age_s * 1000), late=flag)
    assert (alert.late, alert.state) == (late, R if late else U)
    assert alert.state in OPEN_STATES
    assert next(one for one in allowed(alert) if one.id == "acknowledge").allowed


def test_a_late_finding_leaves_the_live_alert_alone(alarm):
    live = opened(alarm)
    late = begin(T0 - 500_000, late=True)
    assert current_of([live], late) is None
    alert = step(None, 1, late, alarm=alarm, site="s", now=T0)
    assert alert is not None
    assert (alert.occurrence, alert.state, alert.late) == (2, R, True)
    assert current_of([live, alert], end(T0 + 1)) is live
    assert current_of([live, alert], end(T0 - 400_000, late=True)) is alert


def test_the_end_of_a_late_episode_is_noted_once(alarm):
    alert = opened(alarm, now=T0 + 500_000, late=True)
    over = step(alert, 1, end(T0 + 9000, late=True), alarm=alarm, site="s", now=T0 + 500_001)
    assert over is not None
    assert (over.state, over.returned_at, over.version) == (R, T0 + 9000, 2)
    assert step(over, 1, end(T0 + 9500, late=True), alarm=alarm, site="s", now=T0) is None


def test_the_same_late_episode_told_again_is_one(alarm):
    alert = opened(alarm, now=T0 + 500_000, late=True)
    again = step(alert, 1, begin(late=True), alarm=alarm, site="s", now=T0 + 600_000)
    assert again is None


def test_an_end_without_an_alert_is_nothing(alarm):
    assert step(None, 3, end(T0), alarm=alarm, site="s", now=T0) is None


def test_an_end_that_was_told_already_is_nothing(alarm):
    over = step(opened(alarm), 1, end(T0 + 8000), alarm=alarm, site="s", now=T0 + 8100)
    assert step(over, 1, end(T0 + 9000), alarm=alarm, site="s", now=T0 + 9100) is None


def test_the_active_alert_is_the_one_spoken_of(alarm):
    over = step(opened(alarm), 1, end(T0 + 8000), alarm=alarm, site="s", now=T0 + 8100)
    active = opened(alarm, T0 + 60_000, current=over, last=1)
    assert over is not None
    assert current_of([over, active], end(T0 + 61_000)) is active
    assert current_of([active, over], begin(T0 + 61_000)) is active
    assert current_of([], begin()) is None


def test_a_case_is_attached_once(alarm):
    alert = attach_case(opened(alarm), "case-1")
    assert (alert.case, alert.version) == ("case-1", 2)
    with pytest.raises(NotAllowedError, match="has a case already"):
        attach_case(alert, "case-2")
    offered = {one.id: one for one in allowed(alert)}
    assert not offered["open-case"].allowed
    assert offered["open-case"].why is not None


@pytest.mark.parametrize("state", AlertState)
@pytest.mark.parametrize("event", AlertEvent)
def test_every_event_in_every_state_is_in_the_table_or_refused(alarm, state, event):
    alert = replace(opened(alarm), state=state)
    if (state, event) in TRANSITIONS:
        after = apply(alert, event, now=T0 + 1)
        assert (after.state, after.version) == (TRANSITIONS[state, event], alert.version + 1)
        assert (after.closed_at is not None) == (after.state is N)
    else:
        with pytest.raises(NotAllowedError) as refused:
            apply(alert, event, now=T0 + 1)
        assert STATE_NAMES[state].zh in refused.value.why.zh


def test_what_is_offered_is_what_is_allowed(alarm):
    for state in AlertState:
        alert = replace(opened(alarm), state=state)
        offer = next(one for one in allowed(alert) if one.id == "acknowledge")
        assert offer.allowed == ((state, AlertEvent.ACKNOWLEDGE) in TRANSITIONS)
        assert (offer.why is None) == offer.allowed


def test_the_table_reaches_every_state_and_closes_from_each():
    starts = {target for (state, _), target in TRANSITIONS.items() if state is None}
    assert reach(starts) == set(AlertState)
    assert all(N in reach({state}) for state in AlertState)
    assert set(STATE_NAMES) == set(AlertState)
    assert not any(state is N for state, _ in TRANSITIONS)


def reach(states):
    found = set(states)
    while True:
        more = {t for (s, _), t in TRANSITIONS.items() if s in found} - found
        if not more:
            return found
        found |= more


def paths(state, seen=()):
    """Every way through the table from a state, without going round."""
    yield seen
    for (before, event), after in TRANSITIONS.items():
        if before is state and after not in {state, *(one for _, one in seen)}:
            yield from paths(after, (*seen, (event, after)))


def test_no_way_through_the_table_silences_a_p0(alarms):
    p0 = alarms["pressure-low"]
    finding = Finding("pressure-low", "fw-1", active=True, at=T0)
    begun = step(None, 0, finding, alarm=p0, site="s", now=T0)
    silent = {AlertState.SHELVED, AlertState.SUPPRESSED}
    refused = 0
    for path in paths(begun.state):
        alert = begun
        for event, after in path:
            if after in silent:
                with pytest.raises(NotAllowedError):
                    apply(alert, event, now=T0)
                refused += 1
                break
            alert = apply(alert, event, now=T0)
    assert refused > 3


@pytest.mark.parametrize("event", sorted(NEVER_LIFE_SAFETY))
def test_a_p0_cannot_begin_or_fall_silent(alarms, event):
    p0 = alarms["pressure-low"]
    finding = Finding("pressure-low", "fw-1", active=True, at=T0)
    if (None, event) in TRANSITIONS:
        with pytest.raises(ValueError, match="never begins in silence"):
            step(None, 0, finding, alarm=p0, site="s", now=T0, entry=event)
    for state in AlertState:
        alert = replace(step(None, 0, finding, alarm=p0, site="s", now=T0), state=state)
        with pytest.raises(NotAllowedError):
            apply(alert, event, now=T0)
