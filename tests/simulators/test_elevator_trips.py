"""Rides in a simulated car, and what its camera sees of them."""

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from simulators.elevator.car import ElevatorCar
from simulators.elevator.scenes import CabinScenes, CarScene
from simulators.elevator.trips import Ride, Trips
from simulators.errors import ConfigError
from simulators.ledger import Ledger
from tests.simulators.cabin_pictures import draw_cabins
from wire import Clock

RATE = 40.0


@pytest.fixture
def clock():
    return Clock(time.monotonic, 1_800_000_000_000, time.monotonic(), RATE)


@pytest.fixture
def scenes(tmp_path):
    return CabinScenes(draw_cabins(tmp_path / "scenes"))


@pytest.fixture
def rig(clock, scenes):
    ledger = Ledger()
    car = ElevatorCar("lift", clock=clock, ledger=ledger)
    scene = CarScene(car, scenes, "s01", clock.monotonic)
    return Trips(car, scene, clock, ledger)


async def until(condition):
    async with asyncio.timeout(45):
        while not condition():  # noqa: ASYNC110  what is waited for tells no event
            await asyncio.sleep(0.002)


async def test_one_who_heeds_turns_back_when_held_and_spoken_to(rig):
    ride = asyncio.create_task(rig.ride(Ride("ebike", 5, heeds=True)))
    await until(lambda: rig._ledger.truths)
    assert rig._ledger.truths[0].kind == "ebike-in-elevator"
    rig.car.set_contact(closed=True)
    rig.car.speak("1")
    await until(lambda: rig.car.view.subject == "empty")
    assert rig.car.door_open
    rig.car.set_contact(closed=False)
    assert await ride == "dissuaded"
    assert (rig.car.floor, rig.car.door_open) == (1, False)
    assert rig._ledger.holds[0].until is not None


async def test_one_who_is_not_spoken_to_rides(rig):
    assert await rig.ride(Ride("ebike", 3, heeds=True)) == "rode"
    assert rig.car.floor == 3


async def test_one_who_does_not_heed_waits_for_the_door_and_rides(rig):
    ride = asyncio.create_task(rig.ride(Ride("ebike", 2)))
    await until(lambda: rig.car.view.part == "inside" and rig.car.view.subject == "ebike")
    rig.car.set_contact(closed=True)
    await asyncio.sleep(20 / RATE)
    assert rig.car.door_open
    rig.car.set_contact(closed=False)
    assert await ride == "rode"


async def test_harmless_rides_are_no_truth(rig):
    assert await rig.ride(Ride("stroller", 2)) == "rode"
    assert rig._ledger.truths == []


async def test_there_is_no_floor_nought(rig):
    rig.car.floor = -1
    await rig.ride(Ride("person", 1))
    assert rig.car.floor == 1


def test_a_live_picture_is_never_twice_the_same(rig):
    scene = rig._scene
    pictures = [scene(n / 25) for n in range(3)]
    assert pictures[0].shape == (120, 160, 3)
    assert not np.array_equal(pictures[0], pictures[1])


def test_the_inside_goes_to_and_fro_and_an_end_stays(scenes):
    inside = scenes.clip("s01", "ebike", "inside", take=7)
    leave = scenes.clip("s01", "ebike", "leave", take=0)
    assert scenes.length_s(leave) == pytest.approx(0.6)
    assert np.array_equal(scenes.picture(leave, 0.5), scenes.picture(leave, 99))
    assert scenes.picture(inside, 1e6).shape == (120, 160, 3)
    assert scenes.subjects("s01") == {"ebike", "stroller", "bicycle", "person"}


def test_a_clip_may_show_one_state_of_the_door_or_run_backwards(tmp_path):
    folder = draw_cabins(tmp_path / "scenes")
    index = folder / "index.toml"
    first = 'folder = "s01/stroller-inside"'
    index.write_text(
        index.read_text().replace(first, first + '\ndoor = "open"')
        + '\n[[clip]]\ncabin = "s01"\nsubject = "stroller"\npart = "inside"\nfps = 5'
        + '\nfolder = "s01/stroller-enter"\ndoor = "closed"\nbackwards = true\n'
    )
    scenes = CabinScenes(folder)
    opened = scenes.clip("s01", "stroller", "inside", take=1, door_open=True)
    closed = scenes.clip("s01", "stroller", "inside", take=1, door_open=False)
    assert (opened.folder.name, closed.folder.name) == ("stroller-inside", "stroller-enter")
    enter = scenes.clip("s01", "stroller", "enter", take=1, door_open=False)
    assert np.array_equal(scenes.picture(closed, 0.0), scenes.picture(enter, 99))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace('subject = "empty"', 'subject = "person"'), "empty"),
        (lambda text: text.replace('folder = "s01/ebike-enter"', 'folder = "nowhere"'), "nowhere"),
        (lambda text: text.replace("fps = 5", "fps = 0", 1), "fps"),
        (lambda text: text.replace('cabin = "s01"', 'cabin = "s02"'), "no cabin"),
    ],
)
def test_a_folder_that_cannot_be_played_is_one_line(tmp_path: Path, change, said):
    folder = draw_cabins(tmp_path / "scenes")
    index = folder / "index.toml"
    index.write_text(change(index.read_text()))
    with pytest.raises(ConfigError, match=said):
        CabinScenes(folder)
