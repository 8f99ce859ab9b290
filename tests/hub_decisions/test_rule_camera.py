"""A camera that is blind, or looks elsewhere, becomes an alarm within 30 s."""

import pytest

from hub.rules.camera_health import BLIND, MOVED, CameraHealthRule
from hub.rules.contract import Reading
from hub.rules.timed import Delays

T0 = 1_760_000_000_000
RULE = CameraHealthRule("cam-1", Delays.of(6, 6))


def said(picture, at, *, received=None):
    at += T0
    signals = {"picture": picture, "fps": 10.0}
    return Reading("court", "cam-1", "elevator-camera", at, received or at, signals)


def run(*steps):
    """Readings and ticks in their order; what was found, with its moment."""
    state, found = RULE.initial(), []
    for step in steps:
        if isinstance(step, Reading):
            state, new = RULE.step(state, step, step.received)
        else:
            state, new = RULE.tick(state, T0 + step)
        found += [(one.condition, one.active, one.at - T0, dict(one.detail)) for one in new]
    return found


@pytest.mark.parametrize("picture", ["black", "covered", "frozen", "no-signal"])
def test_a_blind_camera_is_found_once_the_state_has_lasted(picture):
    found = run(said("ok", 0), said(picture, 1000), 6900, 7000, said(picture, 30_000))
    assert found == [(BLIND, True, 1000, {"picture": picture})]


def test_a_moved_camera_is_a_condition_of_its_own():
    assert run(said("ok", 0), said("moved", 1000), 7000) == [
        (MOVED, True, 1000, {"picture": "moved"})
    ]


def test_a_short_interruption_is_none():
    assert run(said("ok", 0), said("no-signal", 1000), said("ok", 4000), 60_000) == []


def test_one_blindness_that_changes_its_face_is_one_alarm_and_ends():
    found = run(
        said("no-signal", 0), 3000, said("black", 4000), 6000, said("ok", 20_000), 26_000, 40_000
    )
    assert [(condition, active, at) for condition, active, at, _ in found] == [
        (BLIND, True, 0),
        (BLIND, False, 20_000),
    ]


def test_covered_then_moved_ends_the_one_and_begins_the_other():
    found = run(said("covered", 0), 6000, said("moved", 10_000), 16_000)
    assert [(condition, active) for condition, active, _, _ in found] == [
        (BLIND, True),
        (BLIND, False),
        (MOVED, True),
    ]


def test_what_is_older_than_what_was_said_last_and_what_is_unknown_say_nothing():
    found = run(said("ok", 10_000), said("black", 5000), said("upside-down", 11_000), 60_000)
    assert found == []
    assert RULE.due(RULE.initial()) is None
