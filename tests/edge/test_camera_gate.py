"""Which pictures go to the hub."""

from dataclasses import replace

import pytest

from edge.camera.gate import Gate

NEVER = float("-inf")


@pytest.mark.parametrize(
    ("sent_ago", "moving", "watched", "expected"),
    [
        (31, False, False, "sign-of-life"),
        (29, False, False, None),
        (0.3, True, False, None),
        (0.34, True, False, "motion"),
        (0.45, False, True, "watch"),
        (0.35, False, True, None),
        (0.45, True, True, "motion"),
        (float("inf"), False, False, "sign-of-life"),
    ],
)
def test_a_picture_is_sent_for_a_reason(sent_ago, moving, watched, expected):
    gate = Gate(sent=100 - sent_ago, watch_until=101 if watched else 99)
    assert gate.why(100, moving=moving) == expected


@pytest.mark.parametrize("fps", [5, 8, 10, 12, 15, 25, 30])
def test_a_watched_camera_sends_two_a_second_at_any_frame_rate(fps):
    gate, sent = Gate(watch_until=1000), 0
    for tick in range(20 * fps):
        now = tick / fps
        if gate.why(now, moving=False):
            gate, sent = replace(gate, sent=now), sent + 1
    assert 2 * 20 <= sent <= 3 * 20


def test_an_idle_camera_shows_a_sign_of_life_every_half_minute():
    gate, sent = Gate(), []
    for tick in range(100 * 10):
        if gate.why(tick / 10, moving=False):
            gate = replace(gate, sent=tick / 10)
            sent.append(tick / 10)
    assert sent == [0, 30, 60, 90]


def test_a_live_view_ends_with_its_lease():
    gate = Gate(live_until=10)
    assert gate.shows(9.9)
    assert not gate.shows(10)
    assert not replace(gate, shown=9.8).shows(9.9)
