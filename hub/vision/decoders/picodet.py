"""PicoDet (Yu et al. 2021): per stride 8, 16, 32, 64 a tensor of classes and one of distances."""

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
    """Four of (1, cells, classes), then four of (1, cells, 4 x 8)."""
    count = [_cells(grid, s) for s in STRIDES]
    return (*((1, n, grid.classes) for n in count), *((1, n, 4 * BINS) for n in count))


def decode(outputs: Sequence[Array], grid: Grid) -> Candidates:
    """Distances in strides from the cells' middles; the class sigmoids are in the network."""
    boxes = []
    for level, stride in enumerate(STRIDES):
        bins = outputs[len(STRIDES) + level][0].reshape(-1, 4, BINS)
        boxes.append(from_distances(_middles(grid, stride), bins, stride))
    scores = np.concatenate([output[0] for output in outputs[: len(STRIDES)]])
    return Candidates(np.concatenate(boxes), scores)


def _rounded_up(grid: Grid, stride: int) -> Grid:
    """The level's size: convolutions of stride 2 round up (416 px make 7 cells of stride 64)."""
    up = [-(-side // stride) * stride for side in (grid.width, grid.height)]
    return Grid(up[0], up[1], grid.classes)


def _cells(grid: Grid, stride: int) -> int:
    return cells(_rounded_up(grid, stride), stride)


def _middles(grid: Grid, stride: int) -> Array:
    return centres(_rounded_up(grid, stride), stride, 0.5)


DECODER = Decoder("picodet", shapes, decode)
