"""The head that YOLOv8 brought and its successors kept: no objectness, boxes already in pixels."""

from collections.abc import Sequence

import numpy as np

from hub.vision.decoding import Array, Candidates, Decoder, Grid, Shape, around, cells

STRIDES = (8, 16, 32)


def shapes(grid: Grid) -> tuple[Shape, ...]:
    """(1, 4 + classes, cells): cx, cy, w, h in px of the input, then class scores 0..1."""
    return ((1, 4 + grid.classes, sum(cells(grid, s) for s in STRIDES)),)


def decode(outputs: Sequence[Array], grid: Grid) -> Candidates:
    """The columns are the candidates."""
    rows = np.ascontiguousarray(outputs[0][0].T)
    return Candidates(around(rows[:, :2], rows[:, 2:4]), rows[:, 4 : 4 + grid.classes])


DECODER = Decoder("yolov8", shapes, decode)
