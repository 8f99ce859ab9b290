"""What a row of frames says together: k of n, two thresholds, and when it is clear again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from wire.elevator import Seen

Point = tuple[float, float]
Looked = tuple[int, int]
"""(at, level): when a frame was taken, ms, and its `Level`."""

_ABOVE_EDGE: Final = 0.02
"""A foot is taken this share of the box's height above its lower edge: a box that ends with the
picture must not stand on the very edge of a cabin that does too."""


class Level(IntEnum):
    """How much one frame shows."""

    NONE = 0
    SUSPICION = 1
    ALARM = 2


@dataclass(frozen=True, slots=True)
class Needs:
    """Of the last `of` frames, taken within `window` ms, so many have to show one.

    clear: so many frames in a row without any, over at least `gone` ms, say that it is gone.
    """

    suspect: int
    confirm: int
    of: int
    window: int
    clear: int
    gone: int


def add(frames: Sequence[Looked], at: int, level: Level, needs: Needs) -> tuple[Looked, ...]:
    """The frames with one more, by time; one that was taken at a known moment is no second one."""
    if any(known == at for known, _ in frames):
        return tuple(frames)
    every = sorted([*frames, (at, int(level))])
    newest = every[-1][0]
    kept = [one for one in every if newest - one[0] <= max(needs.window, needs.gone * 4)]
    return tuple(kept[-max(needs.of, needs.clear) * 2 :])


def count(frames: Sequence[Looked], level: Level, needs: Needs, *, after: int | None = None) -> int:
    """How many of the last frames show at least `level`; after: only those taken later, ms."""
    last = _last(frames, needs)
    return sum(1 for at, seen in last if seen >= level and (after is None or at > after))


def first(frames: Sequence[Looked], needs: Needs) -> int | None:
    """When the first of the last frames that show one was taken, ms."""
    return next((at for at, seen in _last(frames, needs) if seen > Level.NONE), None)


def is_clear(frames: Sequence[Looked], there_at: int | None, needs: Needs) -> bool:
    """Whether the newest frames show that there is none; there_at: when one last was, ms."""
    last = frames[-needs.clear :]
    if len(last) < needs.clear or any(level > Level.NONE for _, level in last):
        return False
    return there_at is None or last[-1][0] - there_at >= needs.gone


def best_inside(seen: Iterable[Seen], cabin: Sequence[Point], *, by_foot: bool) -> float:
    """The best score of those that stand inside the polygon; 0 when there is none.

    cabin: corners as shares of the picture; empty for the whole picture.
    """
    counted = (one for one in seen if not cabin or contains(cabin, _stand(one, by_foot=by_foot)))
    return max((one.score for one in counted), default=0.0)


def contains(polygon: Sequence[Point], point: Point) -> bool:
    """Whether the point lies inside the polygon (even-odd rule)."""
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(polygon, [*polygon[1:], polygon[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def _last(frames: Sequence[Looked], needs: Needs) -> Sequence[Looked]:
    """The frames that count together."""
    return [one for one in frames[-needs.of :] if frames[-1][0] - one[0] <= needs.window]


def _stand(one: Seen, *, by_foot: bool) -> Point:
    if not by_foot:
        return one.centre
    x, y = one.foot
    return x, y - _ABOVE_EDGE * (one.box[3] - one.box[1])
