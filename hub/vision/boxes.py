"""From candidates to detections: threshold, non-maximum suppression, back to picture pixels."""

from dataclasses import dataclass

import numpy as np

from hub.vision.decoding import Array, Candidates

MOST_CANDIDATES = 1000
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Placing:
    """How the picture lies in the input: input = picture x scale + shift, per axis."""

    scale: tuple[float, float]
    shift: tuple[float, float]


def select(
    candidates: Candidates, *, at_least: float, overlap: float
) -> list[tuple[int, float, Array]]:
    """(class, score, box), best first.

    Of a class's boxes that overlap by more than `overlap`, the best stays. Candidates that are no
    numbers are left out.
    """
    numbers = np.concatenate([candidates.boxes, candidates.scores], 1)
    sane = np.isfinite(numbers).all(axis=1, keepdims=True)
    rows, classes = np.nonzero((candidates.scores >= at_least) & sane)
    scores = candidates.scores[rows, classes]
    order = np.argsort(-scores, kind="stable")[:MOST_CANDIDATES]
    kept: list[tuple[int, float, Array]] = []
    for index in order:
        label, box = int(classes[index]), candidates.boxes[rows[index]]
        if all(label != other or iou(box, rival) <= overlap for other, _, rival in kept):
            kept.append((label, float(scores[index]), box))
        if len(kept) == MOST_FOUND:
            break
    return kept


def iou(one: Array, other: Array) -> float:
    """Intersection over union of two boxes x0 y0 x1 y1; 0 for empty ones."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    inner = max(0.0, float(width)) * max(0.0, float(height))
    union = _area(one) + _area(other) - inner
    return inner / union if union > 0 else 0.0


def in_picture(box: Array, placing: Placing, width: int, height: int) -> tuple[float, ...]:
    """A box of the input in the picture's pixels, cut to the picture, to a tenth of a pixel."""
    (sx, sy), (dx, dy) = placing.scale, placing.shift
    x = [min(max((float(v) - dx) / sx, 0.0), float(width)) for v in (box[0], box[2])]
    y = [min(max((float(v) - dy) / sy, 0.0), float(height)) for v in (box[1], box[3])]
    return (round(x[0], 1), round(y[0], 1), round(x[1], 1), round(y[1], 1))


def _area(box: Array) -> float:
    return max(0.0, float(box[2] - box[0])) * max(0.0, float(box[3] - box[1]))
