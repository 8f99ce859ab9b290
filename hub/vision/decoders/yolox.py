"""YOLOX (Ge et al. 2021): one row per cell of strides 8, 16, 32; decoupled, anchor-free."""

from collections.abc import Sequence

import numpy as np

from hub.vision.decoding import Array, Candidates, Decoder, Grid, Shape, around, cells, centres

STRIDES = (8, 16, 32)


def shapes(grid: Grid) -> tuple[Shape, ...]:
    """(1, cells, 5 + classes): x, y, w, h, objectness, classes."""
    return ((1, sum(cells(grid, s) for s in STRIDES), 5 + grid.classes),)


def decode(outputs: Sequence[Array], grid: Grid) -> Candidates:
    """Centre (term + cell) x stride, size exp(term) x stride; sigmoids are in the network."""
    rows = outputs[0][0]
    corner = np.concatenate([centres(grid, s, 0.0) for s in STRIDES])
    stride = np.concatenate([np.full((cells(grid, s), 1), s, np.float32) for s in STRIDES])
    middles = rows[:, :2] * stride + corner
    sizes = np.exp(np.minimum(rows[:, 2:4], 10)) * stride
    return Candidates(around(middles, sizes), rows[:, 5:] * rows[:, 4:5])


DECODER = Decoder("yolox", shapes, decode)
