"""Who comes into a cabin and how: one plan per subject, a few solids per moment of it.

A moment is a share of the way: 0 on the landing, 1 where the thing comes to stand. Everything a
plan draws, it draws before the first moment, so that only places change from picture to picture.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from training.cabins import harmless
from training.cabins.ebikes import ebike
from training.cabins.people import person
from training.cabins.shapes import Point, Solid, shift, spin

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.cabins.cabin import Cabin

_GAIT = 0.17  # m, half a step
_STEPS = 2.0  # on the way in
_BEYOND = 1.15  # m before the sill


@dataclass(frozen=True)
class Plan:
    """A subject's way into one cabin.

    at: what stands where at a share of the way, and how far into its idle swaying (turns).
    back: the same on the way out, for who turns round; None for who backs out the way they came.
    sill: the share of the way at which its middle passes the door.
    """

    at: Callable[[float, float], list[Solid]]
    sill: float
    back: Callable[[float], list[Solid]] | None = None


@dataclass(frozen=True)
class _Way:
    """From the landing through the door to a place: x and y in metres, heading in radians."""

    start: tuple[float, float]
    door: tuple[float, float]
    end: tuple[float, float]
    turn: float = 0.0

    def pose(self, share: float) -> np.ndarray:
        """Where it stands, heading inwards."""
        (x0, y0), (xd, yd), (x1, y1) = self.start, self.door, self.end
        y = y0 + (y1 - y0) * share
        inside = max(0.0, (y - yd) / max(1e-6, y1 - yd))
        outside = min(1.0, (y - y0) / max(1e-6, yd - y0))
        x = x0 + (xd - x0) * outside if y < yd else xd + (x1 - xd) * _smooth(inside)
        slope = (x1 - xd) / max(0.4, y1 - yd) * 4 * inside * (1 - inside) if y > yd else 0.0
        return shift(x, y) @ spin(math.pi / 2 - math.atan(slope) * 0.6 + self.turn * inside)

    @property
    def sill(self) -> float:
        return (self.door[1] - self.start[1]) / (self.end[1] - self.start[1])


def plan(subject: str, take: int, cabin_id: int, cabin: Cabin) -> Plan:
    """The way of `subject` into a cabin; subject, take and cabin are its whole seed."""
    seed = f"clip {cabin_id}/{subject}/{take}"
    rng = Random(seed)
    side = rng.choice([-1, 1])
    if subject == "ebike":
        return _ebike(cabin, rng, side, seed, rides=take % 2 == 0)
    if subject == "bicycle":
        return _bicycle(cabin, rng, side, seed)
    if subject in {"stroller", "wheelchair"}:
        return _pushed(subject, cabin, rng, side, seed)
    return _walkers(1 if subject == "person" else 2, cabin, side, seed)


def _ebike(cabin: Cabin, rng: Random, side: int, seed: str, *, rides: bool) -> Plan:
    machine = ebike(rng)
    way = _way(cabin, side, 0.98, 0.3, rng)
    hands = _hands(machine.grips, _beside(side))

    def at(share: float, sway: float) -> list[Solid]:
        stand = way.pose(share)
        if rides:
            rider = person(Random(seed), stand, bike=machine)
        else:
            place = stand @ _beside(side) @ _swaying(sway)
            rider = person(Random(seed), place, hands=hands, stride=_stride(share, sway))
        return [_moved(machine.solid, stand), rider]

    return Plan(at, way.sill)


def _bicycle(cabin: Cabin, rng: Random, side: int, seed: str) -> Plan:
    solid = harmless.bicycle(rng)
    way = _way(cabin, side, 0.98, 0.26, rng)
    hands = _hands(((0.23, -0.28, 0.97), (0.23, 0.28, 0.97)), _beside(side))

    def at(share: float, sway: float) -> list[Solid]:
        stand = way.pose(share)
        place = stand @ _beside(side) @ _swaying(sway)
        who = person(Random(seed), place, hands=hands, stride=_stride(share, sway))
        return [_moved(solid, stand), who]

    return Plan(at, way.sill)


def _pushed(subject: str, cabin: Cabin, rng: Random, side: int, seed: str) -> Plan:
    solid = harmless.KINDS[subject](rng)
    behind, height = (-0.85, 1.0) if subject == "stroller" else (-0.76, 0.95)
    reach = 0.42
    hands: tuple[Point, Point] = ((reach, -0.2, height), (reach, 0.2, height))
    way = _way(cabin, side * 0.4, 0.5, 0.35, rng)

    def at(share: float, sway: float) -> list[Solid]:
        stand = way.pose(share)
        place = stand @ shift(behind, 0) @ _swaying(sway)
        who = person(Random(seed), place, hands=hands, stride=_stride(share, sway))
        return [_moved(solid, stand), who]

    return Plan(at, way.sill)


def _walkers(count: int, cabin: Cabin, side: int, seed: str) -> Plan:
    ways = [_walk(cabin, (side, -side)[i], Random(f"{seed} {i}")) for i in range(count)]
    lag = 0.22

    def place(i: int, share: float) -> np.ndarray:
        mine = min(1.0, max(0.0, share * (1 + lag * (count - 1)) - lag * i))
        return ways[i].pose(mine)

    def at(share: float, sway: float) -> list[Solid]:
        round_about = spin(math.pi) if share >= 1 else np.eye(4)
        return [
            person(
                Random(f"{seed} {i}"),
                place(i, share) @ round_about @ _swaying(sway + i * 0.4),
                stride=_stride(share, sway),
            )
            for i in range(count)
        ]

    def back(share: float) -> list[Solid]:
        return [
            person(
                Random(f"{seed} {i}"),
                place(i, share) @ spin(math.pi),
                stride=_stride(share, 0.0),
            )
            for i in range(count)
        ]

    return Plan(at, ways[0].sill, back)


def _way(cabin: Cabin, side: float, front: float, half: float, rng: Random) -> _Way:
    """For something `front` m long before its middle and `half` m wide to each side."""
    sill = -cabin.depth / 2
    room = cabin.width / 2 - half - 0.06
    return _Way(
        (cabin.door_at + side * 0.1, sill - _BEYOND),
        (cabin.door_at + side * 0.13, sill),
        (side * room, cabin.depth / 2 - front - rng.uniform(0.02, 0.08)),
        rng.uniform(-0.08, 0.08),
    )


def _walk(cabin: Cabin, side: int, rng: Random) -> _Way:
    sill = -cabin.depth / 2
    return _Way(
        (cabin.door_at + side * 0.15, sill - _BEYOND),
        (cabin.door_at + side * 0.1, sill),
        (side * (cabin.width / 2 - 0.38), rng.uniform(-0.1, 0.35) * cabin.depth),
        rng.uniform(-0.5, 0.5),
    )


def _beside(side: int) -> np.ndarray:
    """Where who pushes a two-wheeler walks, seen from it."""
    return shift(-0.16, side * 0.42) @ spin(-side * 0.12)


def _hands(grips: tuple[Point, Point], beside: np.ndarray) -> tuple[Point, Point]:
    back = np.linalg.inv(beside)
    right, left = (tuple(map(float, (back @ np.array([*grip, 1.0]))[:3])) for grip in grips)
    return (right, left)  # type: ignore[return-value]


def _stride(share: float, sway: float) -> float:
    walking = 0.0 if share >= 1 else _GAIT * math.sin(2 * math.pi * _STEPS * share + 0.6)
    return walking + 0.02 * math.sin(2 * math.pi * sway)


def _swaying(turns: float) -> np.ndarray:
    angle = 2 * math.pi * turns
    return shift(0.025 * math.sin(angle), 0.02 * math.cos(angle)) @ spin(0.09 * math.sin(angle))


def _moved(solid: Solid, place: np.ndarray) -> Solid:
    points = [one @ place[:3, :3].T + place[:3, 3] for one in solid.vertices]
    return Solid(points, solid.faces, solid.materials, solid.face_material, solid.smooth)


def _smooth(share: float) -> float:
    return share * share * (3 - 2 * share)
