"""FastestDet: one map at stride 16, objectness apart from a softmax over the classes."""

from collections.abc import Sequence

import numpy as np

from hub.vision.decoding import Array, Candidates, Decoder, Grid, Shape, around, centres

STRIDE = 16
OBJECT_POWER, CLASS_POWER = 0.6, 0.4


def shapes(grid: Grid) -> tuple[Shape, ...]:
    """(1, 5 + classes, height/16, width/16): objectness, x, y, w, h, classes."""
    return ((1, 5 + grid.classes, grid.height // STRIDE, grid.width // STRIDE),)


def decode(outputs: Sequence[Array], grid: Grid) -> Candidates:
    """Centre (tanh(term) + cell) x stride, size sigmoid(term) x input; obj^0.6 x class^0.4."""
    rows = outputs[0][0].reshape(5 + grid.classes, -1).T
    middles = np.tanh(rows[:, 1:3]) * STRIDE + centres(grid, STRIDE, 0.0)
    whole = np.array([grid.width, grid.height], np.float32)
    sizes = whole / (1 + np.exp(-np.clip(rows[:, 3:5], -30, 30)))
    scores = rows[:, :1] ** OBJECT_POWER * rows[:, 5:] ** CLASS_POWER
    return Candidates(around(middles, sizes), scores)


DECODER = Decoder("fastestdet", shapes, decode)
