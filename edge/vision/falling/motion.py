"""What moved: differences to a moment ago and to the background, less what always moves."""

import math
from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.settings import Settings

Luma = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Moved:
    """Pixels that moved in one picture.

    difference, mask: (H, W); levels, and 255 where the difference exceeds the local threshold.
    vetoed: the change was global; the mask is empty.
    """

    difference: Luma
    mask: Luma
    vetoed: bool


class Motion:
    """Three-picture differencing: against the lagged picture, the background and the activity."""

    def __init__(self, shape: tuple[int, int], *, fps: float, settings: Settings) -> None:
        self._settings = settings
        self._past: deque[Luma] = deque()
        self.pace(fps)
        self._background = np.zeros(shape, np.float32)
        self._background_8 = np.zeros(shape, np.uint8)
        self._activity = np.zeros(shape, np.float32)
        self._threshold = np.full(shape, 255, np.uint8)
        self._frames = 0
        self._restart_at = 0

    def pace(self, fps: float) -> None:
        """Pictures come at this rate from now on."""
        self._lag = max(1, round(self._settings.lag_s * fps))
        missing = [self._past[0]] * (self._lag - len(self._past)) if self._past else []
        self._past = deque([*missing, *self._past], maxlen=self._lag)
        self._background_rate = 1 / max(2.0, self._settings.background_s * fps)
        self._activity_rate = 1 / max(2.0, self._settings.activity_s * fps)

    def step(self, work: Luma, *, border: int) -> Moved:
        """Take the next picture in. border: px at the edges that hold no true picture."""
        if self._frames == 0:
            self._background[:] = work
        older = self._past[0] if len(self._past) == self._lag else None
        moved = self._compare(work, older, border)
        self._past.append(work)
        self._learn(work, moved)
        self._frames += 1
        return moved

    def _compare(self, work: Luma, older: Luma | None, border: int) -> Moved:
        if older is None:
            empty = np.zeros_like(work)
            return Moved(empty, empty, vetoed=True)
        reference, background = _level(work, older), self._background_8
        difference = cv2.min(cv2.absdiff(work, reference), cv2.absdiff(work, background))
        mask = cv2.compare(difference, self._threshold, cv2.CMP_GT)
        if border:
            for edge in (mask[:border], mask[-border:], mask[:, :border], mask[:, -border:]):
                edge[:] = 0
        share = cv2.countNonZero(mask) / mask.size
        settled = self._frames - self._restart_at > self._lag
        if share <= self._settings.veto_share or not settled:
            return Moved(np.asarray(difference, np.uint8), np.asarray(mask, np.uint8), vetoed=False)
        self._past.clear()
        return Moved(np.asarray(difference, np.uint8), np.zeros_like(work), vetoed=True)

    def _learn(self, work: Luma, moved: Moved) -> None:
        """Move background and activity on; fast at first, so that warm-up is short."""
        rate = max(self._background_rate, 1 / (self._frames + 1))
        if moved.vetoed and self._past.maxlen and self._frames > self._lag:
            rate = max(rate, 0.5)  # the whole picture changed: the old background is worth little
        cv2.accumulateWeighted(work, self._background, rate)
        self._background_8 = np.asarray(cv2.convertScaleAbs(self._background), np.uint8)
        if moved.vetoed or self._frames % 2:
            return
        rate = max(2 * self._activity_rate, 2 / (self._frames - self._lag + 2))
        capped = np.minimum(moved.difference, np.uint8(self._settings.activity_cap))
        cv2.accumulateWeighted(capped, self._activity, min(1.0, rate))
        own = cv2.convertScaleAbs(
            self._activity, alpha=self._settings.activity_gain, beta=self._settings.threshold
        )
        around = cv2.blur(own, (9, 9))  # a leaf moves next to where it moved before
        self._threshold = np.asarray(cv2.max(own, around), np.uint8)


def _level(work: Luma, older: Luma) -> Luma:
    """`older` with its brightness moved to that of `work`: exposure steps are not motion."""
    step = float(np.mean(work[::8, ::8])) - float(np.mean(older[::8, ::8]))
    if abs(step) < 1.0:
        return older
    floor = np.uint8(math.ceil(max(0.0, -step)))  # or the absolute value would fold the darkest
    return np.asarray(cv2.convertScaleAbs(np.maximum(older, floor), beta=step), np.uint8)
