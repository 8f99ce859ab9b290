"""When a picture was taken: told by the stream's clock, through stumbles and through new clocks."""

import itertools

import pytest

from edge.camera.timing import JUMP_S, LATE_S, StreamTime

FPS = 15


def taken(stamps_and_arrivals):
    """The times of pictures, s."""
    clock = StreamTime(own=True)
    return [clock.of(stamp, arrived) for stamp, arrived in stamps_and_arrivals]


@pytest.mark.parametrize("stumble_s", [0.3, 1.7, 4.0])
def test_pictures_that_come_late_together_keep_the_times_at_which_they_were_taken(stumble_s):
    stamps = [n / FPS for n in range(300)]
    held_s = (5.0, 5.0 + stumble_s)
    arrivals = [100 + (held_s[1] if held_s[0] < s < held_s[1] else s) for s in stamps]
    times = taken(zip(stamps, arrivals, strict=True))
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert gaps == pytest.approx([1 / FPS] * len(gaps))


def test_a_clock_that_begins_again_is_another_clock_at_once():
    before = [(n / FPS, 100 + n / FPS) for n in range(150)]
    after = [(n / FPS, 112 + n / FPS) for n in range(30)]
    assert taken(before + after)[-30:] == pytest.approx([arrived for _, arrived in after])


def test_a_clock_that_leaps_ahead_is_another_clock_at_once():
    before = [(n / FPS, 100 + n / FPS) for n in range(150)]
    after = [(5000 + n / FPS, 110 + n / FPS) for n in range(30)]
    assert taken(before + after)[-30:] == pytest.approx([arrived for _, arrived in after])


def test_a_clock_that_stays_behind_is_another_clock_after_a_while():
    before = [(n / FPS, 100 + n / FPS) for n in range(150)]
    behind = JUMP_S + 2.0
    count = round((LATE_S + 2) * FPS)
    after = [(10 + n / FPS, 110 + behind + n / FPS) for n in range(count)]
    times = taken(before + after)[-count:]
    assert times[0] == pytest.approx(110)
    assert times[-1] == pytest.approx(after[-1][1])


def test_a_stream_without_a_clock_of_its_own_is_as_late_as_it_comes():
    clock = StreamTime(own=False)
    assert [clock.of(0.04 * n, 100 + n) for n in range(3)] == [100, 101, 102]
