"""What falls from a building becomes one alarm, while it falls, whatever is told of it and how."""

import itertools

import pytest

from hub.rules.contract import Reading
from hub.rules.facade import FacadeSite
from hub.rules.falling_object import DRIFTING, FALLING, FallingObjectRule, Settings, State
from hub.rules.state import decode_state, encode_state
from tests.vision_falling.ways import FLOOR_M, SITE, drift, fall, px, track_of
from wire.tracks import TRACK, TrackReport

T0 = 1_760_000_000_000
COLUMNS = [
    {"number": n, "a": px(x, 2, 0)[:2], "b": px(x, 38, 0)[:2]}
    for n, x in enumerate((-12, -4, 4, 12), 1)
]
CALIBRATED = SITE.model_copy(
    update={"columns": FacadeSite.model_validate({"columns": COLUMNS}).columns}
)


def bound(facade=CALIBRATED, floors=20):
    return FallingObjectRule("cam", facade, floors, Settings())


def told(track, number=1, *, every_s=0.25, stream="0" * 8, ended=True):
    """The tellings of a track as it grows, and its last."""
    start, end = track.start_s + 0.25, track.end_s
    for step in itertools.count():
        upto = start + step * every_s
        points = tuple(p for p in track.points if p[0] <= upto)
        if upto >= end:
            break
        yield report(track.model_copy(update={"points": points}), number, stream, final=False)
    if ended:
        yield report(track, number, stream, final=True)


def report(track, number, stream, *, final):
    at = T0 + round(track.end_s * 1000)
    return TrackReport(
        device="cam",
        kind="facade-camera",
        stream=stream,
        number=number,
        at=at,
        seen=at + 40,
        final=final,
        track=track,
    )


def run(rule, *tellings, until_s=60.0, delay_ms=100, late=False):
    """Tellings in the order of their time, ticks when they are due; findings with their moment.

    The state goes through its stored form each time.
    """
    state, found = rule.initial(), []

    def note(now, step):
        nonlocal state
        state, new = step
        state = decode_state(State, encode_state(state))
        found.extend((now - T0, one) for one in new)

    def tick(now):
        while (due := rule.due(state)) is not None and due <= now:
            note(due, rule.tick(state, due))

    for one in sorted(itertools.chain(*tellings), key=lambda one: (one.at, one.final)):
        now = one.at + delay_ms
        tick(now)
        signals = {TRACK: one.model_dump_json()}
        note(now, rule.step(state, Reading("s", "cam", one.kind, one.at, now, signals, late), now))
    tick(T0 + round(until_s * 1000))
    assert state == State(), "nothing is remembered for ever"
    return found


def alarms(found):
    """(condition, began, ended) of each, s."""
    out, open_ = [], {}
    for _, one in found:
        if one.active:
            open_.setdefault((one.condition, one.late), one.at)
        else:
            began = open_.pop((one.condition, one.late))
            out.append((one.condition, (began - T0) / 1000, (one.at - T0) / 1000))
    assert not open_, "every alarm ends"
    return out


def test_a_fall_is_one_alarm_before_it_has_ended_with_floor_and_column():
    track = track_of(fall(30), seconds=2.3)
    found = run(bound(), told(track))
    ((condition, began, ended),) = alarms(found)
    assert condition == FALLING
    assert began == pytest.approx(3.0, abs=0.01)
    assert ended == pytest.approx(track.end_s, abs=0.01)
    raised_ms, first = found[0]
    assert raised_ms < 1000 * (track.start_s + 1.9), "two floors down, and told twice"
    last = [one for _, one in found if one.active][-1].detail
    assert first.detail["verdict"] == last["verdict"] == "confirmed"
    assert (last["floor"], last["column"]) == (30 // FLOOR_M + 1, 2)
    assert last["floor_low"] <= last["floor"] <= last["floor_high"]
    assert last["column_low"] <= 2 <= last["column_high"]
    assert last["track"][0][0] == 0
    assert last["track"][-1][0] == pytest.approx(2.3, abs=0.1)
    assert len(last["track"]) <= 42


def test_the_figures_are_told_again_only_when_they_change():
    found = run(bound(), told(track_of(fall(30), seconds=2.3), every_s=0.1))
    assert len([one for _, one in found if one.active]) <= 4


def test_without_calibration_it_is_suspected_and_has_no_floor():
    found = run(bound(None, None), told(track_of(fall(30), seconds=2.3)))
    (alarm,) = alarms(found)
    assert alarm[0] == FALLING
    detail = found[-2][1].detail
    assert (detail["verdict"], detail["floor"], detail["column"]) == ("suspected", None, None)


def test_paper_is_a_condition_of_its_own():
    found = run(bound(), told(track_of(drift(30), seconds=8)))
    assert [one[0] for one in alarms(found)] == [DRIFTING]


def test_an_object_and_its_image_in_the_glass_are_one_alarm_whichever_is_told_first():
    real = track_of(fall(30), seconds=2)
    image = track_of(lambda t: (4 + 0.3 * t, 29 - 4.2 * t * t), seconds=1.6)
    for numbers in ((1, 2), (2, 1)):
        found = run(bound(), told(real, numbers[0]), told(image, numbers[1]))
        assert len(alarms(found)) == 1
        assert [one for _, one in found if one.active][-1].detail["images"] == 1


def test_pieces_of_one_fall_are_one_alarm():
    whole = track_of(fall(30), seconds=2.2)
    upper = whole.model_copy(update={"points": whole.points[:30]})
    lower = whole.model_copy(update={"points": whole.points[36:]})
    found = run(bound(), told(upper, 1), told(lower, 2))
    assert len(alarms(found)) == 1


def test_two_things_thrown_one_after_the_other_are_two_alarms():
    first = track_of(fall(30), seconds=2.2)
    later = track_of(lambda t: (-8, 33 - 4.9 * t * t), seconds=2.2, start_s=4.5)
    found = alarms(run(bound(), told(first, 1), told(later, 2)))
    assert [one[0] for one in found] == [FALLING, FALLING]
    assert found[0][2] < found[1][1], "the first is over before the second begins"


def test_a_bird_is_none_however_often_it_is_told():
    bird = track_of(lambda t: (-3 + 5 * t, 30 - 8 * t), seconds=2)
    assert run(bound(), told(bird, every_s=0.1)) == []


def test_what_starts_under_a_shield_or_beside_the_facade_is_none():
    everywhere = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    shielded = CALIBRATED.model_copy(update={"masks": (everywhere,)})
    assert run(bound(shielded), told(track_of(fall(30), seconds=2))) == []
    beside = track_of(lambda t: (14.5, 30 - 4.9 * t * t), seconds=2)
    assert run(bound(), told(beside)) == []


def test_an_alarm_ends_even_when_its_agent_is_gone():
    found = run(bound(), told(track_of(fall(30), seconds=2.3), ended=False))
    ((_, _, ended),) = alarms(found)
    assert ended == pytest.approx(5.3, abs=0.3)


def test_a_fall_that_was_told_too_late_is_marked():
    found = run(bound(), told(track_of(fall(30), seconds=2.3)), delay_ms=90_000, until_s=200)
    assert len(alarms(found)) == 1
    assert all(one.late for _, one in found)


def test_telling_everything_twice_changes_nothing():
    tellings = list(told(track_of(fall(30), seconds=2.3)))
    assert len(alarms(run(bound(), tellings, tellings))) == 1


def test_a_floor_above_the_building_is_its_roof():
    found = run(bound(floors=9), told(track_of(fall(30), seconds=2.3)))
    detail = found[-2][1].detail
    assert (detail["floor"], detail["roof"], detail["floor_high"]) == (9, True, 9)


def test_nonsense_in_the_place_of_a_track_is_passed_over():
    rule = bound()
    reading = Reading("s", "cam", "facade-camera", T0, T0, {TRACK: '{"stream": 1}'})
    assert rule.step(rule.initial(), reading, T0) == (rule.initial(), ())
