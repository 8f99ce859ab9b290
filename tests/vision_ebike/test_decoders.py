"""Decoders on tensors whose boxes were worked out by hand."""

import numpy as np
import pytest

from hub.vision.decoding import Grid
from hub.vision.registry import load

GRID = Grid(64, 64, 2)
DECODERS = load()


def zeros(decoder: str) -> list[np.ndarray]:
    return [np.zeros(shape, np.float32) for shape in DECODERS[decoder].shapes(GRID)]


def only(decoder: str, outputs: list[np.ndarray], least: float = 0.01) -> tuple[list, list]:
    found = DECODERS[decoder].decode(outputs, GRID)
    rows = np.nonzero(found.scores.max(axis=1) > least)[0]
    assert len(rows) == 1
    return found.boxes[rows[0]].tolist(), found.scores[rows[0]].tolist()


def test_the_folder_holds_the_five_heads():
    assert sorted(DECODERS) == ["fastestdet", "nanodet", "picodet", "yolov8", "yolox"]


def test_yolox_grows_from_a_cells_corner_in_its_stride():
    outputs = zeros("yolox")
    # 64 cells of stride 8, then 16 of stride 16: cell (x 1, y 2) of the latter is row 64 + 2*4 + 1
    outputs[0][0, 64 + 9] = [0.5, 0.25, np.log(2), 0.0, 0.8, 0.5, 0.1]
    box, scores = only("yolox", outputs)
    # centre (1.5 * 16, 2.25 * 16) = (24, 36), size (32, 16)
    assert box == pytest.approx([8, 28, 40, 44])
    assert scores == pytest.approx([0.4, 0.08])


def test_yolox_does_not_overflow_on_an_absurd_size():
    outputs = zeros("yolox")
    outputs[0][0, 0] = [0, 0, 500, 500, 1, 1, 0]
    assert np.isfinite(DECODERS["yolox"].decode(outputs, GRID).boxes).all()


def test_fastestdet_takes_tanh_for_the_centre_and_sigmoid_for_the_size():
    outputs = zeros("fastestdet")
    # cell x 2, y 1 of 4 by 4: centre (2.5 * 16, 1 * 16); half the width, a quarter of the height
    outputs[0][0, :, 1, 2] = [0.5, np.arctanh(0.5), 0, 0, np.log(1 / 3), 0.25, 0.75]
    box, scores = only("fastestdet", outputs)
    assert box == pytest.approx([24, 8, 56, 24], abs=1e-4)
    assert scores == pytest.approx([0.5**0.6 * 0.25**0.4, 0.5**0.6 * 0.75**0.4])


def distances(left: int, top: int, right: int, bottom: int) -> np.ndarray:
    """Logits that are sure of a whole distance to each side."""
    bins = np.full((4, 8), -50, np.float32)
    bins[range(4), [left, top, right, bottom]] = 50
    return bins.ravel()


def test_picodet_measures_from_a_cells_middle():
    outputs = zeros("picodet")
    outputs[1][0, 5] = [0.1, 0.9]  # stride 16: 4 by 4 cells, row 5 is x 1, y 1: middle (24, 24)
    outputs[5][0, 5] = distances(1, 0, 2, 1)
    box, scores = only("picodet", outputs)
    assert box == pytest.approx([8, 24, 56, 40])
    assert scores == pytest.approx([0.1, 0.9])


def test_picodet_levels_round_up():
    shapes = DECODERS["picodet"].shapes(Grid(416, 416, 80))
    assert [shape[1] for shape in shapes[:4]] == [2704, 676, 169, 49]


def test_picodet_expects_the_mean_of_an_undecided_distance():
    outputs = zeros("picodet")
    outputs[3][0, 0] = [0.9, 0]  # stride 64: one cell, middle (32, 32), all bins alike: 3.5 strides
    box, _ = only("picodet", outputs)
    assert box == pytest.approx([32 - 224, 32 - 224, 32 + 224, 32 + 224])


def test_nanodet_measures_from_a_cells_corner():
    outputs = zeros("nanodet")
    outputs[0][0, 64 + 5] = [0.2, 0.7, *distances(1, 0, 2, 1)]  # stride 16, corner (16, 16)
    box, scores = only("nanodet", outputs)
    assert box == pytest.approx([0, 16, 48, 32])
    assert scores == pytest.approx([0.2, 0.7])


def test_yolov8_says_pixels():
    outputs = zeros("yolov8")
    outputs[0][0, :, 83] = [30, 20, 10, 8, 0.6, 0.2]
    box, scores = only("yolov8", outputs)
    assert box == pytest.approx([25, 16, 35, 24])
    assert scores == pytest.approx([0.6, 0.2])


def test_yolov8_counts_cells_of_three_strides():
    assert DECODERS["yolov8"].shapes(Grid(640, 640, 80)) == ((1, 84, 8400),)
