from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.link.flow import MOST_BULK_BYTES, MOST_PUBLISHES, Flow
from edge.link.window import FIRST_OUT, FIRST_TIMEOUT_S, MOST_OUT, MOST_TIMEOUT_S, Window
from wire import Lane


def publish(window: Window, count: int, now_s: float) -> None:
    for _ in range(count):
        window.published(window.cursor + 1, now_s)


def test_window_opens_with_what_the_hub_acknowledges_up_to_its_limit() -> None:
    window, now = Window(), 0.0
    sizes = []
    for _ in range(8):
        sizes.append(window.room)
        publish(window, window.room, now)
        assert window.room == 0
        window.acknowledged(window.cursor, (), now)
    assert sizes == [FIRST_OUT, 32, 64, 128, 256, MOST_OUT, MOST_OUT, MOST_OUT]


def test_silent_hub_is_sent_one_row_per_timeout_and_timeouts_double() -> None:
    window, now = Window(), 0.0
    publish(window, window.room, now)
    published, moments = 0, []
    while now < 300:
        now += 0.5
        if window.time_out(now):
            moments.append(now)
            assert window.cursor == 0
            published += window.room
            publish(window, window.room, now)
    assert published == len(moments) <= 8
    gaps = [later - earlier for earlier, later in pairwise(moments)]
    assert gaps == sorted(gaps)
    assert gaps[0] == 2 * FIRST_TIMEOUT_S
    assert max(gaps) == MOST_TIMEOUT_S


def test_progress_ends_the_backoff() -> None:
    window = Window()
    publish(window, 4, 0.0)
    assert window.time_out(FIRST_TIMEOUT_S)
    publish(window, 1, FIRST_TIMEOUT_S)
    window.acknowledged(1, (), 6.0)
    publish(window, 1, 6.0)
    assert window.due_at() == 6.0 + FIRST_TIMEOUT_S


def test_row_lost_on_its_way_is_sent_again_while_later_ones_are_acknowledged() -> None:
    window, now = Window(), 0.0
    publish(window, 3, now)
    window.acknowledged(1, ((3, 3),), 0.1)  # 2 was lost
    while not window.time_out(now):
        now += 0.5
        publish(window, 1, now)
        window.acknowledged(1, ((3, window.cursor),), now + 0.1)
        assert now < 2 * FIRST_TIMEOUT_S
    assert (window.cursor, window.room) == (0, 1)


def test_slow_hub_gets_twice_the_time_it_took() -> None:
    window = Window()
    publish(window, 2, 0.0)
    window.acknowledged(1, (), 4.0)
    assert window.due_at() == 8.0


def test_nothing_out_means_nothing_due() -> None:
    window = Window()
    assert window.due_at() is None
    assert not window.time_out(1e9)


def test_ranges_free_room_and_rewind_starts_from_the_bottom() -> None:
    window = Window()
    publish(window, 10, 0.0)
    window.acknowledged(2, ((5, 6), (9, 9)), 1.0)
    assert window.room == FIRST_OUT + 5 - 5
    window.rewind()
    assert (window.cursor, window.room) == (0, FIRST_OUT)
    window.forget_below(3)
    assert window.cursor == 2


@given(st.lists(st.tuples(st.sampled_from(["send", "ack", "wait"]), st.integers(1, 60))))
def test_never_more_out_than_allowed(steps: list[tuple[str, int]]) -> None:
    window, now = Window(), 0.0
    for step, amount in steps:
        if step == "send":
            publish(window, min(amount, window.room), now)
        elif step == "ack":
            window.acknowledged(min(amount, window.cursor), (), now)
        else:
            now += amount
            window.time_out(now)
        assert 0 <= window.room <= MOST_OUT
        assert len(window._out) <= MOST_OUT


@pytest.mark.parametrize("lane", [Lane.TELEMETRY, Lane.MEDIA])
def test_bulk_waits_for_the_broker_but_life_does_not(lane: Lane) -> None:
    flow = Flow()
    flow.begin(lane, 4 * MOST_BULK_BYTES)  # one row larger than the limit goes alone
    assert not flow.has_room(Lane.TELEMETRY)
    assert not flow.has_room(Lane.MEDIA)
    assert flow.has_room(Lane.LIFE)
    assert flow.has_room(Lane.EVENT)
    flow.end(lane, 4 * MOST_BULK_BYTES)
    assert flow.has_room(lane)


def test_each_lane_has_a_number_of_publishes_of_its_own() -> None:
    flow = Flow()
    for _ in range(MOST_PUBLISHES[Lane.EVENT]):
        assert flow.has_room(Lane.EVENT)
        flow.begin(Lane.EVENT, 100)
    assert not flow.has_room(Lane.EVENT)
    assert flow.has_room(Lane.LIFE)
