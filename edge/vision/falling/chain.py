"""One track as it grows: its points, its evidence, and how it leaves the front end."""

import math
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import NamedTuple

from edge.vision.falling.clutter import Search
from edge.vision.falling.settings import Settings
from wire.tracks import MAX_TRACK_POINTS, Track


class Seen(NamedTuple):
    """A blob that belongs to a track; lengths in heights, of the steadied picture."""

    frame: int
    at_s: float
    x: float
    y: float
    width: float
    height: float
    contrast: float
    density: float


@dataclass(slots=True)
class Chain:
    """Linked blobs.

    log_nfa: log10 of the chains as good as this one that chance would make in a day.
    searches: where it looked for its next blob until then, and whether it was there.
    decided_s: when the evidence first sufficed; None before. number: from then on, its own.
    """

    seen: list[Seen]
    log_nfa: float
    missed: int = 0
    decided_s: float | None = None
    number: int = 0
    boxes: list[tuple[float, float]] = field(default_factory=list)
    searches: list[Search] = field(default_factory=list)

    @property
    def drop(self) -> float:
        """How far it came down, in heights."""
        return self.seen[-1].y - self.seen[0].y

    @property
    def coverage(self) -> float:
        """The share of pictures between first and last in which it was seen."""
        return len(self.seen) / (self.seen[-1].frame - self.seen[0].frame + 1)

    def searching(self, mature: int) -> bool:
        """Whether this picture's search tells what chance finds; it is counted as missed as yet.

        It was seen in the picture before, has `mature` points, so that it knows where to look, and
        may still come to nothing.
        """
        return self.missed == 1 and len(self.seen) >= mature and self.decided_s is None

    def sufficient(self, settings: Settings) -> bool:
        """Whether it is evidence that the hub should see."""
        return (
            len(self.seen) >= settings.min_points
            and self.log_nfa <= settings.max_log_nfa
            and self.drop >= settings.min_drop
            and self.coverage >= settings.min_coverage
        )

    def track(self, *, frame: tuple[int, int], fps: float) -> Track:
        """The message. frame: width and height, px."""
        aspect = frame[0] / frame[1]
        seen = self.seen[-MAX_TRACK_POINTS:]
        size = median((s.width * s.height) ** 0.5 for s in seen)
        return Track(
            points=tuple(
                (round(s.at_s, 4), round(_place(s.x / aspect), 5), round(_place(s.y), 5))
                for s in seen
            ),
            boxes=tuple((_side(s.width / aspect), _side(s.height)) for s in seen),
            size=_side(size),
            contrast=round(fmean(s.contrast for s in seen), 1),
            coverage=round(min(1.0, self.coverage), 3),
            log_nfa=round(self.log_nfa, 2),
            clutter=round(_log10_mean(seen), 2),
            frame=frame,
            fps=round(fps, 3),
            decided_s=self.decided_s if self.decided_s is not None else seen[-1].at_s,
        )


def _place(value: float) -> float:
    return min(1.5, max(-0.5, value))


def _side(value: float) -> float:
    return round(min(1.0, max(1e-5, value)), 5)


def _log10_mean(seen: list[Seen]) -> float:
    return math.log10(fmean(s.density for s in seen) * math.pi * 0.01**2)
