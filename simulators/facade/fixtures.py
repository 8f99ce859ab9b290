"""What moves or changes without leaving its place: laundry, lights, the camera's exposure."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32] | NDArray[np.uint8]
Corners = NDArray[np.int32]


class Laundry:
    """A sheet on a rail below a window; it swings, and a gust lifts it."""

    def __init__(self, picture: Picture, windows: list[Corners], rng: np.random.Generator) -> None:
        rows = picture.shape[0]
        corners = _inside(windows, picture.shape, rng)
        left, top = corners.min(axis=0)
        right, bottom = corners.max(axis=0)
        self._x, self._y = int(left), int(bottom)
        self._width = max(4, int(right - left))
        self._height = max(6, int((bottom - top) * 1.2))
        self._luma = float(rng.uniform(60, 240))
        self._rate, self._phase = rng.uniform(0.3, 1.2), rng.uniform(0, 6.28)
        self._reach = rows * rng.uniform(0.003, 0.012)
        self._folds = rng.uniform(-20, 20, self._width).astype(np.float32)

    def draw(self, picture: Picture, at_s: float) -> None:
        """Hang it as it hangs at `at_s`."""
        swing = np.sin(6.283 * self._rate * at_s + self._phase)
        gust = max(0.0, float(np.sin(at_s * 0.9 + self._phase)))
        height = int(self._height * (1 - 0.25 * gust * abs(swing)))
        lean = self._reach * swing * (0.4 + gust)
        corners = np.array(
            [
                [self._x, self._y],
                [self._x + self._width, self._y],
                [self._x + self._width + lean, self._y + height],
                [self._x + lean, self._y + height],
            ]
        )
        cv2.fillConvexPoly(picture, np.round(corners * 16).astype(np.int32), self._luma, 16, 4)


class Light:
    """A window in which the light goes on and off."""

    def __init__(self, windows: list[Corners], rng: np.random.Generator, seconds: float) -> None:
        self._corners = windows[int(rng.integers(len(windows)))]
        self._on_s = float(rng.uniform(0.5, seconds))
        self._off_s = self._on_s + float(rng.uniform(0.3, seconds))
        self._luma = float(rng.uniform(130, 240))

    def draw(self, picture: Picture, at_s: float) -> None:
        """Light the window if it is lit at `at_s`."""
        if self._on_s <= at_s < self._off_s:
            cv2.fillConvexPoly(picture, self._corners, self._luma)


def exposure_step(rng: np.random.Generator, seconds: float) -> Callable[[float], float]:
    """The gain of a camera whose exposure jumps once and drifts back; a function of time, s."""
    at, size = float(rng.uniform(1.5, max(2.0, seconds))), float(rng.uniform(0.75, 1.25))

    def gain(now: float) -> float:
        return 1.0 if now < at else 1 + (size - 1) * float(np.exp(-(now - at) / 2))

    return gain


def _inside(windows: list[Corners], shape: tuple[int, ...], rng: np.random.Generator) -> Corners:
    rows, columns = shape[0], shape[1]
    seen = [
        corners
        for corners in windows
        if corners.min() >= 0 and corners[:, 0].max() < columns and corners[:, 1].max() < rows
    ]
    return (seen or windows)[int(rng.integers(len(seen or windows)))]
