"""What happens in a cabin: who stands where, and with what."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

import numpy as np

from training.cabins import harmless
from training.cabins.cabin import Cabin, build
from training.cabins.camera import View, views
from training.cabins.ebikes import Ebike, ebike
from training.cabins.people import person
from training.cabins.shapes import Point, Solid, shift, spin


@dataclass
class Scene:
    """A cabin with what is in it; `bike` is None in a harmless scene."""

    cabin: Cabin
    views: list[View]
    others: list[Solid] = field(default_factory=list)
    bike: Solid | None = None
    rider: Solid | None = None
    kinds: list[str] = field(default_factory=list)


def compose(cabin_id: int, number: int) -> Scene:
    """Scene `number` of a cabin; the two numbers are its whole seed."""
    rng = Random(f"scene {cabin_id}/{number}")
    cabin = build(cabin_id, rng)
    scene = Scene(cabin, views(cabin_id, cabin, rng))
    kind = rng.choices(["bike", "harmless", "people", "empty"], [60, 17, 19, 4])[0]
    place = _parking(cabin, rng, long=kind == "bike")
    if kind == "bike":
        _bike_and_rider(scene, rng, place)
    elif kind == "harmless":
        name = rng.choice([*harmless.KINDS, "bicycle"])
        solid = harmless.KINDS[name](rng)
        scene.others.append(_moved(solid, place))
        scene.kinds.append(name)
        if rng.random() < 0.45:
            hold = place @ shift(rng.uniform(-0.7, -0.3), rng.choice([-0.4, 0.4]))
            scene.others.append(person(rng, hold))
    crowd = rng.randint(1, 4) if kind == "people" else rng.choices([0, 1, 2], [58, 30, 12])[0]
    for _ in range(0 if kind == "empty" else crowd):
        _bystander(scene, rng, place, free=kind == "people")
    return scene


def _bike_and_rider(scene: Scene, rng: Random, place: np.ndarray) -> None:
    machine: Ebike = ebike(rng)
    scene.kinds.append(f"ebike {machine.build}")
    lean = spin(math.radians(rng.gauss(0, 4)), "x")
    stand = place @ lean
    draw = rng.random()
    if draw < 0.22:
        scene.rider = person(rng, stand, bike=machine)
    elif draw < 0.68:
        side = rng.choice([-1, 1])
        beside = shift(rng.uniform(-0.35, 0.4), side * rng.uniform(0.38, 0.5)) @ spin(
            rng.uniform(-0.5, 0.5) - side * rng.uniform(0, 0.9)
        )
        back = np.linalg.inv(beside)
        grips = [(back @ np.array([*grip, 1.0]))[:3] for grip in machine.grips]
        hands: tuple[Point, Point] = (tuple(grips[0]), tuple(grips[1]))
        scene.rider = person(rng, place @ beside, hands=hands if rng.random() < 0.6 else None)
    scene.bike = _moved(machine.solid, stand)


def _bystander(scene: Scene, rng: Random, place: np.ndarray, *, free: bool) -> None:
    cabin, away = scene.cabin, np.linalg.inv(place)
    for _ in range(30):
        x = rng.uniform(-0.5, 0.5) * (cabin.width - 0.4)
        y = rng.uniform(-0.5, 0.5) * (cabin.depth - 0.3)
        beside = away @ np.array([x, y, 0, 1])
        if free or abs(beside[1]) > 0.42 or abs(beside[0]) > 1.0:
            break
    at = shift(x, y) @ spin(rng.uniform(0, 2 * math.pi))
    scene.others.append(person(rng, at, child=rng.random() < 0.15))
    scene.kinds.append("person")


def _parking(cabin: Cabin, rng: Random, *, long: bool) -> np.ndarray:
    """A pose in which a thing of that length fits; mostly lengthwise, sometimes in the door."""
    reach, half = (0.85, 0.2) if long else (0.55, 0.28)
    door = 0.8 if cabin.opened > 0.6 else 0.0
    pose = np.eye(4)
    for attempt in range(400):
        if attempt == 200:
            reach, half = reach * 0.8, 0.1
        along = rng.random() < 0.6
        yaw = (
            rng.choice([-1, 1]) * math.pi / 2 + rng.gauss(0, 0.5) if along else rng.uniform(0, 6.28)
        )
        pose = shift(
            rng.uniform(-0.5, 0.5) * cabin.width,
            rng.uniform(-cabin.depth / 2 - door, cabin.depth / 2),
        ) @ spin(yaw)
        corners = np.array([[x, y, 0, 1] for x in (-reach, 0, reach) for y in (-half, half)])
        if cabin.holds((corners @ pose.T)[:, :3]):
            break
    return pose


def _moved(solid: Solid, place: np.ndarray) -> Solid:
    solid.vertices = [points @ place[:3, :3].T + place[:3, 3] for points in solid.vertices]
    return solid
