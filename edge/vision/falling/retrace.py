"""Follows a convincing track back in time, to where the thing was let go."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.chain import Chain, Seen
from edge.vision.falling.picture import Picture
from edge.vision.falling.settings import Settings

FIT_POINTS = 10
REACH = 3.0
"""Standard errors within which a blob of the past is taken."""
CHANCE = 0.03
"""Blobs that chance puts there at least so often prove nothing (a swaying leaf above)."""


HEAD_FRAMES = 8
HEAD_COVERAGE = 0.75
"""A beginning that was seen in fewer of its first pictures cannot say where the thing began."""


def retrace(chain: Chain, past: Iterable[Picture], settings: Settings) -> None:
    """Put earlier blobs that lie on the track's own curve before its first point.

    Then let go of a beginning that is mostly gaps: a few leaves in line with the fall.
    """
    _extend(chain, past, settings)
    while len(chain.seen) > settings.min_points and _head_coverage(chain) < HEAD_COVERAGE:
        del chain.seen[0]


def _head_coverage(chain: Chain) -> float:
    end = min(chain.seen[0].frame + HEAD_FRAMES, chain.seen[-1].frame + 1)
    seen = sum(1 for blob in chain.seen[:HEAD_FRAMES] if blob.frame < end)
    return seen / (end - chain.seen[0].frame)


def _extend(chain: Chain, past: Iterable[Picture], settings: Settings) -> None:
    missed = 0
    older = sorted((p for p in past if p.frame < chain.seen[0].frame), key=lambda p: -p.frame)
    for picture in older:
        found = _on_curve(chain, picture, missed, settings)
        if found is None:
            missed += 1
            if missed > settings.max_gap_frames:
                return
            continue
        missed = 0
        chain.seen.insert(0, found)


def _on_curve(chain: Chain, picture: Picture, missed: int, settings: Settings) -> Seen | None:
    blobs = picture.blobs
    if not len(blobs):
        return None
    head = chain.seen[:FIT_POINTS]
    times = np.array([seen.at_s for seen in head]) - head[0].at_s
    back = picture.at_s - head[0].at_s
    y = _extrapolate(times, np.array([seen.y for seen in head]), back, degree=2)
    x = _extrapolate(times, np.array([seen.x for seen in head]), back, degree=1)
    size = max(head[0].width, head[0].height)
    sigma = settings.position_sigma + 0.12 * size
    near = np.hypot(blobs.x - x, blobs.y - y)
    near[blobs.y > head[0].y + settings.position_sigma] = np.inf
    index = int(near.argmin())
    area = np.pi * max(float(near[index]), settings.position_sigma) ** 2
    by_chance = -np.expm1(-picture.density[index] * area)
    if near[index] > REACH * sigma * (1 + missed) ** 0.5 or by_chance > CHANCE:
        return None
    return picture.seen[index]


def _extrapolate(
    times: NDArray[np.float64], values: NDArray[np.float64], at: float, *, degree: int
) -> float:
    degree = min(degree, len(times) - 1)
    return float(np.polyval(np.polyfit(times, values, degree), at))
