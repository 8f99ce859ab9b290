"""A facade as a camera sees it: where it is, which floor is where, what must not be looked at."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hub.rules.facade.leastsquares import solve

Fraction = Annotated[float, Field(ge=-0.5, le=1.5, allow_inf_nan=False)]
Place = tuple[Fraction, Fraction]
"""(x / width, y / height), origin top left."""
Polygon = Annotated[tuple[Place, ...], Field(min_length=3, max_length=64)]
Mapping = Callable[[float, float], float]

AFFINE = 2
"""So many lines with different numbers say nothing about perspective."""
EDGE = 0.02
"""How far outside a polygon a start may lie: hand-drawn corners are no better than this."""


class Line(BaseModel):
    """A straight line on the facade that is known by a number.

    floor: the level of this floor's slab, running through `a` and `b`; floors grow upward.
    column: the edge before this column (a stairwell, a row of windows), likewise.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: Annotated[float, Field(ge=-10, le=300)]
    a: Place
    b: Place


class FacadeSite(BaseModel):
    """What a site file says about one facade camera; every part may be missing.

    polygon: things fall from here: the facade with its roof edge.
    masks: what starts here, or is mostly here, is not judged (a tree, a road, a flag).
    floors: at least two lines for a camera that looks straight, three where it looks up.
    columns: at least two, for "which stairwell".
    floor_height_m: from slab to slab.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    polygon: Polygon | None = None
    masks: tuple[Polygon, ...] = ()
    floors: tuple[Line, ...] = ()
    columns: tuple[Line, ...] = ()
    floor_height_m: Annotated[float, Field(gt=2, lt=10)] = 2.9

    @model_validator(mode="after")
    def _solvable(self) -> Self:
        for name, lines in (("floors", self.floors), ("columns", self.columns)):
            if lines and len({line.number for line in lines}) == 1:
                raise ValueError(f"{name}: two lines with different numbers are needed")
            try:
                number_map(lines)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
        return self

    @cached_property
    def floor_at(self) -> Mapping | None:
        """The floor, with its fraction, at a place on the facade; None without calibration."""
        return number_map(self.floors)

    @cached_property
    def column_at(self) -> Mapping | None:
        """The column, with its fraction, likewise."""
        return number_map(self.columns)

    @cached_property
    def floor_residual(self) -> float:
        """How far the floor lines themselves are off the map, floors, root mean square."""
        return _residual(self.floors, self.floor_at)

    @cached_property
    def column_residual(self) -> float:
        """Likewise of the column lines, columns."""
        return _residual(self.columns, self.column_at)

    def on_facade(self, x: float, y: float) -> bool:
        """Whether a place is on the facade; everywhere is when no polygon is drawn."""
        return self.polygon is None or within(self.polygon, x, y, margin=EDGE)

    def masked(self, x: float, y: float) -> bool:
        """Whether a place is under a mask."""
        return any(within(mask, x, y) for mask in self.masks)


def number_map(lines: Sequence[Line]) -> Mapping | None:
    """The number at any place, from lines whose number is known; None without lines.

    A plane seen by a pinhole camera maps a linear coordinate on it to a ratio of two linear
    forms in x and y; three lines determine it, two only the case without perspective.
    Raises ValueError when the lines do not determine it (they coincide).
    """
    if not lines:
        return None
    known = [(line.number, *end) for line in lines for end in (line.a, line.b)]
    mean = sum(number for number, _, _ in known) / len(known)
    perspective = len({line.number for line in lines}) > AFFINE
    rows, values = [], []
    for number, x, y in known:
        n = number - mean
        rows.append([1.0, x, y, -n * x, -n * y] if perspective else [1.0, x, y])
        values.append(n)
    c = solve(rows, values) + ([] if perspective else [0.0, 0.0])

    def at(x: float, y: float) -> float:
        below = 1.0 + c[3] * x + c[4] * y
        below = below or 1e-9  # exactly on the facade's horizon
        return mean + (c[0] + c[1] * x + c[2] * y) / below

    return at


def within(polygon: Sequence[Place], x: float, y: float, *, margin: float = 0.0) -> bool:
    """Whether a place lies in the polygon, or within `margin` of its border."""
    inside = False
    for (ax, ay), (bx, by) in zip(polygon, (*polygon[1:], polygon[0]), strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
        if margin and _distance(x, y, (ax, ay), (bx, by)) <= margin:
            return True
    return inside


def _distance(x: float, y: float, a: Place, b: Place) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else ((x - a[0]) * dx + (y - a[1]) * dy) / length
    along = min(1.0, max(0.0, along))
    return float(((x - a[0] - along * dx) ** 2 + (y - a[1] - along * dy) ** 2) ** 0.5)


def _residual(lines: Sequence[Line], at: Mapping | None) -> float:
    if at is None:
        return 0.0
    off = [at(*end) - line.number for line in lines for end in (line.a, line.b)]
    return float((sum(value * value for value in off) / len(off)) ** 0.5)
