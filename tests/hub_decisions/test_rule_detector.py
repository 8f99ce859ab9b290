"""A detector that cannot look at a camera's pictures becomes an alarm within 30 s, and ends."""

import pytest

from hub.rules.contract import Reading
from hub.rules.detector_health import FAILING, DetectorHealthRule, Settings
from hub.rules.state import decode_state, encode_state
from wire.kinds.camera import WATCH

T0 = 1_760_000_000_000
RULE = DetectorHealthRule("lift-1", Settings())


def run(text, *, every_ms=500, late=False):
    """One letter a frame: `x` could not be looked at, `.` could; (frame, active) of findings."""
    state, found = RULE.initial(), []
    for number, letter in enumerate(text):
        at = T0 + number * every_ms
        signals = {"vision": "fault" if letter == "x" else "ok"}
        reading = Reading("court", "lift-1", "elevator-camera", at, at, signals, late)
        state, new = RULE.step(decode_state(RULE.state_type, encode_state(state)), reading, at)
        found += [(number, one.active) for one in new]
        assert all(one.condition == FAILING for one in new)
    return state, found


@pytest.mark.parametrize(
    ("frames", "found"),
    [
        ("......", []),
        ("..x....x....", []),  # a bad picture now and then
        ("..xxx", [(4, True)]),
        (".x.x.x", [(5, True)]),  # every other one ends its process
        ("xxxxxxxx....", [(2, True), (10, False)]),
        ("xxx.x.x...", [(2, True), (9, False)]),
        ("xxx...x...xxx", [(2, True), (5, False), (11, True)]),
    ],
)
def test_some_of_the_last_frames_tell(frames, found):
    assert run(frames)[1] == found


def test_what_is_told_late_says_nothing():
    assert run("xxxxxx", late=True)[1] == []


def test_after_one_fault_more_pictures_are_wanted_until_it_is_clear_what_it_is():
    state, _ = run("x")
    (wish,) = RULE.wishes(state, T0)
    assert (wish.device, wish.action) == ("lift-1", WATCH)
    assert RULE.wishes(state, wish.until) == ()
    assert RULE.wishes(run("xxx")[0], T0) == ()
    assert RULE.wishes(run("..")[0], T0) == ()
