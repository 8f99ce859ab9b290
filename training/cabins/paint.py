"""Colours and surfaces, as descriptions first: the scene turns them into Blender's materials."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from random import Random

Colour = tuple[float, float, float]
Pattern = Literal["", "clouds", "checks", "stripes", "dots", "tiles"]


@dataclass(frozen=True)
class Paint:
    """A surface: linear colours 0..1, roughness and metal 0..1, a pattern of two colours."""

    colour: Colour
    rough: float = 0.5
    metal: float = 0.0
    pattern: Pattern = ""
    second: Colour = (0.5, 0.5, 0.5)
    scale: float = 4.0
    glow: float = 0.0


STEEL = Paint((0.6, 0.6, 0.6), 0.28, 1.0)
RUBBER = Paint((0.02, 0.02, 0.02), 0.9)
LAMP = Paint((0.9, 0.9, 0.95), 0.1)
RED_LAMP = Paint((0.55, 0.01, 0.01), 0.2)
GLASS = Paint((0.62, 0.66, 0.7), 0.05, 1.0)
CARTON = Paint((0.42, 0.26, 0.13), 0.85)


def colour(rng: Random, family: str = "") -> Colour:
    """A colour of a family: dark, grey, vivid or pastel (drawn when not given)."""
    family = family or rng.choices(["dark", "vivid", "grey", "pastel"], [30, 35, 15, 20])[0]
    if family == "dark":
        level = rng.uniform(0.008, 0.06)
        return (level * rng.uniform(0.7, 1.4), level, level * rng.uniform(0.7, 1.5))
    if family == "grey":
        level = rng.uniform(0.06, 0.8)
        return (level, level * rng.uniform(0.95, 1.04), level * rng.uniform(0.9, 1.06))
    saturation, value = (0.1, 0.4) if family == "pastel" else (0.6, 1.0), (0.3, 0.95)
    red, green, blue = colorsys.hsv_to_rgb(
        rng.random(), rng.uniform(*saturation), rng.uniform(*value)
    )
    return (red**1.8, green**1.8, blue**1.8)


def plain(rng: Random, family: str = "") -> Paint:
    """Painted plastic or metal."""
    return Paint(colour(rng, family), rng.uniform(0.15, 0.6), rng.choice([0, 0, 0, 0.4]))


def dark(rng: Random) -> Paint:
    """Black plastic, leather, rubber."""
    return Paint(colour(rng, "dark"), rng.uniform(0.35, 0.8))


def fabric(rng: Random, family: str = "") -> Paint:
    """Cloth: plain or printed."""
    kinds: list[Pattern] = ["", "clouds", "checks", "stripes", "dots"]
    pattern = rng.choices(kinds, [45, 22, 10, 11, 12])[0]
    return Paint(
        colour(rng, family), rng.uniform(0.65, 1), 0, pattern, colour(rng), rng.uniform(4, 18)
    )


def wall(rng: Random) -> Paint:
    """What cabin walls are made of: brushed steel, laminate, wood, coloured or patterned plate."""
    kind = rng.random()
    level = rng.uniform(0.25, 0.8)
    tone = (level, level * rng.uniform(0.95, 1.02), level * rng.uniform(0.86, 1.06))
    low = (tone[0] * 0.8, tone[1] * 0.8, tone[2] * 0.78)
    if kind < 0.4:
        return Paint(
            tone, rng.uniform(0.2, 0.5), rng.uniform(0.7, 1), "clouds", low, rng.uniform(0.5, 3)
        )
    if kind < 0.7:
        return Paint(tone, rng.uniform(0.35, 0.9), 0, "clouds", low, rng.uniform(0.7, 4))
    if kind < 0.8:
        wood = (rng.uniform(0.3, 0.6), rng.uniform(0.18, 0.35), rng.uniform(0.07, 0.2))
        return Paint(wood, 0.5, 0, "stripes", (0.3, 0.2, 0.12), rng.uniform(2, 9))
    if kind < 0.92:
        return plain(rng, rng.choice(["grey", "pastel"]))
    return Paint(
        colour(rng),
        0.5,
        0,
        rng.choice(["clouds", "stripes"]),
        colour(rng, "grey"),
        rng.uniform(1, 6),
    )


def floor(rng: Random) -> Paint:
    """Floors: stone, tiles, chequer plate, dirt."""
    level = rng.uniform(0.06, 0.6)
    tone = (level * rng.uniform(0.9, 1.1), level, level * rng.uniform(0.7, 1.05))
    share = rng.uniform(0.45, 1.1)
    patterns: list[Pattern] = ["clouds", "tiles", "checks", "clouds"]
    return Paint(
        tone,
        rng.uniform(0.15, 0.8),
        0,
        rng.choice(patterns),
        (tone[0] * share, tone[1] * share, tone[2] * share),
        rng.uniform(1.2, 4),
    )


def poster(rng: Random) -> Paint:
    """Advertising: two loud colours in a coarse pattern."""
    patterns: list[Pattern] = ["", "clouds", "stripes", "dots", "checks"]
    return Paint(
        colour(rng, rng.choice(["vivid", "vivid", "pastel", "grey"])),
        rng.uniform(0.2, 0.6),
        0,
        rng.choice(patterns),
        colour(rng),
        rng.uniform(2, 22),
        rng.choice([0, 0, 0, 0.6]),
    )
