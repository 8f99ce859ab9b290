"""E-bikes of several builds, from a light commuter to a delivery bike; origin on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from training.cabins import paint
from training.cabins.shapes import Point, Solid, shift, spin

if TYPE_CHECKING:
    from random import Random

Build = Literal["scooter", "commuter", "delivery", "moped", "folding"]
BUILDS: tuple[Build, ...] = ("scooter", "commuter", "delivery", "moped", "folding")


@dataclass(frozen=True)
class Ebike:
    """An e-bike's mesh and where a rider touches it (metres, bike frame, steering included)."""

    solid: Solid
    build: Build
    seat: Point
    grips: tuple[Point, Point]
    foot_height: float


@dataclass(frozen=True)
class _Frame:
    rear: float
    front: float
    wheel: float
    tyre: float
    seat: float
    bars: float
    stem: float
    width: float


@dataclass(frozen=True)
class _Coat:
    body: paint.Paint
    trim: paint.Paint
    dark: paint.Paint
    seat: paint.Paint


def ebike(rng: Random) -> Ebike:
    """One e-bike with its load and covers, drawn from `rng`; x is forward, y to the left."""
    build = rng.choices(BUILDS, [38, 24, 14, 12, 12])[0]
    small = build == "folding"
    frame = _Frame(
        rear=-rng.uniform(0.42, 0.5) if small else -rng.uniform(0.54, 0.66),
        front=rng.uniform(0.42, 0.5) if small else rng.uniform(0.54, 0.66),
        wheel=rng.uniform(0.15, 0.2) if small else rng.uniform(0.19, 0.28),
        tyre=rng.uniform(0.02, 0.03)
        if build in ("commuter", "folding")
        else rng.uniform(0.035, 0.055),
        seat=rng.uniform(0.68, 0.8),
        bars=rng.uniform(0.95, 1.1),
        stem=rng.uniform(0.2, 0.3),
        width=rng.uniform(0.5, 0.72),
    )
    coat = _Coat(
        paint.plain(rng),
        paint.plain(rng) if rng.random() < 0.4 else paint.dark(rng),
        paint.dark(rng),
        paint.dark(rng) if rng.random() < 0.8 else paint.plain(rng),
    )
    solid = Solid()
    _wheel(solid, rng, frame, frame.rear)
    head = frame.front - frame.stem
    steer = shift(head, 0) @ spin(math.radians(rng.uniform(-40, 40))) @ shift(-head, 0)
    solid.place = steer
    _front_end(solid, rng, frame, coat, head, build)
    solid.place = np.eye(4)
    if build in ("commuter", "folding"):
        _open_frame(solid, rng, frame, coat, head)
    else:
        _fairing(solid, rng, frame, coat, head, build)
    _rear_load(solid, rng, frame, coat, build)
    _covers(solid, rng, frame, head, steer)
    grip = np.array([[head - 0.12, side * frame.width / 2, frame.bars, 1] for side in (-1, 1)])
    hands = (grip @ steer.T)[:, :3]
    return Ebike(
        solid,
        build,
        (frame.rear * 0.4, 0.0, frame.seat),
        (_point(hands[0]), _point(hands[1])),
        0.3,
    )


def _point(row: np.ndarray) -> Point:
    return (float(row[0]), float(row[1]), float(row[2]))


def _wheel(solid: Solid, rng: Random, f: _Frame, x: float) -> None:
    rim = paint.STEEL if rng.random() < 0.55 else paint.dark(rng)
    solid.hoop((x, 0, f.wheel), f.wheel - f.tyre, f.tyre, paint.RUBBER)
    solid.hoop((x, 0, f.wheel), f.wheel - 2 * f.tyre, 0.012, rim)
    solid.blob((x, 0, f.wheel), (f.wheel * 0.4, 0.06, f.wheel * 0.4), rim)
    spokes = rng.choice([3, 5, 6, 10])
    start = rng.uniform(0, 6)
    for i in range(spokes):
        angle = start + 2 * math.pi * i / spokes
        reach = f.wheel - 1.8 * f.tyre
        end = (x + math.cos(angle) * reach, 0.0, f.wheel + math.sin(angle) * reach)
        solid.tube([(x, 0, f.wheel), end], 0.015 if spokes < 8 else 0.004, rim, 5)


def _front_end(
    solid: Solid, rng: Random, f: _Frame, coat: _Coat, head: float, build: Build
) -> None:
    _wheel(solid, rng, f, f.front)
    top = 2 * f.wheel + 0.05
    for side in (-1, 1):
        path: list[Point] = [
            (f.front, side * 0.07, f.wheel),
            (f.front - 0.06, side * 0.07, top),
            (head + 0.08, side * 0.03, 0.75),
        ]
        solid.tube(path, 0.018, paint.STEEL if rng.random() < 0.5 else coat.dark)
    solid.tube([(f.front - 0.08, 0, top), (head + 0.03, 0, f.bars)], 0.03, coat.trim)
    if rng.random() < 0.85:
        cover = coat.body if rng.random() < 0.7 else coat.dark
        arc = (rng.uniform(0, 35), rng.uniform(135, 190))
        solid.hoop((f.front, 0, f.wheel), f.wheel + 0.03, 0.04, cover, arc, 1.4)
    drop = rng.uniform(0, 0.05)
    bar: list[Point] = [
        (head - 0.12 + abs(u) * 0.0 - 0.02 * u * u, u * f.width / 2, f.bars - drop * (1 - abs(u)))
        for u in (-1, -0.5, 0, 0.5, 1)
    ]
    solid.tube(bar, 0.014, coat.dark)
    for side in (-1, 1):
        grip: list[Point] = [
            (head - 0.14, side * f.width * 0.52, f.bars),
            (head - 0.13, side * f.width * 0.34, f.bars),
        ]
        solid.tube(grip, 0.021, coat.dark)
    if rng.random() < 0.7:
        _mirrors(solid, rng, f, coat, head)
    size = (rng.uniform(0.05, 0.1), rng.uniform(0.06, 0.14), rng.uniform(0.03, 0.07))
    solid.blob(
        (head + 0.01, 0, f.bars - 0.02), size, coat.body if rng.random() < 0.5 else coat.dark, 4
    )
    lamp = (head + rng.uniform(0.1, 0.17), 0.0, f.bars - rng.uniform(0.08, 0.2))
    solid.blob(lamp, (0.07, 0.08, 0.07), coat.body if rng.random() < 0.5 else coat.dark, 2.4)
    solid.blob((lamp[0] + 0.04, 0, lamp[2]), (0.05, 0.06, 0.05), paint.LAMP)
    if rng.random() < (0.7 if build in ("commuter", "folding") else 0.25):
        _basket(solid, rng, (head + rng.uniform(0.2, 0.27), 0, rng.uniform(0.6, 0.78)))


def _mirrors(solid: Solid, rng: Random, f: _Frame, coat: _Coat, head: float) -> None:
    height = rng.uniform(0.1, 0.24)
    for side in (-1, 1):
        end = (head, side * f.width * rng.uniform(0.4, 0.52), f.bars + height)
        solid.tube([(head - 0.05, side * f.width * 0.32, f.bars), end], 0.005, coat.dark, 5)
        solid.blob(end, (0.02, 0.055, 0.045), coat.dark, 2.5)


def _basket(solid: Solid, rng: Random, at: Point) -> None:
    wire = paint.STEEL if rng.random() < 0.5 else paint.dark(rng)
    deep, wide, high = rng.uniform(0.2, 0.3), rng.uniform(0.26, 0.38), rng.uniform(0.16, 0.25)
    x, y, z = at
    for level in np.linspace(0, 1, 4):
        grow = (0.8 + 0.2 * level) / 2
        ring: list[Point] = [
            (x + a * deep * grow, y + b * wide * grow, z + level * high)
            for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
        ]
        solid.tube(ring, 0.006, wire, 5)
    for u in np.linspace(-1, 1, 6):
        for side in (-1, 1):
            low, top = (x + u * deep * 0.4, side * wide * 0.4), (x + u * deep / 2, side * wide / 2)
            solid.tube([(*low, z), (*top, z + high)], 0.004, wire, 4)
            low, top = (x + side * deep * 0.4, u * wide * 0.4), (x + side * deep / 2, u * wide / 2)
            solid.tube([(*low, z), (*top, z + high)], 0.004, wire, 4)
    solid.box((x, y, z), (deep * 0.8, wide * 0.8, 0.008), wire)
    if rng.random() < 0.4:
        solid.blob(
            (x, y, z + high * 0.6), (deep * 0.4, wide * 0.4, high * 0.6), paint.fabric(rng), 3
        )


def _open_frame(solid: Solid, rng: Random, f: _Frame, coat: _Coat, head: float) -> None:
    low = rng.uniform(0.24, 0.32)
    spine: list[Point] = [
        (head + 0.02, 0, 0.84),
        (head - 0.08, 0, 0.45),
        (0.02, 0, low),
        (-0.24, 0, low),
        (f.rear, 0, f.wheel),
    ]
    solid.tube(spine, rng.uniform(0.022, 0.035), coat.body)
    solid.tube([(-0.2, 0, low), (-0.28, 0, f.seat - 0.04)], 0.028, coat.body)
    solid.blob((-0.28, 0, f.seat), (0.13, rng.uniform(0.09, 0.13), 0.045), coat.seat, 2.4)
    if rng.random() < 0.8:
        size = (rng.uniform(0.07, 0.13), rng.uniform(0.05, 0.1), 0.17)
        solid.blob((-0.27, 0, 0.46), size, coat.trim, 5)
    for side in (-1, 1):
        rack: list[Point] = [
            (f.rear, side * 0.08, f.wheel),
            (f.rear - 0.04, side * 0.08, 2 * f.wheel + 0.14),
            (-0.26, side * 0.07, 2 * f.wheel + 0.16),
        ]
        solid.tube(rack, 0.01, paint.STEEL)
        solid.box((-0.05 + side * 0.12, side * 0.14, 0.28), (0.08, 0.09, 0.025), coat.dark)
    if rng.random() < 0.75:
        cushion = (rng.uniform(0.12, 0.19), rng.uniform(0.08, 0.13), 0.045)
        solid.blob((f.rear - 0.02, 0, 2 * f.wheel + 0.19), cushion, coat.seat, 4)
    solid.hoop((f.rear, 0, f.wheel), f.wheel + 0.03, 0.03, coat.body, (15, 175), 1.3)
    if rng.random() < 0.7:
        solid.blob((0.08, 0, low + 0.04), (0.17, rng.uniform(0.07, 0.13), 0.03), coat.trim, 4)
    if rng.random() < 0.45:
        shield: list[tuple[Point, float, float]] = [
            ((head - 0.14, 0, 0.32), 0.14, 0.03),
            ((head - 0.05, 0, 0.6), 0.19, 0.05),
            ((head, 0, 0.86), 0.12, 0.04),
        ]
        solid.hull(shield, coat.body, "z")


def _fairing(solid: Solid, rng: Random, f: _Frame, coat: _Coat, head: float, build: Build) -> None:
    wide = rng.uniform(0.1, 0.16)
    tail: list[tuple[Point, float, float]] = [
        ((f.rear - rng.uniform(0.16, 0.3), 0, f.seat - 0.1), 0.04, 0.03),
        ((f.rear - 0.04, 0, f.seat - 0.16), wide * 0.8, 0.09),
        ((f.rear + 0.22, 0, f.seat - 0.22), wide, 0.16),
        ((-0.1, 0, f.seat - 0.27), wide * 0.9, 0.2),
    ]
    solid.hull(tail, coat.body)
    saddle: list[tuple[Point, float, float]] = [
        ((f.rear - 0.15, 0, f.seat + 0.03), 0.08, 0.03),
        ((f.rear + 0.1, 0, f.seat + 0.02), wide, 0.05),
        ((f.rear + 0.32, 0, f.seat), wide, 0.05),
        ((0, 0, f.seat - 0.02), 0.08, 0.04),
    ]
    solid.hull(saddle, coat.seat)
    if build == "moped":
        tank: list[tuple[Point, float, float]] = [
            ((-0.15, 0, 0.52), 0.1, 0.15),
            ((0.1, 0, 0.62), 0.14, 0.17),
            ((head, 0, 0.78), 0.08, 0.08),
        ]
        solid.hull(tank, coat.body)
        solid.blob((0.05, 0, 0.35), (0.2, 0.1, 0.11), coat.dark, 4)
    else:
        deck, shield = rng.uniform(0.28, 0.36), rng.uniform(0.15, 0.22)
        solid.blob(
            (0.12, 0, deck), (rng.uniform(0.2, 0.28), rng.uniform(0.12, 0.17), 0.045), coat.trim, 5
        )
        solid.blob((0, 0, deck - 0.08), (0.3, 0.09, 0.05), coat.dark, 4)
        front: list[tuple[Point, float, float]] = [
            ((0.3, 0, deck), shield * 0.8, 0.06),
            ((0.34, 0, deck + 0.2), shield, 0.07),
            ((head + 0.04, 0, 0.75), shield * 0.95, 0.08),
            ((head + 0.02, 0, f.bars - 0.08), shield * 0.6, 0.06),
        ]
        solid.hull(front, coat.body if rng.random() < 0.75 else coat.trim, "z", 3)
        nose: list[tuple[Point, float, float]] = [
            ((f.front - 0.12, 0, 2 * f.wheel), 0.07, 0.05),
            ((head + 0.13, 0, 0.62), shield * 0.7, 0.07),
            ((head + 0.1, 0, f.bars - 0.12), shield * 0.5, 0.05),
        ]
        solid.hull(nose, coat.body, "z")
    solid.hoop((f.rear, 0, f.wheel), f.wheel + 0.03, 0.04, coat.dark, (30, 175), 1.5)
    solid.blob((f.rear - 0.2, 0, f.seat - 0.12), (0.05, 0.08, 0.035), paint.RED_LAMP, 3)
    for side in (-1, 1):
        solid.tube(
            [(f.rear, side * 0.11, f.wheel), (f.rear + 0.08, side * 0.12, f.seat - 0.2)],
            0.022,
            coat.dark,
        )


def _rear_load(solid: Solid, rng: Random, f: _Frame, coat: _Coat, build: Build) -> None:
    kind = (
        "crate"
        if build == "delivery"
        else rng.choices(["none", "box", "back", "child seat", "bag"], [38, 20, 20, 12, 10])[0]
    )
    x, z = f.rear - 0.12, f.seat + 0.05
    if kind == "crate":
        half = rng.uniform(0.19, 0.26)
        solid.blob((x, 0, z + half), (half, half * 1.05, half), paint.plain(rng), 9)
    elif kind == "box":
        half = rng.uniform(0.13, 0.19)
        solid.blob((x, 0, z + half * 0.8), (half, half * 1.1, half * 0.8), paint.plain(rng), 5)
    elif kind == "back":
        solid.tube(
            [(x + 0.1, -0.1, z - 0.06), (x - 0.1, 0, z + 0.18), (x + 0.1, 0.1, z - 0.06)],
            0.012,
            paint.STEEL,
        )
        solid.blob((x - 0.08, 0, z + 0.16), (0.03, 0.11, 0.08), coat.seat, 4)
    elif kind == "child seat":
        seat = paint.plain(rng)
        solid.blob((x + 0.02, 0, z + 0.06), (0.15, 0.15, 0.05), seat, 4)
        solid.blob((x - 0.12, 0, z + 0.25), (0.04, 0.15, 0.22), seat, 4)
    elif kind == "bag":
        size = (rng.uniform(0.12, 0.2), rng.uniform(0.14, 0.22), rng.uniform(0.1, 0.18))
        solid.blob((x, 0, z + size[2]), size, paint.fabric(rng), 3)


def _covers(solid: Solid, rng: Random, f: _Frame, head: float, steer: np.ndarray) -> None:
    draw = rng.random()
    if draw < 0.33:
        solid.place = steer
        solid.sheet(
            _quilt(rng, f, head), paint.fabric(rng, rng.choice(["vivid", "pastel", "dark"]))
        )
        solid.place = np.eye(4)
    elif draw < 0.45:
        across, along = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(0, 1, 13))
        wave = 0.02 * np.sin(9 * along + 4 * across + rng.uniform(0, 6))
        half, low = rng.uniform(0.28, 0.42), rng.uniform(0.3, 0.7)
        x = f.rear - 0.2 + along * rng.uniform(0.5, 1.0)
        y = across * half * (0.6 + 0.4 * np.abs(across))
        z = f.seat + 0.06 - low * np.maximum(0, np.abs(across) - 0.4) + wave
        solid.sheet(np.stack([x + wave, y, z], -1), paint.fabric(rng))


def _quilt(rng: Random, f: _Frame, head: float) -> np.ndarray:
    across, down = np.meshgrid(np.linspace(-1, 1, 17), np.linspace(0, 1, 15))
    long, wide = rng.uniform(0.45, 0.8), f.width * rng.uniform(0.9, 1.25)
    bulge = rng.uniform(0.05, 0.18)
    wave = rng.uniform(0.01, 0.035) * np.sin(7 * across + 4 * down + rng.uniform(0, 6))
    x = head + 0.1 - 0.13 * np.minimum(1, 5 * down) - bulge * np.sin(2.3 * down) + wave
    y = across * wide / 2 * (1 - 0.25 * down) + wave
    z = f.bars + 0.05 - long * np.maximum(0, down - 0.15) - 0.1 * across**2 + wave
    return np.stack([x, y, z], -1)
