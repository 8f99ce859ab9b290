"""NanoDet-Plus: a row per cell of strides 8, 16, 32, 64: classes, then distances in bins."""

from collections.abc import Sequence

import numpy as np

from hub.vision.decoding import (
    Array,
    Candidates,
    Decoder,
    Grid,
    Shape,
    cells,
    centres,
    from_distances,
)

STRIDES = (8, 16, 32, 64)
BINS = 8


def shapes(grid: Grid) -> tuple[Shape, ...]:
    """(1, cells, classes + 4 x 8)."""
    count = sum(cells(_level(grid, s), s) for s in STRIDES)
    return ((1, count, grid.classes + 4 * BINS),)


def decode(outputs: Sequence[Array], grid: Grid) -> Candidates:
    """Distances in strides from the cells' corners; the class sigmoids are in the network."""
    rows = outputs[0][0]
    boxes, start = [], 0
    for stride in STRIDES:
        level = _level(grid, stride)
        end = start + cells(level, stride)
        bins = rows[start:end, grid.classes :].reshape(-1, 4, BINS)
        boxes.append(from_distances(centres(level, stride, 0.0), bins, stride))
        start = end
    return Candidates(np.concatenate(boxes), rows[:, : grid.classes])


def _level(grid: Grid, stride: int) -> Grid:
    up = [-(-side // stride) * stride for side in (grid.width, grid.height)]
    return Grid(up[0], up[1], grid.classes)


DECODER = Decoder("nanodet", shapes, decode)
