import pytest

FORCED, HELD = "door-forced", "door-held-open"
GATE = "gate-east"


def rig_of(bench):
    return bench("door", GATE)


def test_forced_when_nothing_allowed_it(bench):
    rig = rig_of(bench).say(10, event="opened", open=True)
    assert rig.until(10.4).seen() == []  # a grant may be on its way
    assert rig.until(10.5).seen() == [(FORCED, True, 10)]


@pytest.mark.parametrize("permit", ["granted", "exit-button", "remote-open"])
def test_not_forced_after_a_permit(bench, permit):
    rig = rig_of(bench).say(7, event=permit).say(10, event="opened", open=True)
    rig.say(14, event="closed", open=False)
    assert rig.until(60).seen() == []


def test_a_permit_runs_out(bench):
    rig = rig_of(bench).say(0, event="granted").say(5.1, event="opened", open=True)
    assert rig.until(10).seen() == [(FORCED, True, 5.1)]


def test_a_refusal_permits_nothing(bench):
    rig = rig_of(bench).say(9, event="denied").say(10, event="opened", open=True)
    assert rig.until(12).seen() == [(FORCED, True, 10)]


def test_a_grant_on_its_way_is_waited_for(bench):
    rig = rig_of(bench).say(10, event="opened", open=True)
    rig.say(9, received=10.3, event="granted").say(12, event="closed", open=False)
    assert rig.until(60).seen() == []


def test_a_grant_that_comes_much_later_takes_the_alarm_back(bench):
    rig = rig_of(bench).say(10, event="opened", open=True).until(11)
    rig.say(9, received=13, event="granted")
    assert rig.seen() == [(FORCED, True, 10), (FORCED, False, 10)]
    assert rig.findings[-1].detail == {"explained": True}


def test_forced_ends_when_the_door_closes(bench):
    rig = rig_of(bench).say(10, event="opened", open=True).say(18, event="closed", open=False)
    assert rig.until(60).seen() == [(FORCED, True, 10), (FORCED, False, 18)]


def test_opened_and_closed_within_the_settling_time_is_still_forced(bench):
    rig = rig_of(bench).say(10, event="opened").say(10.2, event="closed")
    assert rig.until(60).seen() == [(FORCED, True, 10), (FORCED, False, 10.2)]


def test_an_opening_told_after_its_closing_is_judged_by_its_own_time(bench):
    rig = rig_of(bench).say(12, event="closed", open=False)
    rig.say(10, received=12.3, event="opened", open=True)
    assert rig.until(60).seen() == [(FORCED, True, 10), (FORCED, False, 12)]


def test_the_same_opening_told_twice_is_one(bench):
    rig = rig_of(bench).say(10, event="opened", open=True).until(11)
    rig.say(10, received=12, event="opened", open=True).say(15, event="closed")
    rig.say(10, received=16, event="opened", open=True)
    assert rig.until(20).seen() == [(FORCED, True, 10), (FORCED, False, 15)]


def test_a_fire_frees_the_door(bench):
    rig = rig_of(bench).say(0, event="state", open=False, fire=True)
    rig.say(10, event="opened", open=True)
    assert rig.until(300).seen() == []


def test_after_the_fire_the_open_door_counts_again(bench):
    rig = rig_of(bench).say(0, event="state", open=False, fire=True)
    rig.say(10, event="opened", open=True).say(100, event="state", open=True, fire=False)
    assert rig.until(124).seen() == []
    assert rig.until(126).seen() == [(HELD, True, 125)]


def test_held_open_after_its_time_and_over_when_closed(bench):
    rig = rig_of(bench).say(0, event="granted").say(1, event="opened", open=True)
    assert rig.until(26.4).seen() == []
    assert rig.until(26.5).seen() == [(HELD, True, 26)]
    rig.say(80, event="closed", open=False)
    assert rig.seen() == [(HELD, True, 26), (HELD, False, 80)]


def test_a_forced_door_that_stays_open_is_both(bench):
    rig = rig_of(bench).say(0, event="opened", open=True).until(30)
    rig.say(40, event="closed", open=False)
    assert rig.seen() == [
        (FORCED, True, 0),
        (HELD, True, 25),
        (FORCED, False, 40),
        (HELD, False, 40),
    ]


def test_a_state_report_repairs_a_missed_closing(bench):
    rig = rig_of(bench).say(0, event="granted").say(1, event="opened", open=True)
    rig.say(20, event="state", open=False)
    assert rig.until(300).seen() == []


def test_a_state_report_repairs_a_missed_opening_without_calling_it_forced(bench):
    rig = rig_of(bench).say(0, event="state", open=False).say(30, event="state", open=True)
    rig.say(60, event="state", open=True)
    assert rig.until(61).seen() == [(HELD, True, 55)]


def test_an_opening_told_after_the_state_report_is_judged(bench):
    rig = rig_of(bench).say(0, event="state", open=False).say(30, event="state", open=True)
    rig.say(29, received=30.2, event="opened", open=True)
    assert rig.until(31).seen() == [(FORCED, True, 29)]
    assert rig.until(55).seen() == [(FORCED, True, 29), (HELD, True, 54)]


def test_a_door_held_by_a_lease_from_the_control_room_is_no_alarm(bench):
    rig = rig_of(bench).say(0, event="remote-open").say(2, event="opened", open=True)
    rig.say(100, event="closed", open=False)
    assert rig.until(300).seen() == []


def test_a_door_that_outlasts_every_lease_is_held_open(bench):
    rig = rig_of(bench).say(0, event="remote-open").say(2, event="opened", open=True)
    assert rig.until(200).seen() == [(HELD, True, 145)]


def test_a_closed_edge_dates_the_time_that_nobody_ticked(bench):
    rig = rig_of(bench)
    for at, event in ((0, "granted"), (1, "opened"), (50, "closed")):
        rig.say(at, received=52, event=event)
    assert rig.seen() == [(HELD, True, 26), (HELD, False, 50)]


def test_late_reports_are_judged_late_and_leave_the_live_door_alone(bench):
    rig = rig_of(bench).say(1000, event="state", open=False)
    live = rig.state.live
    rig.say(500, received=1001, late=True, event="opened")
    rig.say(540, received=1001, late=True, event="closed")
    rig.until(1010)
    assert rig.seen() == [
        (HELD, True, 525),
        (HELD, False, 540),
        (FORCED, True, 500),
        (FORCED, False, 540),
    ]
    assert all(one.late for one in rig.findings)
    assert rig.state.live == live


def test_a_late_grant_explains_a_live_opening(bench):
    """The limit between late and live may fall between a grant and its opening."""
    rig = rig_of(bench).say(0, received=100.1, late=True, event="granted")
    rig.say(3, received=100.2, event="opened").say(8, received=100.3, event="closed")
    assert rig.until(120).seen() == []


def test_a_hub_that_was_away_waits_before_it_calls_a_door_held_open(bench):
    rig = rig_of(bench).say(0, event="granted").say(1, event="opened", open=True)
    rig.tick(600).say(9, received=601, event="closed", open=False)
    assert rig.until(700).seen() == []


def test_a_hub_that_was_away_alarms_when_nobody_says_that_it_closed(bench):
    rig = rig_of(bench).say(0, event="granted").say(1, event="opened", open=True)
    assert rig.tick(600).until(606).seen() == [(HELD, True, 26)]
