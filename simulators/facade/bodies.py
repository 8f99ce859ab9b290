"""How things move past a facade, in metres and seconds."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

GRAVITY = 9.81
STEP_S = 1 / 240
"""Step of the integration; also the grid of the paths."""

LONGEST_S = 60.0

Numbers = NDArray[np.float64]
Falling = Literal["heavy", "drifting"]


@dataclass(frozen=True, slots=True)
class Path:
    """Places (N, 3: X, Y, Z) in metres at steps of STEP_S from `start_s` on.

    size_m: (N, 2) width and height; luma: its brightness, 0..255; spin: turns a second.
    """

    start_s: float
    places: Numbers
    size_m: Numbers
    luma: float
    spin: float

    def near(self, at_s: float, margin_s: float) -> bool:
        """Whether it is there at `at_s`, or that long before or after."""
        ends_s = self.start_s + len(self.places) * STEP_S
        return self.start_s - margin_s <= at_s <= ends_s + margin_s

    def at(self, times: Numbers) -> tuple[Numbers, Numbers, NDArray[np.bool_]]:
        """Places and sizes at times, and whether it is there then."""
        index = np.round((times - self.start_s) / STEP_S).astype(np.int64)
        there = (index >= 0) & (index < len(self.places))
        index = np.clip(index, 0, len(self.places) - 1)
        return self.places[index], self.size_m[index], there


def fall(
    kind: Falling,
    origin: tuple[float, float, float],
    *,
    start_s: float,
    size_m: float,
    luma: float,
    rng: np.random.Generator,
) -> Path:
    """Something let go at `origin`; it ends at the ground. Drag by its terminal speed."""
    heavy = kind == "heavy"
    terminal = rng.uniform(22, 45) if heavy else rng.uniform(1.2, 2.6)
    vx, vy, vz = (
        float(v) for v in (rng.normal(0, 0.8), rng.uniform(-0.3, 0.6), rng.uniform(0.2, 1.5))
    )
    px, py, pz = origin
    sway, rate = (0.0, 1.0) if heavy else (rng.uniform(0.1, 0.45), rng.uniform(0.35, 0.9))
    phase = rng.uniform(0, 6.28)
    wind = 0.0 if heavy else rng.normal(0, 0.35)
    places, t = [], 0.0
    while py > 0 and t < LONGEST_S:  # plain numbers: a small array a step is ten times slower
        drag = STEP_S * math.hypot(vx, vy, vz) / terminal**2 * GRAVITY
        vx, vy, vz = vx - drag * vx, vy - drag * vy - STEP_S * GRAVITY, vz - drag * vz
        px, py, pz = px + STEP_S * vx, py + STEP_S * vy, pz + STEP_S * vz
        growing = min(1.0, t)
        swing = growing * sway * math.sin(6.283 * rate * t + phase)
        lift = growing * 0.2 * sway * math.sin(2 * 6.283 * rate * t + phase)
        places.append((px + swing + wind * t * growing, py + lift, pz))
        t += STEP_S
    shape = np.array([rng.uniform(0.7, 1.2), rng.uniform(0.7, 1.2)]) * size_m
    size = np.repeat(shape[None], len(places), axis=0)
    if not heavy:
        turn = np.abs(np.cos(6.283 * rate * np.arange(len(places)) * STEP_S))
        size[:, 1] *= 0.45 + 0.55 * turn
    return Path(start_s, np.array(places), size, luma, float(rng.uniform(0, 3)))


def bird(span: tuple[float, float, float], *, start_s: float, rng: np.random.Generator) -> Path:
    """A bird that crosses, curves, and now and then dives at constant speed.

    span: half the width, and the lowest and highest height it is seen at, m.
    """
    half, low, high = span
    speed, seconds = rng.uniform(6, 13), 8.0
    t = np.arange(0, seconds, STEP_S)
    heading = rng.choice([-1.0, 1.0])
    climb = rng.uniform(-0.75, 0.35) + 0.35 * np.sin(t * rng.uniform(0.4, 1.6) + rng.uniform(0, 6))
    flap = rng.uniform(3, 9)
    x = -heading * half + heading * np.cumsum(speed * np.cos(climb)) * STEP_S
    y = rng.uniform(low, high) + np.cumsum(speed * np.sin(climb)) * STEP_S
    y += 0.05 * np.sin(6.283 * flap * t)
    z = np.full_like(t, rng.uniform(1, 12))
    size = np.stack([np.full_like(t, 0.3), 0.1 + 0.2 * np.abs(np.sin(6.283 * flap * t))], axis=1)
    return Path(start_s, np.stack([x, y, z], axis=1), size, rng.uniform(20, 70), 0.0)


def leaf(
    origin: tuple[float, float, float], *, start_s: float, luma: float, rng: np.random.Generator
) -> Path:
    """A leaf from a tree: small, slow, tossed by the wind."""
    seconds = 12.0
    t = np.arange(0, seconds, STEP_S)
    gust = np.cumsum(rng.normal(0, 1, (len(t), 2)), axis=0) * STEP_S**0.5
    rate = rng.uniform(0.6, 1.6)
    x = origin[0] + 0.9 * gust[:, 0] + 0.3 * np.sin(6.283 * rate * t) + rng.normal(0, 0.8) * t
    y = origin[1] - rng.uniform(0.6, 1.4) * t + 0.35 * gust[:, 1]
    z = np.full_like(t, origin[2])
    side = rng.uniform(0.04, 0.09)
    size = np.stack([np.full_like(t, side), side * np.abs(np.cos(6.283 * rate * t)) + 0.01], axis=1)
    return Path(start_s, np.stack([x, y, z], axis=1), size, luma, 1.0)


def insect(
    distance_m: float, view: tuple[float, float], *, start_s: float, rng: np.random.Generator
) -> Path:
    """An insect within two metres of the lens: erratic. view: heights in the picture, m."""
    seconds = 5.0
    t = np.arange(0, seconds, STEP_S)
    near = rng.uniform(0.8, 2.0)
    share = near / distance_m
    middle = sum(view) / 2
    turning = np.cumsum(rng.normal(0, 9, len(t))) * STEP_S**0.5 + rng.uniform(0, 6.28)
    speed = rng.uniform(0.3, 1.2)
    x = np.cumsum(speed * np.cos(turning)) * STEP_S + rng.normal(0, 0.3) * share * 10
    rise = np.cumsum(speed * np.sin(turning)) * STEP_S
    y = 1.6 + (middle - 1.6) * share + rise
    z = np.full_like(t, distance_m - near)
    size = np.full((len(t), 2), rng.uniform(0.006, 0.014))
    return Path(start_s, np.stack([x, y, z], axis=1), size, rng.uniform(30, 220), 5.0)
