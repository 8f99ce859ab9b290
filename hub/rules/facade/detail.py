"""What people are told of a fall: its verdict, from where, how sure, and its way in the picture."""

import math
from collections.abc import Sequence
from typing import Any

from hub.rules.facade.events import FallEvent
from wire.tracks import Point

SPREAD = 1.64
"""Standard errors on either side that hold 90 % of what is."""
DRAWN = 40
"""Points of the way that are kept with the alert."""


def detail_of(event: FallEvent, *, floors: int | None) -> dict[str, Any]:
    """Figures for an alert; None where they are not known.

    floors: of the building. floor_low, floor_high, column_low, column_high: the range that holds
    it nine times in ten. roof: it came from above the top floor. track: [s since the alert's
    beginning, x, y], fractions of the picture; x, y: where it was let go.
    """
    verdict, origin = event.verdict, event.verdict.origin
    floor = origin.floor
    roof = floor is not None and floors is not None and floor > floors
    if floor is not None and floors is not None:
        floor = min(floor, floors)
    low, high = _range(floor, origin.floor_sigma)
    if high is not None and floors is not None:
        high = min(high, floors)
    left, right = _range(origin.column, origin.column_sigma)
    return {
        "verdict": verdict.kind.value,
        "score": verdict.score,
        "floor": floor,
        "floor_low": None if low is None else max(1, low),
        "floor_high": high,
        "roof": roof,
        "column": origin.column,
        "column_low": left,
        "column_high": right,
        "x": round(origin.x, 4),
        "y": round(origin.y, 4),
        "seconds": round(verdict.end_s - verdict.start_s, 2),
        "images": len(event.merged),
        "track": _way(event.track.points, verdict.start_s, verdict.end_s),
    }


def _range(middle: int | None, sigma: float | None) -> tuple[int | None, int | None]:
    if middle is None or sigma is None:
        return None, None
    spread = max(0, math.ceil(SPREAD * sigma - 0.5))
    return middle - spread, middle + spread


def _way(points: Sequence[Point], start_s: float, end_s: float) -> list[list[float]]:
    fallen = [point for point in points if point[0] <= end_s]
    step = max(1, math.ceil(len(fallen) / DRAWN))
    kept = fallen[::step]
    if kept[-1] is not fallen[-1]:
        kept.append(fallen[-1])
    return [[round(at - start_s, 3), round(x, 4), round(y, 4)] for at, x, y in kept]
