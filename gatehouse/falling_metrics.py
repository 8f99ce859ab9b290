"""How good the falling-object detector is: counts into figures, with intervals."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hub.rules.facade import FallEvent
from wire.tracks import Track

DAY_S = 86_400.0
NEAR = 0.03
"""Heights that the median point of a matching event may lie off a true path that is known."""
SHARED = 0.5
"""Share of an event's points that must lie within the fall's time."""
IOU = 0.3
"""Overlap from which a box counts as found, as the FADE benchmark has it."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1, px."""


@dataclass(frozen=True, slots=True)
class TruePath:
    """What really fell. points: (s, px, px); origin: px; floor: None where it is not known.

    near: heights that the median point of a matching event may lie off it.
    boxes: (number of the picture, box in px), where they are known.
    """

    points: tuple[tuple[float, float, float], ...]
    origin: tuple[float, float]
    floor: int | None = None
    near: float = NEAR
    boxes: tuple[tuple[int, Box], ...] = ()


def poisson(count: int) -> tuple[float, float]:
    """Exact 95 % interval of a Poisson mean of which `count` were seen (Garwood 1936).

    With none seen the upper end is the one-sided one, 3.0.
    """
    if count == 0:
        return 0.0, -math.log(0.05)
    low = _solve(lambda mean: 1 - _poisson_cdf(count - 1, mean), 0.025, count)
    high = _solve(lambda mean: 1 - _poisson_cdf(count, mean), 0.975, 4 * count + 20)
    return low, high


def per_day(count: int, seconds: float) -> tuple[float, float, float]:
    """Events in a camera's day: estimate, and the ends of its 95 % interval."""
    days = max(seconds, 1e-9) / DAY_S
    low, high = poisson(count)
    return count / days, low / days, high / days


def match(events: Sequence[FallEvent], true: TruePath) -> FallEvent | None:
    """The event that is this fall: its points lie on the true path at the same times."""
    near = [event for event in events if _median_distance(event.track, true) <= true.near]
    return min(near, key=lambda event: _median_distance(event.track, true), default=None)


def time_overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    """FADE's time range overlap of two ranges of frames, both ends counted: 0..1."""
    shared = min(a[1], b[1]) - max(a[0], b[0]) + 1
    if shared <= 0:
        return 0.0
    return shared / (max(a[1], b[1]) - min(a[0], b[0]) + 1)


def overlap(a: Box, b: Box) -> float:
    """Intersection over union."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return shared / (areas - shared)


def f_measure(true_positives: int, false_positives: int, false_negatives: int) -> float:
    """The harmonic mean of precision and recall; 0 without a true positive."""
    return 2 * true_positives / max(1, 2 * true_positives + false_positives + false_negatives)


def count_boxes(seen: Sequence[Box], true: Sequence[Box]) -> tuple[int, int, int]:
    """True positives, false positives and false negatives of one picture."""
    hits = sum(any(overlap(box, known) >= IOU for box in seen) for known in true)
    extra = sum(all(overlap(box, known) < IOU for known in true) for box in seen)
    return hits, extra, len(true) - hits


def share(part: int, whole: int) -> float:
    """A share for a report; 0 of nothing."""
    return round(part / whole, 4) if whole else 0.0


def boxes_of(track: Track) -> list[tuple[float, Box]]:
    """(s, box in px) of every point."""
    width, height = track.frame
    found = []
    for (at, x, y), (w, h) in zip(track.points, track.boxes, strict=True):
        half_w, half_h = w * width / 2, h * height / 2
        middle_x, middle_y = x * width, y * height
        box = (middle_x - half_w, middle_y - half_h, middle_x + half_w, middle_y + half_h)
        found.append((at, box))
    return found


def _median_distance(track: Track, true: TruePath) -> float:
    """In heights, over the points at times when the truth is known."""
    width, height = track.frame
    known = np.array(true.points)
    at, x, y = np.array(track.points).T
    inside = (at >= known[0, 0] - 0.1) & (at <= known[-1, 0] + 0.1)
    if inside.mean() < SHARED:
        return math.inf
    true_x = np.interp(at[inside], known[:, 0], known[:, 1])
    true_y = np.interp(at[inside], known[:, 0], known[:, 2])
    off = np.hypot(x[inside] * width - true_x, y[inside] * height - true_y)
    return float(np.median(off)) / height


def _poisson_cdf(count: int, mean: float) -> float:
    return sum(
        math.exp(k * math.log(max(mean, 1e-300)) - mean - math.lgamma(k + 1))
        for k in range(count + 1)
    )


def _solve(rising: Callable[[float], float], target: float, high: float) -> float:
    low = 0.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < target else (low, middle)
    return (low + high) / 2
