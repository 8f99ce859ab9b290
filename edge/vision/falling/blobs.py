"""Connected pixels that moved, as arrays."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.motion import Moved
from edge.vision.falling.settings import Settings

Numbers = NDArray[np.float64]
Indices = NDArray[np.int32]

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
    columns_of, rows_of = np.ascontiguousarray(np.asarray(where, np.int32).reshape(-1, 2).T)
    grown = cv2.dilate(moved.mask, _KERNEL)  # rejoins what window bars and compression split
    # every pixel's 3 x 3 surround holds one pixel of even row and column: those are enough
    count, labels = cv2.connectedComponents(np.ascontiguousarray(grown[::2, ::2]), connectivity=8)
    label = np.asarray(labels[rows_of // 2, columns_of // 2], np.int32)
    weight = moved.difference[rows_of, columns_of].astype(np.float64)
    area = np.bincount(label, minlength=count)
    total = np.maximum(np.bincount(label, weight, count), 1e-9)
    x = np.bincount(label, weight * columns_of, count) / total
    y = np.bincount(label, weight * rows_of, count) / total
    width, height = _extents(label, columns_of, rows_of, count)
    limit = settings.max_side * rows
    good = (area >= settings.min_area_px) & (width <= limit) & (height <= limit)
    kept = np.flatnonzero(good)
    kept = kept[np.argsort(-total[kept], kind="stable")][: settings.max_blobs]
    return Blobs(
        x=(x[kept] + 0.5) / rows,
        y=(y[kept] + 0.5) / rows,
        width=width[kept] / rows,
        height=height[kept] / rows,
        contrast=total[kept] / area[kept],
    )


def _extents(
    label: Indices, columns_of: Indices, rows_of: Indices, count: int
) -> tuple[Numbers, Numbers]:
    """Each label's width and height, first and last pixel counted; 0 for labels without any."""
    order = np.argsort(label, kind="stable")
    sorted_label = label[order]
    begins = np.flatnonzero(np.diff(sorted_label, prepend=-1))
    present = sorted_label[begins]
    width, height = np.zeros(count), np.zeros(count)
    for extent, along in ((width, columns_of[order]), (height, rows_of[order])):
        low, high = np.minimum.reduceat(along, begins), np.maximum.reduceat(along, begins)
        extent[present] = high - low + 1
    return width, height


def _none() -> Blobs:
    empty = np.zeros(0)
    return Blobs(empty, empty, empty, empty, empty)
