from itertools import permutations

DENIED = "door-denied-repeatedly"


def rig_of(bench):
    return bench("door-denied", "gate-west")


def refuse(rig, *times, **more):
    for at in times:
        rig.say(at, event="denied", **more)
    return rig


def test_the_fifth_refusal_in_a_row_alarms(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6)
    assert rig.seen() == []
    assert refuse(rig, 8).seen() == [(DENIED, True, 8)]
    assert rig.findings[0].detail == {"tries": 5}


def test_further_refusals_count_on_in_the_same_alarm(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6, 8, 10)
    assert rig.seen() == [(DENIED, True, 8), (DENIED, True, 8)]
    assert rig.findings[-1].detail == {"tries": 6}


def test_a_grant_ends_the_row(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6).say(7, event="granted")
    assert refuse(rig, 8, 10, 12, 14).seen() == []


def test_a_grant_ends_the_alarm(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6, 8).say(20, event="granted")
    assert rig.until(300).seen() == [(DENIED, True, 8), (DENIED, False, 20)]


def test_quiet_ends_the_alarm(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6, 8)
    assert rig.until(67.9).seen() == [(DENIED, True, 8)]
    assert rig.until(68).seen() == [(DENIED, True, 8), (DENIED, False, 68)]
    assert refuse(rig, 200).seen() == [(DENIED, True, 8), (DENIED, False, 68)]


def test_slow_tries_are_ordinary_life(bench):
    rig = refuse(rig_of(bench), *range(0, 3600, 40))
    assert rig.seen() == []


def test_any_order_of_the_five_gives_the_same_alarm(bench):
    for order in permutations((0, 2, 4, 6, 8)):
        rig = rig_of(bench)
        for at in order:
            rig.say(at, received=9, event="denied")
        assert rig.seen() == [(DENIED, True, 8)], order


def test_a_grant_that_is_told_late_takes_the_alarm_back(bench):
    rig = refuse(rig_of(bench), 0, 2, 4, 6, 8).say(5, received=9, event="granted")
    assert rig.seen() == [(DENIED, True, 8), (DENIED, False, 5)]


def test_refusals_before_the_last_grant_count_no_more(bench):
    rig = rig_of(bench).say(20, event="granted")
    for at in (0, 2, 4, 6, 8):
        rig.say(at, received=21, event="denied")
    assert rig.seen() == []


def test_late_refusals_are_found_late(bench):
    rig = rig_of(bench).say(1000, event="denied")
    live = rig.state.live
    refuse(rig, 0, 2, 4, 6, 8, received=1001, late=True)
    assert [(one.active, one.late) for one in rig.findings] == [(True, True)]
    assert rig.state.live == live


def test_other_events_say_nothing(bench):
    rig = rig_of(bench)
    before = rig.state
    for event in ("opened", "closed", "state", "exit-button", None):
        rig.say(1, event=event)
    assert rig.state == before
