"""What a camera's picture is called, over simulated seconds of simulated scenes."""

import os
from pathlib import Path

import av
import pytest

from edge.camera.judge import Judge
from edge.camera.pixels import luma_of
from simulators.scenery import Blinds, still_room, with_passer

LOOKS_PER_S = 5
REAL = os.environ.get("GATEHOUSE_REAL_DATA")


def look(judge, scene, start_s, seconds):
    """Every state that was announced, and when, from `start_s` on."""
    told = []
    for tick in range(round(seconds * LOOKS_PER_S)):
        t = start_s + tick / LOOKS_PER_S
        grey = scene(t)[..., 1]
        state = judge.see(grey, t)
        if not told or told[-1][1] != state:
            told.append((t - start_s, state))
    return told


def test_a_still_room_with_noise_and_a_clock_stays_fine():
    assert look(Judge(), still_room(1), 0, 120) == [(0, "ok")]


def test_people_who_pass_and_stand_do_not_blind_a_camera():
    scene = with_passer(still_room(2), period_s=30, on_s=25)
    assert look(Judge(), scene, 0, 120) == [(0, "ok")]


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("blindness", "within_s"), [("black", 4), ("covered", 4), ("moved", 10), ("frozen", 16)]
)
def test_tampering_is_called_by_its_name_in_time_and_ends(blindness, within_s, seed):
    judge, scene = Judge(), Blinds(still_room(seed))
    assert look(judge, scene, 0, 20) == [(0, "ok")]
    scene.blindness = blindness
    told = look(judge, scene, 20, 25)
    assert [state for _, state in told] == ["ok", blindness]
    assert told[-1][0] <= within_s
    scene.blindness = None
    told = look(judge, scene, 45, 10)
    assert [state for _, state in told] == [blindness, "ok"]
    assert told[-1][0] <= 4


def test_lights_that_go_out_in_a_room_are_not_a_moved_camera():
    judge, room = Judge(), still_room(5)
    look(judge, room, 0, 20)
    assert look(judge, lambda t: (room(t) * 0.4).astype("uint8"), 20, 30) == [(0, "ok")]


def test_a_frozen_picture_stays_frozen_over_a_reconnection():
    judge, scene = Judge(), Blinds(still_room(6))
    look(judge, scene, 0, 10)
    scene.blindness = "frozen"
    look(judge, scene, 10, 20)
    judge.interrupted()
    assert [state for _, state in look(judge, scene, 30, 20)] == ["frozen", "ok", "frozen"]


@pytest.mark.skipif(not REAL, reason="GATEHOUSE_REAL_DATA is not set")
@pytest.mark.parametrize(
    "clip", ["falling/office1.mp4", "falling/office3.mp4", "negatives/vtest.avi"]
)
def test_real_footage_is_never_called_blind(clip):
    path = Path(REAL) / clip
    if not path.exists():
        pytest.skip(f"GATEHOUSE_REAL_DATA has no {clip}")
    judge = Judge()
    with av.open(str(path)) as container:
        container.streams.video[0].thread_type = "AUTO"
        for number, frame in enumerate(container.decode(video=0)):
            if number % 6 == 0:
                assert judge.see(luma_of(frame), number / 30) == "ok", number
