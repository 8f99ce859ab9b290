"""One picture's blobs, as tracks take them in."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs
from edge.vision.falling.chain import Seen


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found in it. density: the clutter where each blob is. seen: each blob by itself."""

    frame: int
    at_s: float
    blobs: Blobs
    density: NDArray[np.float64]
    seen: list[Seen]

    @classmethod
    def of(cls, blobs: Blobs, density: NDArray[np.float64], *, frame: int, at_s: float) -> Self:
        """Take `blobs` apart once, however many tracks try them."""
        columns = (blobs.x, blobs.y, blobs.width, blobs.height, blobs.contrast, density)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return cls(frame, at_s, blobs, density, [Seen(frame, at_s, *row) for row in rows])
