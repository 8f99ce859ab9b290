"""Holds the picture still: how far the camera has moved since its reference picture."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

LOW_COLUMNS = 240
"""Width of the pictures that are correlated: coarse enough to cost under a millisecond."""

REFERENCE_S = 2.0
"""A reference is kept this long: light changes, and the drift of chained ones grows slowly."""

DEAD_ZONE_PX = 0.3
"""Below this, in working pixels, the measurement is no better than leaving the picture alone."""

MIN_RESPONSE = 0.05
"""Correlation peaks lower than this say nothing (fog, a lens covered, a picture replaced)."""


class Steady:
    """Phase correlation against a slowly renewed reference, on a downscaled picture."""

    def __init__(self, *, fps: float) -> None:
        self._renew_after = max(2, round(REFERENCE_S * fps))
        self._reference: NDArray[np.float32] | None = None
        self._window: NDArray[np.float32] | None = None
        self._base = (0.0, 0.0)
        self._shift = (0.0, 0.0)
        self._age = 0

    def shift(self, work: Luma) -> tuple[float, float]:
        """How far `work` (H, W) lies right of and below where the first picture lay, in its px."""
        scale = max(1.0, work.shape[1] / LOW_COLUMNS)
        rows = max(8, round(work.shape[0] / scale))
        columns = max(8, round(work.shape[1] / scale))
        small = cv2.resize(work, (columns, rows), interpolation=cv2.INTER_AREA)
        low = small.astype(np.float32)
        if self._reference is None or self._window is None:
            self._window = np.asarray(cv2.createHanningWindow((columns, rows), cv2.CV_32F), np.float32)
            self._reference = low
            return self._shift
        (dx, dy), response = cv2.phaseCorrelate(self._reference, low, self._window)
        limit = 0.1 * rows
        sound = math.isfinite(dx + dy) and response >= MIN_RESPONSE and math.hypot(dx, dy) < limit
        if sound:
            self._shift = (self._base[0] + dx * scale, self._base[1] + dy * scale)
        self._age += 1
        if self._age >= self._renew_after or not sound:
            self._reference, self._base, self._age = low, self._shift, 0
        return self._shift


def hold(work: Luma, shift: tuple[float, float]) -> Luma:
    """The picture moved back by `shift`; itself when the shift is within the dead zone."""
    if math.hypot(*shift) < DEAD_ZONE_PX:
        return work
    matrix = np.array([[1, 0, -shift[0]], [0, 1, -shift[1]]], np.float32)
    size = (work.shape[1], work.shape[0])
    moved = cv2.warpAffine(
        work, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(moved, np.uint8)
