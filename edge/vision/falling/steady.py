"""Holds the picture still: how far the camera has moved since its first picture.

Small motion is found by robust least squares on the brightness (Lucas and Kanade 1981, with
weights of Geman and McClure), which swaying trees do not pull along as they do the peak of a
phase correlation; that one is asked when the picture does not fit, after a knock.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

Luma = NDArray[np.uint8]
Low = NDArray[np.float32]

LOW_COLUMNS = 240
"""Width of the pictures that are compared: coarse enough to cost under a millisecond."""
REFERENCE_S = 2.0
"""A reference is kept this long: light changes, and the drift of chained ones grows slowly."""
RELAX_PX = 0.2
"""A fixed camera stands still on average: with each reference the shift shrinks by so much, so
that the errors of chained references do not add up."""
DEAD_ZONE_PX = 0.3
"""Below this, in working pixels, the measurement is no better than leaving the picture alone."""
MIN_RESPONSE = 0.05
"""Correlation peaks lower than this say nothing (fog, a lens covered, a picture replaced)."""
OUTLIERS_PX = (1.2, 0.6, 0.3)
"""Low pixels of motion of its own from which a place is left out, by round: a swaying crown has
more edges than the wall behind it, so that every edge counts by where it is, not by its height."""
SETTLED_PX = 0.03
"""A step this small, low px, is the last."""
NOISE = 3.0
"""Levels that a still pixel may differ."""
CLIP = 12.0
"""Levels at which a difference counts in full when two answers are compared."""
SOFT_PX = 1.0
"""Blur of the compared pictures, low px: without it edges are too sharp for a linear step."""
MARGIN = 4
"""Low pixels at the edges that are not compared."""


class Steady:
    """Measures the shift of each picture against a slowly renewed reference."""

    def __init__(self, *, fps: float) -> None:
        self.pace(fps)
        self._reference: Low | None = None
        self._gradient: tuple[Low, Low] | None = None
        self._slope: Low = np.zeros((1, 1), np.float32)
        self._vote: Low = np.ones((1, 1), np.float32)
        self._window: Low | None = None
        self._base = (0.0, 0.0)
        self._low_shift = (0.0, 0.0)
        self._usual = 1.0
        self._age = 0

    def pace(self, fps: float) -> None:
        """Pictures come at this rate from now on."""
        self._renew_after = max(2, round(REFERENCE_S * fps))

    def shift(self, work: Luma) -> tuple[float, float]:
        """How far `work` (H, W) lies right of and below where the first picture lay, in its px."""
        scale = max(1.0, work.shape[1] / LOW_COLUMNS)
        rows, columns = max(16, round(work.shape[0] / scale)), max(16, round(work.shape[1] / scale))
        small = cv2.resize(work, (columns, rows), interpolation=cv2.INTER_AREA)
        low = np.asarray(cv2.GaussianBlur(small.astype(np.float32), (0, 0), SOFT_PX), np.float32)
        if self._reference is None:
            self._renew(low, (0.0, 0.0))
            return 0.0, 0.0
        found, misfit = self._refine(low, self._low_shift)
        if misfit > 1.25 * self._usual + 0.2:
            found, misfit = self._search(low, found, misfit)
        limit = 0.1 * rows
        if not math.isfinite(found[0] + found[1]) or math.hypot(*found) > limit:
            found = (0.0, 0.0)
        rate = 0.3 if misfit < self._usual else 0.02  # the usual is a good fit, not a mean one
        self._usual += rate * (min(misfit, CLIP) - self._usual)
        self._low_shift = found
        total = (self._base[0] + found[0] * scale, self._base[1] + found[1] * scale)
        self._age += 1
        if self._age >= self._renew_after:
            total = (_nearer(total[0]), _nearer(total[1]))
            self._renew(low, total)
        return total

    def _renew(self, low: Low, base: tuple[float, float]) -> None:
        self._reference, self._base, self._low_shift, self._age = low, base, (0.0, 0.0), 0
        across = cv2.Sobel(low, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
        down = cv2.Sobel(low, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
        self._gradient = (_inner(across), _inner(down))
        self._slope = np.hypot(*self._gradient)
        self._vote = np.asarray(1 / (np.square(self._slope) + NOISE**2), np.float32)

    def _refine(self, low: Low, start: tuple[float, float]) -> tuple[tuple[float, float], float]:
        """The shift near `start`, low px, and the mean difference that is left, levels."""
        x, y = start
        if self._reference is None or self._gradient is None:
            return start, math.inf
        reference, (gx, gy) = _inner(self._reference), self._gradient
        misfit = math.inf
        for outlier in OUTLIERS_PX:
            difference = _inner(_moved(low, x, y)) - reference
            difference -= np.float32(np.median(difference[::4, ::4]))
            misfit = float(np.minimum(np.abs(difference), CLIP).mean())
            weight = 1 / (1 + np.square(difference / (outlier * self._slope + NOISE))) ** 2
            weight *= self._vote
            wx, wy = weight * gx, weight * gy
            xx, xy, yy = (wx * gx).sum(), (wx * gy).sum(), (wy * gy).sum()
            ex, ey = (wx * difference).sum(), (wy * difference).sum()
            determinant = xx * yy - xy * xy
            if determinant <= 1e-6 * max(xx, yy, 1.0) ** 2:
                return start, misfit  # a blank picture
            step = (
                float((yy * ex - xy * ey) / determinant),
                float((xx * ey - xy * ex) / determinant),
            )
            x, y = x - step[0], y - step[1]
            if math.hypot(*step) < SETTLED_PX:
                break
        return (x, y), misfit

    def _search(
        self, low: Low, found: tuple[float, float], misfit: float
    ) -> tuple[tuple[float, float], float]:
        """What phase correlation proposes, if it fits better than what was found."""
        if self._reference is None:
            return found, misfit
        if self._window is None:
            size = (low.shape[1], low.shape[0])
            self._window = np.asarray(cv2.createHanningWindow(size, cv2.CV_32F), np.float32)
        # copies: where no padding is needed, OpenCV multiplies the window into its arguments
        pair = (self._reference.copy(), low.copy())
        (dx, dy), response = cv2.phaseCorrelate(*pair, self._window)
        if response < MIN_RESPONSE or not math.isfinite(dx + dy):
            return found, misfit
        other, other_misfit = self._refine(low, (dx, dy))
        return (other, other_misfit) if other_misfit < misfit else (found, misfit)


def hold(work: Luma, shift: tuple[float, float]) -> Luma:
    """The picture moved back by `shift`; itself when the shift is within the dead zone."""
    if math.hypot(*shift) < DEAD_ZONE_PX:
        return work
    return np.asarray(_moved(work, *shift), np.uint8)


def _moved(picture: NDArray[np.generic], x: float, y: float) -> NDArray[np.float32]:
    matrix = np.array([[1, 0, -x], [0, 1, -y]], np.float32)
    size = (picture.shape[1], picture.shape[0])
    return cv2.warpAffine(  # type: ignore[return-value]
        picture,  # type: ignore[arg-type]
        matrix,
        size,
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )


def _inner(picture: NDArray[np.generic]) -> Low:
    return np.asarray(picture[MARGIN:-MARGIN, MARGIN:-MARGIN], np.float32)


def _nearer(shift: float) -> float:
    return math.copysign(max(0.0, abs(shift) - RELAX_PX), shift)
