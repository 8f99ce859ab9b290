import cv2
import numpy as np
import pytest

from edge.vision.falling.steady import Steady, hold
from simulators.facade import Scene, render


@pytest.fixture(scope="module")
def still():
    return next(render(Scene(seed=4, rows=720, seconds=0.1, noise=0.0, quality=100)).frames)[
        ::2, ::2
    ]


def _shifted(picture, x, y):
    matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
    size = picture.shape[::-1]
    return cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.7, -0.4), (3.0, 2.0), (-9.0, 6.0), (14.0, -8.0)])
def test_a_shift_is_measured_to_a_third_of_a_pixel(still, shift):
    steady = Steady(fps=25)
    steady.shift(still)
    assert steady.shift(_shifted(still, *shift)) == pytest.approx(shift, abs=0.34)


def test_a_long_shake_does_not_add_up_to_drift(still):
    steady, errors = Steady(fps=25), []
    for i in range(150):
        true = (4 * np.sin(i / 5), 3 * np.sin(i / 7))
        found = steady.shift(_shifted(still, *true))
        errors.append(np.hypot(found[0] - true[0], found[1] - true[1]))
    assert np.percentile(errors, 90) < 0.8


def test_a_blank_picture_has_no_shift():
    steady = Steady(fps=25)
    for level in (0, 0, 255, 90):
        assert steady.shift(np.full((360, 640), level, np.uint8)) == (0.0, 0.0)


def test_a_shift_within_the_dead_zone_costs_nothing(still):
    assert hold(still, (0.1, 0.1)) is still
