"""Which pairs of blobs in consecutive pictures may be one thing on its way down."""

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import Blobs
from edge.vision.falling.settings import Settings

SLOPE = 1.2
"""Sideways per downward motion of something thrown hard."""
SLACK = 0.006
"""Heights by which blobs' centres jump when their shape changes."""
MAX_PAIRS = 90
LIKENESS = 6.0
"""Largest ratio of two blobs' areas, less a few pixels' worth, in one track."""

Indices = NDArray[np.intp]


def pair_up(
    before: Blobs,
    now: Blobs,
    free_before: NDArray[np.bool_],
    free_now: NDArray[np.bool_],
    *,
    dt: float,
    settings: Settings,
) -> tuple[Indices, Indices]:
    """Indices into `before` and `now`, nearest pairs first."""
    dx = now.x[None, :] - before.x[:, None]
    dy = now.y[None, :] - before.y[:, None]
    pixel = 1.0 / settings.work_rows
    area_before = (before.width + 2 * pixel) * (before.height + 2 * pixel)
    area_now = (now.width + 2 * pixel) * (now.height + 2 * pixel)
    ratio = area_now[None, :] / area_before[:, None]
    possible = (
        (dy >= 0)
        & (dy <= settings.max_speed * dt)
        & (np.abs(dx) <= SLOPE * dy + SLACK)
        & (ratio < LIKENESS)
        & (ratio > 1 / LIKENESS)
        & free_before[:, None]
        & free_now[None, :]
    )
    first, second = np.nonzero(possible)
    order = np.argsort(np.hypot(dx, dy)[first, second], kind="stable")[:MAX_PAIRS]
    return first[order], second[order]
