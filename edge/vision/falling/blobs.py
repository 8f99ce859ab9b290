"""Connected pixels that moved, as arrays."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.motion import Moved
from edge.vision.falling.settings import Settings

Numbers = NDArray[np.float64]

_KERNEL = np.ones((3, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class Blobs:
    """N blobs of one picture; lengths are fractions of the working height, not of the width.

    x, y: centres, weighted by difference.  width, height: of their boxes.
    contrast: mean difference, levels of 255.
    """

    x: Numbers
    y: Numbers
    width: Numbers
    height: Numbers
    contrast: Numbers

    def __len__(self) -> int:
        return len(self.x)


def find_blobs(moved: Moved, settings: Settings) -> Blobs:
    """The blobs of a picture, strongest first, at most `settings.max_blobs`."""
    rows = moved.mask.shape[0]
    where = cv2.findNonZero(moved.mask)
    if where is None:
        return _none()
    grown = cv2.dilate(moved.mask, _KERNEL)  # rejoins what window bars and compression split
    count, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    columns_of, rows_of = where.reshape(-1, 2).T
    label = labels[rows_of, columns_of]
    weight = moved.difference[rows_of, columns_of].astype(np.float64)
    area = np.bincount(label, minlength=count)
    total = np.maximum(np.bincount(label, weight, count), 1e-9)
    x = np.bincount(label, weight * columns_of, count) / total
    y = np.bincount(label, weight * rows_of, count) / total
    width, height = stats[:, cv2.CC_STAT_WIDTH] - 2.0, stats[:, cv2.CC_STAT_HEIGHT] - 2.0
    limit = settings.max_side * rows
    good = (area >= settings.min_area_px) & (width <= limit) & (height <= limit)
    good[0] = False
    kept = np.flatnonzero(good)
    kept = kept[np.argsort(-total[kept], kind="stable")][: settings.max_blobs]
    return Blobs(
        x=(x[kept] + 0.5) / rows,
        y=(y[kept] + 0.5) / rows,
        width=np.maximum(width[kept], 1.0) / rows,
        height=np.maximum(height[kept], 1.0) / rows,
        contrast=total[kept] / area[kept],
    )


def _none() -> Blobs:
    empty = np.zeros(0)
    return Blobs(empty, empty, empty, empty, empty)
