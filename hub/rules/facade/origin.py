"""Where a falling thing came from: the place in the picture, the floor and the column."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hub.rules.facade.leastsquares import evaluate, polynomial
from hub.rules.facade.site import FacadeSite
from hub.rules.facade.trajectory import Metres, Shape
from wire.tracks import Point

LOOK_BACK_S = 0.4
"""A release further back than this is not extrapolated in the picture, only in metres."""
STEPS = 60
SIDEWAYS = 0.006
"""Of the width: a thing is let go at arm's length from the wall, which is seen at an angle."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it was let go.

    x, y: fractions of the frame.  floor: the floor whose window it was, None without floor
    lines; floor_sigma: its standard error, in floors.  column, column_sigma: likewise from column
    lines.
    """

    x: float
    y: float
    floor: int | None = None
    floor_sigma: float | None = None
    column: int | None = None
    column_sigma: float | None = None


def origin_of(
    points: Sequence[Point], site: FacadeSite, shape: Shape | None, metres: Metres | None
) -> Origin:
    """The best estimate from the points up to the landing."""
    _, x, y = points[0]
    if metres is None or site.floor_at is None:
        x, y = _release_in_the_picture(points, shape)
        column = _column(site, x, y)
        return Origin(x, y, column=column, column_sigma=_column_sigma(points, site, x, y))
    level = metres.release_m / site.floor_height_m
    x, y = _climb(points, site, level)
    sigma = (metres.release_sigma_m / site.floor_height_m) ** 2 + site.floor_residual**2 + 0.3**2
    return Origin(
        x,
        y,
        int(level // 1),
        round(sigma**0.5, 2),
        _column(site, x, y),
        _column_sigma(points, site, x, y),
    )


def _release_in_the_picture(points: Sequence[Point], shape: Shape | None) -> tuple[float, float]:
    """The parabola's vertex when it lies just before the first point, else the first point."""
    at, x, y = points[0]
    if shape is None or shape.acceleration <= 0 or shape.speed_start <= 0:
        return x, y
    back = shape.speed_start / shape.acceleration
    if back > LOOK_BACK_S:
        return x, y
    head = [p for p in points if p[0] - at <= 2 * LOOK_BACK_S]
    sideways = polynomial([p[0] - at for p in head], [p[1] for p in head], 1)
    higher = shape.speed_start**2 / (2 * shape.acceleration)
    return _clamp(evaluate(sideways, -back)), _clamp(y - higher)


def _climb(points: Sequence[Point], site: FacadeSite, level: float) -> tuple[float, float]:
    """The place in the picture, above the first point, where the facade's level is `level`."""
    floor_at = site.floor_at
    at, x, y = points[0]
    if floor_at is None or floor_at(x, y) >= level:
        return x, y
    head = [p for p in points if p[0] - at <= LOOK_BACK_S]
    slope = 0.0
    if len(head) > 1 and head[-1][2] > y:
        slope = (head[-1][1] - x) / (head[-1][2] - y)
    for step in range(1, STEPS + 1):
        up = y * step / STEPS
        if floor_at(x - slope * up * 0.5, y - up) >= level:
            return _clamp(x - slope * up * 0.5), _clamp(y - up)
    return _clamp(x - slope * y * 0.5), 0.0


def _column(site: FacadeSite, x: float, y: float) -> int | None:
    return None if site.column_at is None else int(site.column_at(x, y) // 1)


def _column_sigma(points: Sequence[Point], site: FacadeSite, x: float, y: float) -> float | None:
    """In columns: what the lines are off, and half of how far aside it moved before it was seen."""
    column_at = site.column_at
    if column_at is None:
        return None
    unsure = SIDEWAYS + abs(points[0][1] - x) / 2
    wide = abs(column_at(x + unsure, y) - column_at(x - unsure, y)) / 2
    return round(math.hypot(wide, site.column_residual), 2)


def _clamp(value: float) -> float:
    return min(1.0, max(0.0, value))
