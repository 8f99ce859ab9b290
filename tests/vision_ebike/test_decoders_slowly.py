"""Decoders against the heads' published definitions, worked out cell by cell in plain Python.

The input is wider than high and no multiple of 64, so that rows and columns cannot be taken for
one another, and the coarsest level rounds up.
"""

from math import ceil, exp, tanh

import numpy as np
import pytest

from hub.vision.decoding import Grid
from hub.vision.registry import load

GRID = Grid(160, 96, 3)
DECODERS = load()


def cells(strides):
    """(column, row, stride) of every cell, level by level, row by row."""
    for stride in strides:
        for row in range(ceil(GRID.height / stride)):
            for column in range(ceil(GRID.width / stride)):
                yield column, row, stride


def expected_distance(bins):
    weights = [exp(value) for value in bins]
    return sum(number * weight for number, weight in enumerate(weights)) / sum(weights)


def sides(x, y, four, stride):
    """A box from the distances of a point to its left, top, right and bottom, in strides."""
    left, top, right, bottom = (expected_distance(bins) * stride for bins in four)
    return [x - left, y - top, x + right, y + bottom]


def centred(x, y, width, height):
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2]


def yolox(outputs):
    for row, (i, j, s) in zip(outputs[0][0].tolist(), cells((8, 16, 32)), strict=True):
        x, y, w, h, is_object, *classes = row
        box = centred((x + i) * s, (y + j) * s, exp(w) * s, exp(h) * s)
        yield box, [is_object * value for value in classes]


def fastestdet(outputs):
    for i, j, s in cells((16,)):
        is_object, x, y, w, h, *classes = outputs[0][0, :, j, i].tolist()
        width, height = GRID.width / (1 + exp(-w)), GRID.height / (1 + exp(-h))
        box = centred((i + tanh(x)) * s, (j + tanh(y)) * s, width, height)
        yield box, [is_object**0.6 * value**0.4 for value in classes]


def picodet(outputs):
    classes = [row for output in outputs[:4] for row in output[0].tolist()]
    bins = [row for output in outputs[4:] for row in output[0].reshape(-1, 4, 8).tolist()]
    for row, four, (i, j, s) in zip(classes, bins, cells((8, 16, 32, 64)), strict=True):
        yield sides((i + 0.5) * s, (j + 0.5) * s, four, s), row


def nanodet(outputs):
    for row, (i, j, s) in zip(outputs[0][0].tolist(), cells((8, 16, 32, 64)), strict=True):
        four = np.reshape(row[GRID.classes :], (4, 8)).tolist()
        yield sides(i * s, j * s, four, s), row[: GRID.classes]


def yolov8(outputs):
    for number, _ in enumerate(cells((8, 16, 32))):
        x, y, w, h, *classes = outputs[0][0, :, number].tolist()
        yield centred(x, y, w, h), classes


@pytest.mark.parametrize("head", [fastestdet, nanodet, picodet, yolov8, yolox])
def test_every_cell_is_where_the_heads_definition_puts_it(head):
    decoder, draws = DECODERS[head.__name__], np.random.default_rng(7)
    outputs = [draws.random(s, np.float32) for s in decoder.shapes(GRID)]
    found = decoder.decode(outputs, GRID)
    boxes, scores = zip(*head(outputs), strict=True)
    assert found.boxes == pytest.approx(np.array(boxes), abs=1e-3)
    assert found.scores == pytest.approx(np.array(scores), abs=1e-5)
