import math

import pytest

LOW, HIGH, FALLING = "pressure-low", "pressure-high", "pressure-falling-fast"
TOP = "fw-b2-top"  # its limit is 0.07 MPa: it stands at the most unfavourable point itself


def test_low_is_found_after_the_on_delay_and_dated_when_it_began(bench):
    rig = bench("pressure", TOP).say(0, pressure=0.16).say(5, pressure=0.065)
    assert rig.until(5.9).seen() == []
    assert rig.until(6).seen() == [(LOW, True, 5)]


def test_detail_states_value_limit_and_unit(bench):
    found = bench("pressure", TOP).say(0, pressure=0.031).until(2).findings[0]
    assert found.detail == {"value": 0.031, "limit": 0.07, "unit": "MPa"}
    assert (found.device, found.late) == (TOP, False)


def test_one_low_sample_between_good_ones_is_no_alarm(bench):
    rig = bench("pressure", TOP)
    for tenth in range(100):
        rig.say(tenth / 10, pressure=0.0 if tenth == 50 else 0.16)
    assert rig.until(60).seen() == []


def test_low_ends_only_beyond_the_dead_band_and_after_the_off_delay(bench):
    rig = bench("pressure", TOP).say(0, pressure=0.05).until(2)
    rig.say(10, pressure=0.085).until(30)  # above the limit, within the dead band
    assert rig.seen() == [(LOW, True, 0)]
    rig.say(31, pressure=0.095).until(35.9)
    assert rig.seen() == [(LOW, True, 0)]
    assert rig.until(36).seen() == [(LOW, True, 0), (LOW, False, 31)]


def test_chatter_around_the_limit_is_one_alarm(bench):
    rig = bench("pressure", TOP).say(-1, pressure=0.16)
    for second in range(600):
        rig.say(second, pressure=0.069 if second % 2 else 0.071)
    assert rig.until(700).seen() == [(LOW, True, 1)]


def test_high_at_the_lowest_outlet(bench):
    rig = bench("pressure", "fw-b1-base").say(0, pressure=0.78).say(1, pressure=1.05)
    assert rig.until(5).seen() == [(HIGH, True, 1)]


@pytest.mark.parametrize(
    "value", [None, "0.01", True, False, -0.2, 6.1, 1e9, math.nan, math.inf, -math.inf]
)
def test_a_value_that_the_sensor_cannot_measure_never_alarms(bench, value):
    rig = bench("pressure", TOP).say(0, pressure=0.16)
    before = rig.state
    for second in range(1, 20):
        rig.say(second, pressure=value)
    assert rig.until(60).seen() == []
    assert rig.state == before


def test_a_reading_without_pressure_says_nothing(bench):
    rig = bench("pressure", TOP).say(0, pressure=0.16)
    before = rig.state
    assert rig.say(1, battery=3.6).state == before


def test_an_older_reading_does_not_disturb_the_newest(bench):
    rig = bench("pressure", TOP).say(10, pressure=0.16)
    before = rig.state
    assert rig.say(5, received=10.5, pressure=0.01).until(60).state == before
    assert rig.seen() == []


def test_a_leak_is_found_falling_before_it_is_low(bench):
    rig = bench("pressure", TOP)
    for half in range(20):
        rig.say(half / 2, pressure=0.16)
    for half in range(20, 28):
        rig.say(half / 2, pressure=0.16 - 0.13 * (half - 19) / 8)
    for half in range(28, 100):
        rig.say(half / 2, pressure=0.03)
    conditions = [(one[0], one[1]) for one in rig.until(120).seen()]
    assert conditions == [(FALLING, True), (LOW, True), (FALLING, False)]


def test_a_single_spike_either_way_is_no_fall(bench):
    for spike in (0.0, 0.6):
        rig = bench("pressure", TOP)
        for half in range(60):
            rig.say(half / 2, pressure=spike if half == 30 else 0.16)
        assert rig.until(60).seen() == []


def test_the_daily_swing_of_demand_is_no_fall(bench):
    rig = bench("pressure", TOP)
    for second in range(0, 3600, 5):
        rig.say(second, pressure=0.16 - 0.06 * second / 3600)
    assert rig.seen() == []


def test_late_readings_are_found_late_and_leave_the_live_state_alone(bench):
    rig = bench("pressure", TOP).say(1000, pressure=0.16)
    live = rig.state.live
    for second in range(10):
        rig.say(500 + second, received=1001, late=True, pressure=0.02)
    for second in range(10, 30):
        rig.say(500 + second, received=1002, late=True, pressure=0.16)
    found = [one for one in rig.findings if one.condition == LOW]
    assert [(one.active, one.late, (one.at - rig.start) / 1000) for one in found] == [
        (True, True, 500),
        (False, True, 510),
    ]
    assert all(one.late for one in rig.findings)
    assert rig.state.live == live


def test_a_hub_that_was_away_waits_for_what_agents_kept(bench):
    """The last thing it heard was low; the pressure came back while it was stopped."""
    rig = bench("pressure", TOP).say(0, pressure=0.05)
    rig.tick(600)
    assert rig.seen() == []
    rig.say(1, received=600.2, pressure=0.05).say(1.5, received=600.2, pressure=0.16)
    assert rig.seen()[:1] == [(LOW, True, 0)]  # low for a whole second before it came back
    rig = bench("pressure", TOP).say(0, pressure=0.05)
    rig.tick(600).say(0.5, received=600.2, pressure=0.16)
    assert rig.until(700).seen() == []


def test_a_hub_that_was_away_still_alarms_when_nothing_else_is_heard(bench):
    rig = bench("pressure", TOP).say(0, pressure=0.05)
    rig.tick(600)
    assert rig.until(605).seen() == [(LOW, True, 0)]
