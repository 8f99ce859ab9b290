"""How many blobs chance puts where: the background model of the a-contrario score."""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs

CELLS = 34
"""Cells in the height of the picture."""

FLOOR = 0.3
"""Blobs per picture and square height that are expected even where none was ever seen."""

Numbers = NDArray[np.float64]


class Clutter:
    """Blobs per picture and square height, by place, learned over seconds."""

    def __init__(self, *, aspect: float, fps: float, time_constant_s: float) -> None:
        self._columns = max(1, round(CELLS * aspect))
        self._density = np.zeros((CELLS, self._columns), np.float32)
        self._smooth = self._density.copy()
        self._rate = 1 / max(2.0, time_constant_s * fps)
        self._frames = 0

    def at(self, x: Numbers, y: Numbers) -> Numbers:
        """The density at places given in heights."""
        return np.maximum(self._smooth[self._cells(x, y)], FLOOR).astype(np.float64)

    def learn(self, blobs: Blobs, *, explained: NDArray[np.bool_]) -> None:
        """Count a picture's blobs, except those that belong to a convincing track."""
        counts = np.zeros_like(self._density)
        rest = ~explained
        np.add.at(counts, self._cells(blobs.x[rest], blobs.y[rest]), 1.0)
        counts *= CELLS * CELLS
        self._frames += 1
        rate = max(self._rate, 1 / self._frames)
        self._density += rate * (counts - self._density)
        self._smooth = np.asarray(cv2.blur(self._density, (3, 3)), np.float32)

    def _cells(self, x: Numbers, y: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        row = np.clip((y * CELLS).astype(np.int64), 0, CELLS - 1)
        column = np.clip((x * CELLS).astype(np.int64), 0, self._columns - 1)
        return row, column
