from itertools import permutations

import pytest

TAIL = "tailgating"


@pytest.fixture
def rig(bench):
    return bench("barrier-tailgating", "barrier-in")


def allow(rig, at, **more):
    return rig.say(at, event="seen", result="allowed", **more)


def opening(rig, at=0.0):
    """A car is read and let in; the arm is up a second later."""
    return allow(rig, at).say(at + 1, event="opened", arm="open")


def test_second_vehicle_on_one_permit_alarms(rig):
    opening(rig).say(5, event="passed").say(8, event="passed")
    assert rig.until(8.4).seen() == []
    assert rig.until(8.5).seen() == [(TAIL, True, 8)]
    assert rig.findings[0].detail == {"vehicles": 2, "slipped": 1}
    assert rig.until(18).seen()[1:] == [(TAIL, False, 18)]


def test_one_vehicle_on_one_permit_is_ordinary_life(rig):
    opening(rig).say(5, event="passed").say(9, event="closed").until(100)
    assert rig.seen() == []


def test_state_report_between_the_reading_and_the_raising_takes_no_permit_away(rig):
    allow(rig, 0).say(0.5, event="state", arm="closed").say(1, event="opened")
    assert rig.say(5, event="passed").until(20).seen() == []


def test_opening_whose_end_was_told_by_a_state_report_alone_is_over(rig):
    opening(rig).say(30, event="state", arm="closed")
    opening(rig, 40).say(45, event="passed").say(47, event="passed")
    assert rig.until(48).seen() == [(TAIL, True, 47)]


def test_second_vehicle_that_was_read_and_allowed_may_follow(rig):
    opening(rig).say(5, event="passed")
    allow(rig, 6).say(9, event="passed").say(13, event="closed").until(100)
    assert rig.seen() == []


def test_second_vehicle_that_was_read_and_refused_may_not(rig):
    opening(rig).say(5, event="passed").say(6, event="seen", result="denied")
    assert rig.say(9, event="passed").until(10).seen() == [(TAIL, True, 9)]


def test_third_vehicle_is_the_same_alarm_and_counts(rig):
    opening(rig).say(5, event="passed").say(8, event="passed").say(11, event="passed").until(12)
    assert rig.seen() == [(TAIL, True, 8), (TAIL, True, 11)]
    assert rig.findings[-1].detail == {"vehicles": 3, "slipped": 2}


def test_permit_of_a_car_that_backed_away_lapses_with_the_opening(rig):
    opening(rig).say(31, event="closed")
    opening(rig, 40).say(45, event="passed").say(47, event="passed")
    assert rig.until(48).seen() == [(TAIL, True, 47)]


def test_permit_that_nobody_used_is_void_after_a_while(rig):
    opening(rig).say(61, event="passed")
    assert rig.until(62).seen() == [(TAIL, True, 61)]


@pytest.mark.parametrize("event", ["remote-open", "manual-open"])
def test_opening_by_hand_lets_one_vehicle_pass(rig, event):
    rig.say(0, event=event).say(1, event="opened").say(5, event="passed").say(7, event="passed")
    assert rig.until(8).seen() == [(TAIL, True, 7)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_reports_in_any_order_give_the_same(rig, order):
    told = [(0.0, {"event": "seen", "result": "allowed"}), (5.0, {"event": "passed"})]
    told.append((5.4, {"event": "seen", "result": "allowed"}))
    rig.say(-1, event="opened")
    for place in order:
        at, signals = told[place]
        rig.say(at, received=6, **signals)
    assert rig.until(20).seen() == []


def test_whoever_is_held_open_for_may_pass(rig):
    rig.say(0, event="held").say(1, event="opened")
    for at in range(2, 110, 6):
        rig.say(at, event="passed")
    assert rig.seen() == []
    rig.say(110, event="released").say(115, event="passed")
    assert rig.until(116).seen() == [(TAIL, True, 115)]


def test_fire_lets_everybody_out(rig):
    rig.say(0, event="state", fire=True).say(1, event="opened")
    for at in range(2, 60, 3):
        rig.say(at, event="passed")
    assert rig.until(100).seen() == []


def test_opening_whose_beginning_was_not_heard_is_not_judged(rig):
    rig.say(0, event="state", arm="open").say(5, event="passed").say(8, event="passed").until(50)
    assert rig.seen() == []


def test_struck_arm_stops_the_counting(rig):
    opening(rig).say(3, event="struck", arm="broken").say(5, event="passed").say(8, event="passed")
    assert rig.until(50).seen() == []


def test_late_reports_are_found_late_without_touching_what_is_live(rig):
    rig.say(1000, event="closed")
    live = rig.state.live
    rig.say(0, received=1001, late=True, event="seen", result="allowed")
    for at, event in ((1, "opened"), (5, "passed"), (8, "passed"), (12, "closed")):
        rig.say(at, received=1001, late=True, event=event)
    assert [(one.active, one.late, one.at - rig.start) for one in rig.findings] == [
        (True, True, 8000)
    ]
    assert rig.state.live == live
