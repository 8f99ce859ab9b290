"""An agent's clock is followed; a message that was late on the way is no clock."""

import pytest

from hub.pipeline.event_time import ClockOffset

T0 = 1_760_000_000_000
DELAY = 40


@pytest.fixture
def known() -> ClockOffset:
    """Twenty messages, a second apart."""
    offset = ClockOffset.first(T0, T0 + DELAY)
    for second in range(1, 20):
        sent = T0 + second * 1000
        offset = offset.after(sent, sent + DELAY)
    return offset


@pytest.mark.parametrize("held_ms", [1_500, 2_500, 6_000, 9_000])
def test_a_message_that_others_overtook_shifts_nothing(known, held_ms):
    newest = T0 + 19_000
    late = known.after(newest - held_ms, newest + DELAY)
    assert late.ms == 0
    assert late.after(newest + 1000, newest + 1000 + DELAY).ms == 0


@pytest.mark.parametrize("back_ms", [12_000, 3_600_000])
def test_a_clock_that_was_set_back_is_followed_at_once(known, back_ms):
    received = T0 + 20_000
    assert known.after(received - back_ms, received).ms == back_ms


def test_a_smaller_step_is_followed_within_two_minutes(known):
    offset, step = known, 5_000
    for second in range(20, 141):
        received = T0 + second * 1000
        offset = offset.after(received - step - DELAY, received)
    assert offset.ms == step + DELAY
