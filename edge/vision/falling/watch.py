"""The front end on a live camera, whatever the size and the rate of its pictures.

A recording tells a track when it has ended. Somebody has to act on a live one, so it is told as
soon as it is more than chance, and again while it grows.
"""

import secrets
from collections import deque
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.chain import Chain
from edge.vision.falling.frontend import FallingFrontEnd
from wire.tracks import Track

Luma = NDArray[np.uint8]

MEASURED = 9
"""Pictures by which the rate is measured before anything is looked at."""
OFF = 1.3
"""A rate that differs by more than this factor is another rate: what has been learned of the place
stays, or on a busy machine, where pictures come in fits and starts, a camera would never settle."""
STALL_S = 2.0
"""What is seen after so long without a picture continues no track."""
SLOWEST_FPS, FASTEST_FPS = 2.0, 60.0
MIN_SIDE = 32

TELL_S = 0.25
YOUNG_S = 4.0
OLD_TELL_S = 1.0
"""What drifts down for long is told less often."""
POINTS = 180
"""Points of a telling; of a longer track, every second or third."""

BURST = 16.0
PER_S = 8.0
"""Tellings in a storm: a tree that breaks loose must not fill the outbox."""
RESERVED = 6.0
"""Of those, kept for tracks that have ended."""


@dataclass(frozen=True, slots=True)
class Telling:
    """See `wire.tracks.TrackReport`."""

    stream: str
    number: int
    final: bool
    track: Track


class Watch:
    """One camera.

    dropped: tracks that ended in a storm and were not told. fps: of what is looked at, None while
    it is measured.
    """

    def __init__(self) -> None:
        self.dropped = 0
        self.fps: float | None = None
        self._stream = secrets.token_hex(4)
        self._shape = (0, 0)
        self._front_end: FallingFrontEnd | None = None
        self._gaps: deque[float] = deque(maxlen=2 * MEASURED)
        self._last_s: float | None = None
        self._told: dict[int, float] = {}
        self._room = BURST

    def look(self, luma: Luma, at_s: float) -> list[Telling]:
        """Take a picture, (height, width), levels 0..255, taken at `at_s` of a steady clock."""
        told: list[Telling] = []
        gap = 0.0 if self._last_s is None else at_s - self._last_s
        if luma.shape != self._shape:
            told = self.restart()
            self._shape = (luma.shape[0], luma.shape[1])
        elif gap < 0 or gap > STALL_S:
            told = self._cut()
        elif self._last_s is not None:
            if gap == 0:
                return told
            self._gaps.append(gap)
            self._room = min(BURST, self._room + gap * PER_S)
        self._last_s = at_s
        front_end = self._front_end or self._begin()
        if front_end is None:
            return told
        self._follow_rate(front_end)
        for chain in front_end.look(luma, at_s):
            told += self._telling(front_end, chain, at_s, final=True)
        for chain in front_end.growing:
            told += self._telling(front_end, chain, at_s, final=False)
        return told

    def restart(self) -> list[Telling]:
        """End all tracks, and begin anew with the next picture: it may show another place."""
        told = self._cut()
        self._front_end, self.fps = None, None
        return told

    def _cut(self) -> list[Telling]:
        """End all tracks; another clock begins. What was learned of the place stays."""
        front_end, at_s = self._front_end, self._last_s
        told: list[Telling] = []
        if front_end is not None and at_s is not None:
            for chain in front_end.end():
                told += self._telling(front_end, chain, at_s, final=True)
        self._last_s, self._stream = None, secrets.token_hex(4)
        self._gaps.clear()
        self._told.clear()
        return told

    def _follow_rate(self, front_end: FallingFrontEnd) -> None:
        if self.fps is None or len(self._gaps) < (self._gaps.maxlen or 0):
            return
        now = self._measured()
        if not 1 / OFF < now / self.fps < OFF:
            self.fps = now
            self._gaps.clear()
            front_end.pace(now)

    def _measured(self) -> float:
        return min(FASTEST_FPS, max(SLOWEST_FPS, 1 / median(self._gaps)))

    def _begin(self) -> FallingFrontEnd | None:
        if len(self._gaps) < MEASURED or min(self._shape) < MIN_SIDE:
            return None
        self.fps = self._measured()
        self._gaps.clear()
        height, width = self._shape
        self._front_end = FallingFrontEnd(width, height, fps=self.fps)
        return self._front_end

    def _telling(
        self, front_end: FallingFrontEnd, chain: Chain, at_s: float, *, final: bool
    ) -> list[Telling]:
        """What is told of it now: nothing where enough was, or where there is no room."""
        if final:
            self._told.pop(chain.number, None)
            if self._room < 1:
                self.dropped += 1
                return []
        elif chain.missed or self._room < RESERVED + 1 or not self._due(chain, at_s):
            return []
        else:
            self._told[chain.number] = at_s
        self._room -= 1
        return [Telling(self._stream, chain.number, final, _thinned(front_end.track(chain)))]

    def _due(self, chain: Chain, at_s: float) -> bool:
        told_s = self._told.get(chain.number)
        young = at_s - chain.seen[0].at_s < YOUNG_S
        return told_s is None or at_s - told_s >= (TELL_S if young else OLD_TELL_S)


def _thinned(track: Track) -> Track:
    """The hub needs no boxes, and no more points than draw the way."""
    step = -(-len(track.points) // POINTS)
    points = track.points[::step]
    if points[-1] != track.points[-1]:
        points = (*points, track.points[-1])
    return track.model_copy(update={"points": points, "boxes": ()})
