"""What one facade camera of an estate looks at, and what a site file says of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.facade.building import STEP_M, Building, paint
from simulators.facade.camera import Camera

Luma = NDArray[np.uint8]
Corners = NDArray[np.int32]
Polygon = list[list[float]]

WIDTH, HEIGHT = 960, 540
HALF_WIDTH_M: Final = 22.0
DISTANCE_M: Final = 42.0
LOW_M: Final = 1.0
MOST_SEEN_M: Final = 40.0
"""Of the wall, from the bottom of the picture to its top: a higher building leaves the picture."""

POOL: Final = 5
"""Pictures of noise that take turns."""
NOISE: Final = 2.0

_SKY, _WALL, _PANE = (1.06, 1.0, 0.93), (0.90, 0.98, 1.05), (1.10, 1.02, 0.92)
"""Tints, as factors of (blue, green, red)."""


@dataclass(frozen=True)
class View:
    """A camera before the middle of a building. floors, floor_m: of the building."""

    floors: int
    floor_m: float
    seed: int = 1

    @cached_property
    def camera(self) -> Camera:
        """Where it stands and looks."""
        high = min(self.building.top_m + 1.5, LOW_M + MOST_SEEN_M)
        return Camera(WIDTH, HEIGHT, DISTANCE_M, LOW_M, high)

    @property
    def building(self) -> Building:
        """What it looks at."""
        return Building(self.floors, self.floor_m, HALF_WIDTH_M)

    @property
    def top_floor(self) -> int:
        """The highest floor that is in the picture as a whole."""
        return min(self.floors, int((self.camera.high_m - 1.0) // self.floor_m))

    @property
    def columns(self) -> int:
        """Columns of windows, counted from the left, the first is 1."""
        return int(2 * HALF_WIDTH_M // STEP_M)

    def column_m(self, column: int) -> float:
        """The middle of a column's windows, m to the right of the building's middle."""
        return -HALF_WIDTH_M + 0.7 + 0.8 + STEP_M * (column - 1)

    def painted(self) -> tuple[list[NDArray[np.uint8]], list[Corners]]:
        """The still scene with a sensor's noise, POOL times, and the corners of its windows, px.

        Pictures are planes of YUV 4:2:0, (H * 3/2, W).
        """
        draw = np.random.default_rng(self.seed)
        still, windows = paint(self.building, self.camera, draw, night=False)
        tinted = cv2.cvtColor(self._tinted(still, windows), cv2.COLOR_BGR2YUV_I420)
        pool = []
        for _ in range(POOL):
            planes = tinted.copy()
            noisy = still + draw.normal(0, NOISE, still.shape)
            planes[:HEIGHT] = np.clip(noisy, 0, 255).astype(np.uint8)
            pool.append(np.asarray(planes, np.uint8))
        return pool, windows

    def masks(self) -> list[Polygon]:
        """The windows, as an edge agent's `mask`: corners as fractions of the picture."""
        _, windows = paint(self.building, self.camera, np.random.default_rng(1), night=False)
        size = np.array([WIDTH, HEIGHT])
        shares = [np.clip(corners / size, 0, 1) for corners in windows]
        seen = [one for one in shares if np.ptp(one, axis=0).min() > 0]
        return [[[round(float(x), 4), round(float(y), 4)] for x, y in one] for one in seen]

    def calibration(self, floors: Sequence[int], columns: Sequence[int]) -> dict[str, Any]:
        """`settings.facade` of a site file, as somebody with a ruler would draw it."""
        low, high = self.camera.low_m, self.camera.high_m
        top = min(self.building.top_m + 0.5, high)
        corners = ((-1, top), (1, top), (1, low), (-1, low))
        return {
            "polygon": [self.place(x * HALF_WIDTH_M, y) for x, y in corners],
            "floors": [
                {
                    "number": n,
                    "a": self.place(-15, (n - 1) * self.floor_m),
                    "b": self.place(15, (n - 1) * self.floor_m),
                }
                for n in floors
            ],
            "columns": [
                {"number": n, "a": self.place(x, high), "b": self.place(x, low)}
                for n in columns
                for x in (-HALF_WIDTH_M + STEP_M * (n - 1),)
            ],
        }

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A place on the wall, m, as fractions of the picture."""
        column, row = self.camera.wall(x, y)
        return round(column / WIDTH, 3), round(row / HEIGHT, 3)

    def _tinted(self, still: Luma, windows: Sequence[Corners]) -> NDArray[np.uint8]:
        tint = np.empty((*still.shape, 3), np.float32)
        tint[:] = _SKY
        wall = [self.camera.wall(x, y) for x, y in self._outline()]
        cv2.fillConvexPoly(tint, np.round(np.array(wall)).astype(np.int32), _WALL)
        for corners in windows:
            cv2.fillConvexPoly(tint, corners, _PANE)
        return np.clip(still[..., None] * tint, 0, 255).astype(np.uint8)

    def _outline(self) -> tuple[tuple[float, float], ...]:
        top, half = self.building.top_m, HALF_WIDTH_M
        return ((-half, top), (half, top), (half, 0.0), (-half, 0.0))
