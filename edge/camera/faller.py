"""Looks for what falls, beside the reading of the stream: it may be late, the stream may not.

A thread of its own takes pictures from a short queue. Where the machine is too slow for all of
them, every second or third is looked at, evenly, rather than whichever happen to find room.
"""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from edge.camera.pixels import Luma
from edge.vision.falling.watch import Telling, Watch

Tell = Callable[[Telling], None]

WAITING_S: Final = 2.0
"""A machine that stumbles for a moment looks at everything all the same, a little later."""
WAITING_MIB: Final = 48
"""Of pictures, at most: those of 4K are 8 MiB each."""
LEAST_WAITING: Final = 4
LATE_S: Final = 0.5
"""Pictures that wait longer than this all the time are too many."""
MOST_LOAD: Final = 0.8
"""Of one core, at most, goes into looking."""
LEAST_LOAD: Final = 0.5
"""Below this, were one picture less left out, one less is."""
MOST_FPS: Final = 30.0
MOST_STRIDE: Final = 8
_SMOOTH: Final = 0.05
_SETTLED: Final = 40
"""Pictures by which cost and rate are known well enough to change the stride."""


@dataclass(frozen=True, slots=True)
class Looked:
    """How it goes.

    fps: pictures a second that are looked at; None while that is measured. passed_over: share of
    late of those that were not. dropped: tracks, since the start, that could not be told.
    """

    fps: float | None
    passed_over: float
    dropped: int


class Faller:
    """tell: called in its own thread. waits: for a recording, which loses nothing by waiting."""

    def __init__(self, tell: Tell, *, waits: bool = False) -> None:
        self._tell = tell
        self._waits = waits
        self._watch = Watch()
        self._waiting: queue.Queue[tuple[Luma, float] | None] = queue.Queue(
            LEAST_WAITING if waits else 0
        )
        self._stride = 1
        self._offered = 0
        self._passed_over = 0.0
        self._gap_s = 0.0
        self._cost_s = 0.0
        self._last_s = 0.0
        self._late_s = 0.0
        self._since = 0
        threading.Thread(target=self._run, name="faller", daemon=True).start()

    def offer(self, luma: Luma, at_s: float) -> None:
        """Have a picture looked at, if there is time for it. Returns at once; copies it."""
        if self._waits:
            self._waiting.put((luma.copy(), at_s))
            return
        self._offered += 1
        self._pace(at_s)
        passed_over = self._offered % self._stride != 0 or self._is_full(luma)
        if not passed_over:
            self._waiting.put((luma.copy(), at_s))
        self._passed_over += (passed_over - self._passed_over) * _SMOOTH

    def end(self) -> None:
        """The stream has ended: tell what was still growing."""
        self._waiting.put(None)

    @property
    def looked(self) -> Looked:
        """How it goes."""
        return Looked(self._watch.fps, self._passed_over, self._watch.dropped)

    def _pace(self, at_s: float) -> None:
        """Choose the stride by what the last pictures cost."""
        gap, self._last_s = at_s - self._last_s, at_s
        if not 0 < gap < 1:
            return
        self._gap_s += (gap - self._gap_s) * (_SMOOTH if self._gap_s else 1.0)
        self._since += 1
        if self._since < _SETTLED:
            return
        late = self._late_s > LATE_S
        stride = stride_for(self._stride, gap_s=self._gap_s, cost_s=self._cost_s, late=late)
        if stride != self._stride:
            self._stride, self._since = stride, 0

    def _is_full(self, luma: Luma) -> bool:
        most = min(
            WAITING_S / max(self._gap_s * self._stride, 1e-3), WAITING_MIB * 2**20 / luma.nbytes
        )
        return self._waiting.qsize() >= max(LEAST_WAITING, most)

    def _run(self) -> None:
        while True:
            picture = self._waiting.get()
            waited = self._waiting.qsize() * self._gap_s * self._stride
            self._late_s += (waited - self._late_s) * _SMOOTH
            began = time.thread_time()
            told = self._watch.restart() if picture is None else self._watch.look(*picture)
            for telling in told:
                self._tell(telling)
            cost = time.thread_time() - began
            self._cost_s += (cost - self._cost_s) * (_SMOOTH if self._cost_s else 1.0)


def stride_for(stride: int, *, gap_s: float, cost_s: float, late: bool = False) -> int:
    """Every how many-th picture to look at.

    gap_s: between pictures.  cost_s: of one, processor.  late: they have to wait: others have the
    processor.
    """
    least = 1
    while least < MOST_STRIDE and 1 / (gap_s * least) > MOST_FPS * 1.1:
        least += 1
    if late or cost_s / (gap_s * stride) > MOST_LOAD:
        return min(MOST_STRIDE, stride + 1)
    if stride > least and cost_s / (gap_s * (stride - 1)) < LEAST_LOAD:
        return stride - 1
    return max(stride, least)
