"""How many blobs chance puts where: the background model of the a-contrario score.

Rain is new in every picture, and its density says all. The leaves of a crown are not: they sway
together, so that a track that has picked one up finds it again near where it should be, and goes on
finding it far more often than the density allows. So the rate of links is measured too, on the
tracks that came to nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs

CELLS = 34
"""Cells in the height of the picture."""

FLOOR = 0.3
"""Blobs per picture and square height that are expected even where none was ever seen."""

LINKS_S = 15.0
"""Time constant of the rate of links: some gusts of wind."""

PRIOR_AREA = 0.0015
"""Square heights searched in vain that are assumed everywhere, as some twenty searches cover: one
bird must not spoil a place."""

Numbers = NDArray[np.float64]


class Search(NamedTuple):
    """A track looked for its next blob: around which place, in what area, and was it there."""

    x: float
    y: float
    area: float
    found: bool


class Clutter:
    """Blobs per picture and square height, by place, learned over seconds."""

    def __init__(self, *, aspect: float, fps: float, time_constant_s: float) -> None:
        self._columns = max(1, round(CELLS * aspect))
        self._density = np.zeros((CELLS, self._columns), np.float32)
        self._smooth = self._density.copy()
        self._time_constant_s = time_constant_s
        self.pace(fps)
        self._frames = 0
        self._searched: NDArray[np.float32] = np.zeros((2, CELLS, self._columns), np.float32)
        self._links = self._density.copy()

    def pace(self, fps: float) -> None:
        """Pictures come at this rate from now on."""
        self._rate = 1 / max(2.0, self._time_constant_s * fps)
        self._forget = 1 - 1 / max(2.0, LINKS_S * fps)

    def at(self, x: Numbers, y: Numbers) -> Numbers:
        """The density at places given in heights."""
        return np.maximum(self._smooth[self._cells(x, y)], FLOOR).astype(np.float64)

    def links_at(self, x: Numbers, y: Numbers) -> Numbers:
        """Blobs per square height where a track expects its next one."""
        cells = self._cells(x, y)
        return np.maximum(self._smooth[cells], self._links[cells]).astype(np.float64)

    def in_vain(self, searches: Sequence[Search]) -> None:
        """Count the searches of tracks that came to nothing: what they found, chance finds."""
        if not searches:
            return
        x, y, area, found = np.array(searches, np.float64).T
        row, column = self._cells(x, y)
        np.add.at(self._searched[0], (row, column), area)
        np.add.at(self._searched[1], (row, column), found)

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
        self._searched *= self._forget
        around = [cv2.boxFilter(one, -1, (3, 3), normalize=False) for one in self._searched]
        self._links = np.asarray(around[1] / (around[0] + PRIOR_AREA), np.float32)

    def _cells(self, x: Numbers, y: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        row = np.clip((y * CELLS).astype(np.int64), 0, CELLS - 1)
        column = np.clip((x * CELLS).astype(np.int64), 0, self._columns - 1)
        return row, column
