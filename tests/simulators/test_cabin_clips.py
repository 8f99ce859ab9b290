"""The rendered cabins that ship: complete, small, and none that a model was trained on."""

from pathlib import Path
from typing import get_args

import cv2
import pytest

import simulators
from simulators.elevator.car import Subject
from simulators.elevator.scenes import CabinScenes

FOLDER = Path(simulators.__file__).parent / "scenes" / "cabin"
SITE = FOLDER.parents[2] / "configs" / "sites" / "jinxiu.toml"
MOST_BYTES = 6_000_000


@pytest.fixture(scope="module")
def scenes():
    return CabinScenes(FOLDER)


def test_everybody_can_ride_in_every_cabin_with_the_door_open_and_closed(scenes):
    everybody = set(get_args(Subject)) - {"empty"}
    for cabin in scenes.cabins:
        assert scenes.subjects(cabin) == everybody
        for subject in (*everybody, "empty"):
            doors = {
                scenes.clip(cabin, subject, "inside", take=0, door_open=door_open).door
                for door_open in (True, False)
            }
            assert doors == {"open", "closed"}


def test_a_bike_stands_in_the_cabin_while_it_comes_in(scenes):
    for cabin in scenes.cabins:
        for take in range(2):
            clip = scenes.clip(cabin, "ebike", "enter", take=take)
            assert 0.2 < clip.inside_s < scenes.length_s(clip)


def test_pictures_are_of_one_size_and_small_together():
    pictures = sorted(FOLDER.rglob("*.jpg"))
    assert {cv2.imread(str(one)).shape for one in pictures} == {(336, 448, 3)}
    assert sum(one.stat().st_size for one in FOLDER.rglob("*.*")) < MOST_BYTES


def test_the_demo_car_counts_what_stands_in_the_cabin_that_it_shows(scenes):
    corners = ", ".join(f"[{x}, {y}]" for x, y in scenes.cabins["s01"].polygon)
    assert f"cabin = [{corners}]" in SITE.read_text(encoding="utf-8")
