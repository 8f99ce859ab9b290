"""A cabin: walls, floor, door with the landing beyond it, panel, posters, rails, lamps.

A cabin's id fixes its size, materials and camera mounts; `split` keeps cabins apart, so that no
cabin seen in training is ever measured on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Literal

from training.cabins import paint
from training.cabins.shapes import Point, Solid

if TYPE_CHECKING:
    import numpy as np

Split = Literal["train", "val", "test"]


@dataclass(frozen=True)
class Lamp:
    """An area light under a ceiling: watts, metres, linear colour."""

    at: Point
    power: float
    size: float
    tint: paint.Colour


@dataclass
class Cabin:
    """Inside lengths in metres; x across, the door at y = -depth/2, the floor at z = 0."""

    width: float
    depth: float
    height: float
    door_at: float
    door_width: float
    opened: float
    solid: Solid
    lamps: list[Lamp] = field(default_factory=list)
    sky: float = 0.6

    def holds(self, points: np.ndarray) -> bool:
        """Whether all of `points` (n, 3) stand inside, or in the open doorway."""
        return all(self._holds(float(x), float(y)) for x, y, _ in points)

    def _holds(self, x: float, y: float) -> bool:
        if abs(x) < self.width / 2 and abs(y) < self.depth / 2:
            return True
        beyond = -self.depth / 2 - 1.3 < y <= -self.depth / 2
        ajar = 0.6
        return self.opened > ajar and beyond and abs(x - self.door_at) < self.door_width / 2


def split_of(cabin_id: int) -> Split:
    """Eight cabins in ten train, one validates, one tests."""
    last = cabin_id % 10
    return "val" if last == 8 else "test" if last == 9 else "train"


def build(cabin_id: int, scene: Random, *, opened: float | None = None) -> Cabin:
    """The cabin `cabin_id`, its door and lamps as `scene` has them at the moment.

    opened: how far its door stands open, 0 to 1; as `scene` has it when not given.
    """
    own = Random(f"cabin {cabin_id}")
    width, depth, height = own.uniform(1.35, 2.1), own.uniform(1.4, 2.25), own.uniform(2.2, 2.5)
    door_width = own.uniform(0.8, min(1.15, width - 0.1))
    drawn = scene.choices([0.0, 1.0, scene.uniform(0.2, 0.9)], [50, 35, 15])[0]
    opened = drawn if opened is None else opened
    cabin = Cabin(
        width,
        depth,
        height,
        own.uniform(-1, 1) * (width - door_width) / 2,
        door_width,
        opened,
        Solid(),
    )
    front = _walls(cabin, own)
    _doors(cabin, own, front)
    _panel(cabin, own)
    _decor(cabin, own)
    if opened > 0.05:
        _landing(cabin, scene)
    _lamps(cabin, own, scene)
    return cabin


def _walls(c: Cabin, rng: Random) -> paint.Paint:
    w, d, h = c.width, c.depth, c.height
    main = paint.wall(rng)
    side = [main if rng.random() < 0.75 else paint.wall(rng) for _ in range(4)]
    c.solid.box((0, 0, -0.02), (w, d, 0.04), paint.floor(rng))
    if rng.random() < 0.35:
        mat = paint.fabric(rng)
        c.solid.box(
            (0, 0, 0.003), (w * rng.uniform(0.5, 0.9), d * rng.uniform(0.5, 0.9), 0.006), mat
        )
    c.solid.box((-w / 2 - 0.02, 0, h / 2), (0.04, d, h), side[0])
    c.solid.box((w / 2 + 0.02, 0, h / 2), (0.04, d, h), side[1])
    c.solid.box((0, d / 2 + 0.02, h / 2), (w, 0.04, h), side[2])
    c.solid.box((0, 0, h + 0.02), (w, d, 0.04), paint.plain(rng, "grey"))
    if rng.random() < 0.22:
        top = rng.uniform(1.0, 1.9)
        c.solid.box((0, d / 2 - 0.004, h - top / 2 - 0.15), (w * 0.85, 0.008, top), paint.GLASS)
    return side[3]


def _doors(c: Cabin, rng: Random, front: paint.Paint) -> None:
    y, high = -c.depth / 2 - 0.02, rng.uniform(2.0, 2.15)
    left, right = c.door_at - c.door_width / 2, c.door_at + c.door_width / 2
    for start, end in ((-c.width / 2, left), (right, c.width / 2)):
        if end - start > 0.01:
            c.solid.box(((start + end) / 2, y, c.height / 2), (end - start, 0.04, c.height), front)
    c.solid.box((c.door_at, y, (c.height + high) / 2), (c.door_width, 0.04, c.height - high), front)
    c.solid.box((c.door_at, y - 0.05, -0.01), (c.door_width, 0.12, 0.03), paint.STEEL)
    leaf = paint.wall(rng)
    half = c.door_width / 2
    for sign in (-1, 1):
        centre = c.door_at + sign * (half / 2 + half * c.opened)
        c.solid.box((centre, y - 0.04, high / 2), (half, 0.03, high), leaf)


def _panel(c: Cabin, rng: Random) -> None:
    side = rng.choice([-1, 1])
    y = rng.uniform(-c.depth * 0.4, -c.depth * 0.2)
    x = side * (c.width / 2 - 0.01)
    c.solid.box(
        (x, y, 1.15), (0.02, 0.2, rng.uniform(0.6, 1.2)), paint.Paint((0.5, 0.5, 0.52), 0.3, 0.9)
    )
    glow = paint.Paint((0.9, 0.5, 0.15), 0.4, glow=rng.choice([0, 0, 1.5]))
    for i in range(rng.randint(6, 18)):
        at = (x - side * 0.012, y + (-0.04, 0.04)[i % 2], 0.8 + 0.07 * (i // 2))
        c.solid.box(at, (0.012, 0.032, 0.032), glow if rng.random() < 0.2 else paint.LAMP)


def _decor(c: Cabin, rng: Random) -> None:
    for wall in range(3):
        for _ in range(rng.choices([0, 1, 2, 3], [40, 30, 20, 10])[0]):
            _poster(c, rng, wall)
    if rng.random() < 0.45:
        for side in (-1, 1):
            x = side * (c.width / 2 - 0.06)
            c.solid.tube(
                [(x, -c.depth / 2 + 0.15, 0.9), (x, c.depth / 2 - 0.15, 0.9)], 0.018, paint.STEEL
            )
    if rng.random() < 0.3:
        side = rng.choice([-1, 1])
        c.solid.box(
            (side * (c.width / 2 - 0.02), 0, 0.6),
            (0.03, c.depth * rng.uniform(0.5, 0.95), 1.2),
            paint.CARTON,
        )


def _poster(c: Cabin, rng: Random, wall: int) -> None:
    wide, high, z = rng.uniform(0.25, 0.75), rng.uniform(0.3, 1.0), rng.uniform(0.95, 1.75)
    span = c.depth if wall < 2 else c.width
    along = rng.uniform(-1, 1) * max(0.0, span / 2 - wide / 2)

    def plate(
        offset: float, rise: float, size: tuple[float, float], deep: float, p: paint.Paint
    ) -> None:
        if wall < 2:
            x = (-1 if wall == 0 else 1) * (c.width / 2 - deep / 2)
            c.solid.box((x, along + offset, z + rise), (deep, *size), p)
        else:
            c.solid.box(
                (along + offset, c.depth / 2 - deep / 2, z + rise), (size[0], deep, size[1]), p
            )

    plate(0, 0, (wide, high), 0.02, paint.plain(rng))
    plate(0, 0, (wide * 0.92, high * 0.93), 0.026, paint.poster(rng))
    for _ in range(rng.randint(0, 5)):
        size = (wide * rng.uniform(0.2, 0.7), high * rng.uniform(0.03, 0.4))
        plate(
            rng.uniform(-0.5, 0.5) * (wide - size[0]) * 0.9,
            rng.uniform(-0.5, 0.5) * (high - size[1]) * 0.9,
            size,
            0.03,
            paint.poster(rng),
        )


def _landing(c: Cabin, rng: Random) -> None:
    y = -c.depth / 2
    c.solid.box((c.door_at, y - 1.72, -0.02), (4, 3.2, 0.04), paint.floor(rng))
    c.solid.box((c.door_at, y - 3.2, 1.3), (4, 0.05, 2.6), paint.wall(rng))
    c.solid.box((c.door_at, y - 1.72, 2.62), (4, 3.2, 0.04), paint.plain(rng, "grey"))
    at = (c.door_at + rng.uniform(-1, 1), y - 1.5, 2.5)
    c.lamps.append(Lamp(at, rng.uniform(10, 120), 1.0, (1, 1, 1)))


def _lamps(c: Cabin, own: Random, scene: Random) -> None:
    count = own.choice([1, 1, 2, 4])
    tint = own.choice([(1, 1, 1), (1, 0.95, 0.85), (0.88, 0.95, 1), (1, 0.9, 0.75)])
    size = own.uniform(0.1, 0.9) if count == 1 else own.uniform(0.08, 0.4)
    power = own.uniform(18, 70) * scene.uniform(0.8, 1.2) / count
    for _ in range(count):
        at = (own.uniform(-0.3, 0.3) * c.width, own.uniform(-0.3, 0.3) * c.depth, c.height - 0.03)
        c.lamps.append(Lamp(at, power, size, tint))
    c.sky = scene.uniform(0.35, 1.1)
