"""People in a cabin: standing, pushing, riding, bending; helmets, caps, backpacks, children."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from training.cabins import paint
from training.cabins.shapes import Point, Solid

if TYPE_CHECKING:
    from random import Random

    from training.cabins.ebikes import Ebike

UPPER_ARM = LOWER_ARM = 0.29


def person(
    rng: Random,
    place: np.ndarray,
    *,
    hands: tuple[Point, Point] | None = None,
    bike: Ebike | None = None,
    child: bool = False,
    stride: float | None = None,
) -> Solid:
    """Someone at `place` (4, 4); `hands` (in that frame, left last) to grasp, `bike` to sit on.

    stride: how far the left foot is before the right one's place, m; drawn when not given.
    """
    solid = Solid(place=place)
    size = rng.uniform(0.55, 0.78) if child else rng.uniform(0.9, 1.07)
    stout = rng.uniform(0.85, 1.25)
    skin = paint.Paint(
        (rng.uniform(0.35, 0.7), rng.uniform(0.22, 0.42), rng.uniform(0.14, 0.3)), 0.6
    )
    top, legs, shoes = (
        paint.fabric(rng),
        paint.fabric(rng, rng.choice(["dark", "dark", "grey", ""])),
        paint.plain(rng),
    )
    seated = bike is not None
    hip = np.array(bike.seat) + (0.02, 0, 0.12) if bike else np.array([0, 0, 0.92 * size])
    lean = rng.uniform(-0.02, 0.3) if seated else rng.gauss(0.06, 0.08)
    if not seated and rng.random() < 0.15:
        lean = rng.uniform(0.5, 1.2)  # bending over something
    up = np.array([math.sin(lean), 0, math.cos(lean)])
    shoulder = hip + up * 0.5 * size
    _legs(solid, rng, hip, size, stout, (legs, shoes), bike, stride)
    _torso(solid, hip, up, size, stout, top)
    if rng.random() < 0.12 and not seated:
        _skirt(solid, rng, hip, size)
    if hands is None and bike is not None:
        hands = bike.grips
    sleeve = top if rng.random() < 0.65 else skin
    for side, index in ((-1, 0), (1, 1)):
        joint = shoulder + (0, side * 0.19 * size * stout, 0)
        goal = np.array(hands[index]) if hands else _idle_hand(rng, joint, side, size)
        _arm(solid, joint, goal, side, size, top, sleeve, skin)
    _head(
        solid,
        rng,
        shoulder + up * 0.2 * size,
        0.5 + 0.5 * size,
        skin,
        helmet=seated or rng.random() < 0.3,
    )
    if rng.random() < 0.25:
        back = shoulder - up * 0.17 - np.array([0.17 * size, 0, 0])
        solid.blob(_p(back), (0.09, 0.15 * size, 0.2 * size), paint.fabric(rng), 4)
    if rng.random() < 0.2 and not seated:
        side = rng.choice([-1, 1])
        solid.blob(
            (0.05, side * 0.33, rng.uniform(0.35, 0.6)), (0.12, 0.06, 0.16), paint.fabric(rng), 4
        )
    return solid


def _p(row: np.ndarray) -> Point:
    return (float(row[0]), float(row[1]), float(row[2]))


def _legs(
    solid: Solid,
    rng: Random,
    hip: np.ndarray,
    size: float,
    stout: float,
    wear: tuple[paint.Paint, paint.Paint],
    bike: Ebike | None,
    given: float | None,
) -> None:
    cloth, shoes = wear
    drawn = rng.uniform(-0.16, 0.16)
    stride = drawn if given is None else given
    tucked = rng.random() < 0.6
    for side in (-1, 1):
        start = hip + (0, side * 0.09 * size, 0)
        if bike and tucked:
            knee = hip + (0.4 * size, side * 0.16, -0.08)
            foot = np.array([knee[0] - 0.02, side * 0.12, bike.foot_height + 0.08])
        elif bike:
            knee = hip + (0.3 * size, side * 0.28, -0.36 * hip[2])
            foot = np.array([knee[0] - 0.05, side * 0.32, 0.07])
        else:
            knee = start + (side * stride * 0.6 + 0.02, 0, -0.46 * size)
            foot = np.array([side * stride, side * 0.1 * size, 0.07])
        path = [_p(start), _p((start + knee) / 2), _p(knee), _p((knee + foot) / 2), _p(foot)]
        widths = [0.1 * stout, 0.085 * stout, 0.065, 0.055, 0.045]
        solid.tube(path, [w * size for w in widths], cloth, 9)
        solid.blob(_p(foot + (0.05, 0, -0.03)), (0.13 * size, 0.05, 0.045), shoes)


def _torso(
    solid: Solid, hip: np.ndarray, up: np.ndarray, size: float, stout: float, cloth: paint.Paint
) -> None:
    turn = np.linspace(0, 2 * math.pi, 12, endpoint=False)
    front = np.array([up[2], 0, -up[0]])
    rings = []
    for along, wide, deep in (
        (-0.05, 0.13, 0.1),
        (0.05, 0.165, 0.12),
        (0.2, 0.155, 0.115),
        (0.38, 0.185, 0.12),
        (0.48, 0.17, 0.09),
        (0.53, 0.06, 0.05),
    ):
        ring = hip + up * along * size + np.outer(np.cos(turn), (0, wide * size * stout, 0))
        rings.append(ring + np.outer(np.sin(turn), front * deep * size * stout))
    solid.grid(np.stack(rings), cloth)


def _skirt(solid: Solid, rng: Random, hip: np.ndarray, size: float) -> None:
    low = hip[2] - size * rng.uniform(0.3, 0.6)
    sections: list[tuple[Point, float, float]] = [
        ((0, 0, low), 0.22 * size, 0.2 * size),
        ((0, 0, float(hip[2]) + 0.05), 0.15 * size, 0.13 * size),
    ]
    solid.hull(sections, paint.fabric(rng), "z", 2)


def _idle_hand(rng: Random, joint: np.ndarray, side: int, size: float) -> np.ndarray:
    reach = np.array([rng.uniform(-0.1, 0.3), side * rng.uniform(0, 0.15), -rng.uniform(0.2, 0.5)])
    if rng.random() < 0.12:
        reach = np.array(
            [rng.uniform(0.2, 0.5), side * 0.05, rng.uniform(-0.1, 0.3)]
        )  # to a button
    return joint + reach * size


def _arm(
    solid: Solid,
    joint: np.ndarray,
    goal: np.ndarray,
    side: int,
    size: float,
    top: paint.Paint,
    sleeve: paint.Paint,
    skin: paint.Paint,
) -> None:
    reach, full = goal - joint, (UPPER_ARM + LOWER_ARM) * size
    distance = float(np.linalg.norm(reach)) + 1e-6
    if distance > full * 1.3:
        goal, distance = joint + reach / distance * full, full
    bend = math.sqrt(max(0.0, (full / 2) ** 2 - (distance / 2) ** 2))
    out = np.array([-0.3, side * 0.6, -0.6])
    elbow = (joint + goal) / 2 + out / np.linalg.norm(out) * bend
    solid.tube(
        [_p(joint), _p((joint + elbow) / 2), _p(elbow)],
        [0.06 * size, 0.055 * size, 0.045 * size],
        top,
    )
    solid.tube(
        [_p(elbow), _p((elbow + goal) / 2), _p(goal)],
        [0.045 * size, 0.04 * size, 0.033 * size],
        sleeve,
    )
    solid.blob(_p(goal), (0.05 * size, 0.04 * size, 0.045 * size), skin)


def _head(
    solid: Solid, rng: Random, at: np.ndarray, size: float, skin: paint.Paint, *, helmet: bool
) -> None:
    solid.tube([_p(at - (0, 0, 0.16)), _p(at)], 0.05 * size, skin)
    solid.blob(_p(at), (0.095 * size, 0.078 * size, 0.115 * size), skin)
    if helmet and rng.random() < 0.6:
        solid.blob(
            _p(at + (-0.01, 0, 0.035)), (0.135 * size, 0.125 * size, 0.12 * size), paint.plain(rng)
        )
        solid.blob(_p(at + (0.07, 0, 0)), (0.07, 0.085, 0.06), paint.dark(rng))
    elif rng.random() < 0.2:
        cap = paint.fabric(rng)
        solid.blob(_p(at + (0, 0, 0.05)), (0.105 * size, 0.09 * size, 0.075 * size), cap)
        solid.blob(_p(at + (0.1, 0, 0.045)), (0.06, 0.07, 0.012), cap)
    else:
        hair = paint.Paint(paint.colour(rng, rng.choice(["dark", "dark", "dark", "grey"])), 0.7)
        solid.blob(_p(at + (-0.02, 0, 0.025)), (0.1 * size, 0.088 * size, 0.108 * size), hair)
        if rng.random() < 0.4:
            solid.blob(_p(at + (-0.06, 0, -0.08)), (0.05, 0.08, 0.16), hair)
