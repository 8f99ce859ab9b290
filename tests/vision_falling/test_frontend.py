"""The front end and the judge on rendered clips, kept short."""

import numpy as np
import pytest

from edge.vision.falling import FallingFrontEnd
from gatehouse.falling_metrics import TruePath, match
from hub.rules.facade import FacadeSite, Label, events_of
from simulators.facade import Scene, render


def _events(scene):
    clip, tracks = _tracks(scene)
    return clip, events_of(tracks, FacadeSite.model_validate(clip.site))


def _tracks(scene):
    clip = render(scene)
    front_end = FallingFrontEnd(clip.width, clip.height, fps=clip.fps)
    tracks = []
    for index, frame in enumerate(clip.frames):
        tracks += front_end.step(frame, index / clip.fps)
    return clip, tracks + front_end.flush()


FALLS = [
    Scene(seed=11, rows=480, fps=25, fall="heavy", size_px=8),
    Scene(seed=12, rows=480, fps=10, fall="heavy", size_px=8),
    Scene(seed=13, rows=720, fps=15, fall="heavy", size_px=4, contrast=50),
    Scene(seed=14, rows=480, fps=20, fall="heavy", size_px=10, shake_px=3),
    Scene(seed=15, rows=480, fps=20, fall="heavy", size_px=10, night=True, noise=5),
    Scene(seed=16, rows=1080, fps=12, fall="heavy", size_px=6, decoys=("tree", "rain")),
    Scene(seed=17, rows=2160, fps=10, seconds=5, fall="heavy", size_px=14, quality=100, decoys=()),
]


@pytest.mark.parametrize("scene", FALLS, ids=lambda s: f"{s.rows}p-{s.fps:g}fps-{s.size_px:g}px")
def test_a_fall_is_found_once_with_its_floor(scene):
    clip, events = _events(scene)
    (fall,) = clip.falls
    (event,) = events
    assert match(events, TruePath(fall.points, fall.origin)) is event
    assert event.verdict.label is Label.FALLING
    assert abs(event.verdict.origin.floor - fall.floor) <= 1


@pytest.mark.parametrize("seed", [11, 21, 31])
def test_at_few_pictures_a_second_a_thing_has_no_echo(seed):
    fall = Scene(
        seed=seed, rows=480, fps=5, seconds=5, fall="heavy", size_px=14, contrast=100, decoys=()
    )
    assert len(_tracks(fall)[1]) == 1


def test_paper_is_a_drifting_object():
    _, events = _events(Scene(seed=21, rows=480, fps=12, seconds=11, fall="drifting", size_px=12))
    (event,) = events
    assert event.verdict.label is Label.DRIFTING


@pytest.mark.parametrize(
    "decoy", ["bird", "leaf", "rain", "insect", "laundry", "light", "exposure"]
)
def test_a_decoy_is_no_event(decoy):
    _, events = _events(Scene(seed=31, rows=480, fps=12, seconds=8, decoys=("tree", decoy)))
    assert events == []


def test_a_shaking_camera_is_no_event():
    _, events = _events(Scene(seed=32, rows=480, fps=15, seconds=8, shake_px=6))
    assert events == []


@pytest.mark.parametrize("shape", [(32, 32), (48, 48), (240, 320), (101, 203)])
def test_odd_and_empty_pictures_do_no_harm(shape):
    rng = np.random.default_rng(1)
    front_end = FallingFrontEnd(shape[1], shape[0], fps=5)
    for i in range(20):
        picture = rng.integers(0, 255, shape, np.uint8) if i % 2 else np.zeros(shape, np.uint8)
        assert front_end.step(picture, i / 5) == []
