"""The front end: one picture in, the tracks that ended with it out."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.vision.falling.blobs import find_blobs
from edge.vision.falling.chain import Chain
from edge.vision.falling.clutter import Clutter
from edge.vision.falling.linking import Linker
from edge.vision.falling.motion import Motion
from edge.vision.falling.settings import Settings
from edge.vision.falling.steady import DEAD_ZONE_PX, Steady, hold
from wire.tracks import Track

Luma = NDArray[np.uint8]


class FallingFrontEnd:
    """Finds small things that move downward in the pictures of one fixed camera.

    width, height: of the pictures, px.  fps: their nominal rate; times come with each picture.
    """

    def __init__(
        self, width: int, height: int, *, fps: float, settings: Settings | None = None
    ) -> None:
        self._settings = settings or Settings()
        self._frame = (width, height)
        self._fps = fps
        self._factor = max(1, math.ceil(height / self._settings.work_rows))
        self._size = (max(1, width // self._factor), max(1, height // self._factor))
        shape = (self._size[1], self._size[0])
        self._steady = Steady(fps=fps)
        self._motion = Motion(shape, fps=fps, settings=self._settings)
        clutter = Clutter(
            aspect=self._size[0] / self._size[1], fps=fps, time_constant_s=self._settings.clutter_s
        )
        self._linker = Linker(clutter=clutter, fps=fps, settings=self._settings)
        self._warm_up = round(self._settings.warm_up_s * fps)
        self._frames = 0

    def pace(self, fps: float) -> None:
        """Pictures come at another rate from now on: what was learned stays, tracks go on."""
        self._fps = fps
        self._steady.pace(fps)
        self._motion.pace(fps)
        self._linker.pace(fps)

    def step(self, luma: Luma, at_s: float) -> list[Track]:
        """Take one picture, (height, width), levels 0..255, taken at `at_s`, in order of time."""
        return [self.track(chain) for chain in self.look(luma, at_s)]

    def look(self, luma: Luma, at_s: float) -> list[Chain]:
        """Likewise; the tracks that ended, as they are kept here."""
        work = luma
        if self._factor > 1:
            rows, columns = self._size[1] * self._factor, self._size[0] * self._factor
            work = np.asarray(
                cv2.resize(luma[:rows, :columns], self._size, interpolation=cv2.INTER_AREA),
                np.uint8,
            )
        shift = self._steady.shift(work)
        if math.hypot(*shift) < DEAD_ZONE_PX:
            border = 0
        else:
            border = min(math.ceil(max(abs(shift[0]), abs(shift[1]))) + 1, self._size[1] // 4)
        moved = self._motion.step(hold(work, shift), border=border)
        blobs = find_blobs(moved, self._settings)
        armed = self._frames >= self._warm_up and not moved.vetoed
        ended = self._linker.step(blobs, frame=self._frames, at_s=at_s, armed=armed)
        self._frames += 1
        return ended

    @property
    def growing(self) -> list[Chain]:
        """Tracks that are more than chance and have not ended."""
        return self._linker.growing

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the pictures that it takes."""
        return self._frame[1], self._frame[0]

    def flush(self) -> list[Track]:
        """The stream ended: hand out the tracks that were still growing."""
        return [self.track(chain) for chain in self.end()]

    def end(self) -> list[Chain]:
        """Likewise, as they are kept here."""
        return self._linker.flush()

    def track(self, chain: Chain) -> Track:
        """What is told of a track."""
        return chain.track(frame=self._frame, fps=self._fps)
