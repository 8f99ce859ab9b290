"""What must not alarm: bicycles, strollers, wheelchairs, trolleys, kick scooters, goods."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from training.cabins import paint
from training.cabins.shapes import Point, Solid, shift, spin

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def _spoked(solid: Solid, at: Point, radius: float, tyre: float, spokes: int) -> None:
    solid.hoop(at, radius - tyre, tyre, paint.RUBBER)
    solid.blob(at, (0.03, 0.04, 0.03), paint.STEEL)
    for i in range(spokes):
        angle = 2 * math.pi * i / spokes
        end = (at[0] + math.cos(angle) * radius, at[1], at[2] + math.sin(angle) * radius)
        solid.tube([at, end], 0.003, paint.STEEL, 4)


def bicycle(rng: Random) -> Solid:
    """A pedal bicycle: diamond or step-through frame, thin wheels, chain ring."""
    solid, coat, black = Solid(), paint.plain(rng), paint.dark(rng)
    small = rng.random() < 0.3
    wheel = rng.uniform(0.2, 0.25) if small else rng.uniform(0.28, 0.35)
    half = rng.uniform(0.44, 0.54)
    for x in (-half, half):
        _spoked(solid, (x, 0, wheel), wheel, rng.uniform(0.012, 0.02), 12)
    crank, seat, head = (-0.08, 0.0, 0.28), (-0.2, 0.0, 0.76), (half - 0.13, 0.0, 0.72)
    low = rng.random() < 0.5
    bars: list[tuple[Point, Point]] = [
        (crank, seat),
        ((-0.14, 0, 0.45) if low else seat, head),
        (crank, (half - 0.12, 0, 0.6)),
        (crank, (-half, 0, wheel)),
        (seat, (-half, 0, wheel)),
        (head, (half, 0, wheel)),
    ]
    for start, end in bars:
        solid.tube([start, end], 0.016, coat)
    solid.hoop(crank, 0.09, 0.006, paint.STEEL)
    solid.tube([seat, (-0.22, 0, 0.88)], 0.013, paint.STEEL)
    solid.blob((-0.24, 0, 0.9), (0.13, 0.07, 0.03), black)
    solid.tube([head, (half - 0.18, 0, 0.95)], 0.013, paint.STEEL)
    solid.tube(
        [(half - 0.26, -0.28, 0.97), (half - 0.15, 0, 0.96), (half - 0.26, 0.28, 0.97)],
        0.012,
        black,
    )
    if rng.random() < 0.35:
        solid.blob((half + 0.02, 0, 0.75), (0.11, 0.15, 0.1), paint.dark(rng), 6)
    return solid


def stroller(rng: Random) -> Solid:
    """A baby carriage with or without its hood."""
    solid, cloth = Solid(), paint.fabric(rng)
    for x in (-0.25, 0.3):
        for y in (-0.22, 0.22):
            _spoked(solid, (x, y, 0.1), 0.1, 0.02, 5)
    for y in (-0.22, 0.22):
        solid.tube([(0.3, y, 0.1), (-0.1, y, 0.55), (-0.45, y, 1.0)], 0.012, paint.STEEL)
        solid.tube([(-0.25, y, 0.1), (0.15, y, 0.6)], 0.012, paint.STEEL)
    solid.tube([(-0.45, -0.22, 1.0), (-0.45, 0.22, 1.0)], 0.018, paint.dark(rng))
    solid.blob((0.05, 0, 0.42), (0.27, 0.18, 0.06), cloth, 4)
    solid.blob((-0.14, 0, 0.65), (0.05, 0.18, 0.26), cloth, 4, spin(-0.35, "y")[:3, :3])
    if rng.random() < 0.7:
        solid.blob((-0.05, 0, 0.85), (0.25, 0.22, 0.2), cloth)
    if rng.random() < 0.6:
        solid.blob((0.02, 0, 0.6), (0.12, 0.13, 0.16), paint.fabric(rng))
    return solid


def wheelchair(rng: Random) -> Solid:
    """A wheelchair; sometimes an electric one's small wheels and box."""
    solid, cloth = Solid(), paint.fabric(rng, "dark")
    big = 0.29 if rng.random() < 0.75 else 0.17
    for y in (-0.28, 0.28):
        _spoked(solid, (-0.1, y, big), big, 0.02, 10)
        _spoked(solid, (0.33, y * 0.8, 0.09), 0.09, 0.02, 4)
        frame: list[Point] = [
            (-0.32, y * 0.85, 0.95),
            (-0.22, y * 0.85, 0.5),
            (0.25, y * 0.85, 0.48),
            (0.4, y * 0.7, 0.1),
        ]
        solid.tube(frame, 0.013, paint.STEEL)
        solid.tube([(-0.2, y * 0.9, 0.7), (0.15, y * 0.9, 0.7)], 0.02, paint.dark(rng))
    solid.blob((0, 0, 0.5), (0.21, 0.21, 0.03), cloth, 5)
    solid.blob((-0.24, 0, 0.72), (0.03, 0.21, 0.2), cloth, 5)
    if rng.random() < 0.5:
        solid.blob((-0.1, 0, 0.8), (0.13, 0.18, 0.28), paint.fabric(rng), 2.5)
        solid.blob((-0.08, 0, 1.18), (0.1, 0.08, 0.12), paint.Paint((0.5, 0.32, 0.22)))
    return solid


def trolley(rng: Random) -> Solid:
    """A flat trolley with boxes, or a shopping cart."""
    solid, coat = Solid(), paint.plain(rng)
    for x in (-0.35, 0.35):
        for y in (-0.22, 0.22):
            solid.hoop((x, y, 0.06), 0.045, 0.018, paint.RUBBER)
    solid.box((0, 0, 0.15), (0.85, 0.55, 0.04), coat)
    solid.tube(
        [(-0.42, -0.24, 0.15), (-0.46, -0.24, 0.95), (-0.46, 0.24, 0.95), (-0.42, 0.24, 0.15)],
        0.015,
        paint.STEEL,
    )
    if rng.random() < 0.3:
        for level in np.linspace(0.4, 0.9, 5):
            ring: list[Point] = [
                (x, y, level)
                for x, y in ((-0.4, -0.24), (0.4, -0.2), (0.4, 0.2), (-0.4, 0.24), (-0.4, -0.24))
            ]
            solid.tube(ring, 0.006, paint.STEEL, 5)
        return solid
    for i in range(rng.randint(0, 4)):
        size = (rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.5), 0.26)
        solid.box(
            (rng.uniform(-0.1, 0.2), rng.uniform(-0.08, 0.08), 0.3 + 0.26 * i), size, _goods(rng)
        )
    return solid


def kick_scooter(rng: Random) -> Solid:
    """A child's kick scooter: a board, two small wheels, one post."""
    solid, coat = Solid(), paint.plain(rng)
    for x in (-0.3, 0.36):
        solid.hoop((x, 0, 0.08), 0.06, 0.018, paint.RUBBER)
    solid.blob((0, 0, 0.11), (0.32, 0.07, 0.02), coat, 5)
    solid.tube([(0.36, 0, 0.08), (0.3, 0, 0.85)], 0.018, paint.STEEL)
    solid.tube([(0.3, -0.2, 0.85), (0.3, 0.2, 0.85)], 0.015, paint.dark(rng))
    return solid


def goods(rng: Random) -> Solid:
    """Boxes, suitcases, bags, a bench, in a heap."""
    solid = Solid()
    for i in range(rng.randint(1, 5)):
        x, y = rng.uniform(-0.4, 0.4), rng.uniform(-0.3, 0.3)
        solid.place = shift(x, y) @ spin(rng.uniform(0, 3))
        kind = rng.random()
        if kind < 0.5:
            side = rng.uniform(0.2, 0.5)
            high = side * rng.uniform(0.6, 1.4)
            lift = rng.uniform(0.2, 0.4) * (i > 2)
            solid.box((0, 0, high / 2 + lift), (side, rng.uniform(0.2, 0.5), high), _goods(rng))
        elif kind < 0.8:
            solid.blob((0, 0, 0.38), (0.14, 0.22, 0.32), paint.plain(rng), 7)
            solid.tube(
                [(0, -0.08, 0.7), (0, -0.08, 1.0), (0, 0.08, 1.0), (0, 0.08, 0.7)],
                0.01,
                paint.STEEL,
            )
        else:
            solid.blob((0, 0, 0.22), (0.22, 0.18, 0.22), paint.fabric(rng), 3)
    return solid


def _goods(rng: Random) -> paint.Paint:
    return paint.CARTON if rng.random() < 0.6 else paint.fabric(rng)


KINDS: dict[str, Callable[[Random], Solid]] = {
    "bicycle": bicycle,
    "stroller": stroller,
    "wheelchair": wheelchair,
    "trolley": trolley,
    "kick-scooter": kick_scooter,
    "goods": goods,
}
