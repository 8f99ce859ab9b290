"""A pinhole camera on the ground that looks up at a facade."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

EYE_M = 1.6
"""Height of the camera above the ground."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Camera:
    """Facade coordinates: X to the right, Y up from the ground, Z out from the wall, metres.

    width, height: of the picture, px.  distance_m: to the wall.
    low_m, high_m: the heights on the wall at the picture's bottom and top edge.
    """

    width: int
    height: int
    distance_m: float
    low_m: float
    high_m: float

    @property
    def pitch(self) -> float:
        """How far it looks up, rad."""
        return (self._elevation(self.low_m) + self._elevation(self.high_m)) / 2

    @property
    def focal_px(self) -> float:
        """Focal length in px."""
        opening = self._elevation(self.high_m) - self._elevation(self.low_m)
        return self.height / 2 / math.tan(opening / 2)

    def project(self, x: Numbers, y: Numbers, z: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Pixel column, pixel row, and px per metre, of places in metres."""
        up, away = y - EYE_M, self.distance_m - z
        cosine, sine = math.cos(self.pitch), math.sin(self.pitch)
        depth = np.maximum(up * sine + away * cosine, 0.2)
        scale = self.focal_px / depth
        rise = up * cosine - away * sine
        return self.width / 2 + scale * x, self.height / 2 - scale * rise, scale

    def wall(self, x: float, y: float) -> tuple[float, float]:
        """The pixel of a place on the wall."""
        column, row, _ = self.project(np.array(x), np.array(y), np.array(0.0))
        return float(column), float(row)

    def _elevation(self, y: float) -> float:
        return math.atan2(y - EYE_M, self.distance_m)
