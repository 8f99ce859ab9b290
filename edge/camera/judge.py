"""Whether a camera still sees what it should: frozen, black, covered, moved, or fine.

A verdict has to hold for a while before it is announced; together with the rule's own delay every
one of them becomes an alarm within 30 s.
"""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

from edge.camera.pixels import Luma

Small = npt.NDArray[np.float32]
"""`(90, 160)` float32, 0 to 255."""

Picture = Literal["ok", "frozen", "black", "covered", "moved"]

SMALL: Final = (160, 90)
_GRID: Final = 480
"""Samples across the picture when it is compared with itself; not averaged, so noise remains."""

_CHANGED: Final = 8
"""Grey levels beyond which a sample has changed: more than a keyframe's re-quantisation of a
picture that stands still."""

_CHANGED_SAMPLES: Final = 4
_BLACK_MEAN: Final = 26.0
_BLACK_BRIGHTEST: Final = 48.0
"""Limited-range video puts black at 16."""

_PLAIN_TEXTURE: Final = 0.7
_PLAIN_SHARE: Final = 0.15
"""Covered: less texture than a sheet of paper before the lens, or than this share of its own."""

_SHIFT: Final = 0.04
_ALIKE: Final = 0.25
_GAIN: Final = 0.2
_CLEAR: Final = 0.12
_MATURE: Final = 25
_LEARN: Final = 0.003
"""Of a look: at five a second the view follows the light over about a minute."""

_FAMILIAR: Final = 0.4
"""What is less like the view than this is not learned: it may be somebody's back."""

_BACKGROUND: Final = 0.02
_DIFFERENT: Final = 14
_STEADY: Final = 0.02
_MOVING: Final = 0.004


@dataclass(frozen=True, slots=True)
class Delays:
    """How long a verdict has to hold before it counts, s; `frozen` 0 never judges that.

    relearn: a picture that has been called moved for this long is the camera's new view.
    """

    frozen: float = 15.0
    black: float = 3.0
    covered: float = 3.0
    moved: float = 8.0
    ok: float = 2.0
    relearn: float = 600.0


class Judge:
    """Looks at some pictures a second (5 are plenty) and keeps what it has learned of the view.

    picture: what counts now. motion: share of the picture that differs from its background, 0 to 1.
    """

    def __init__(self, delays: Delays | None = None) -> None:
        self.picture: Picture = "ok"
        self.motion = 0.0
        self._delays = delays or Delays()
        self._anchor: Luma | None = None
        self._anchored = 0.0
        self._background: Small | None = None
        self._last: Small | None = None
        self._steady = False
        self._view: Small | None = None
        self._view_luma: Small | None = None
        self._learned = 0
        self._texture = 0.0
        self._familiar = float("-inf")
        self._verdict: Picture = "ok"
        self._since = float("-inf")

    @property
    def moving(self) -> bool:
        """Something is there that was not there some seconds ago."""
        return self.motion > _MOVING

    def see(self, luma: Luma, now: float) -> Picture:
        """Take one picture in. now: s, monotonic."""
        small = cv2.resize(luma, SMALL, interpolation=cv2.INTER_AREA)
        exact = small.astype(np.float32)
        self._follow(exact)
        verdict = self._judge(luma, exact, now)
        if verdict != self._verdict:
            self._verdict, self._since = verdict, now
        if verdict != self.picture and now - self._since >= self._needed(verdict):
            self.picture = verdict
        if verdict == "moved" and now - self._since >= self._delays.relearn:
            self._view = None
        if verdict in {"ok", "frozen"} and self.picture != "moved":
            self._learn(exact, now)
        return self.picture

    def interrupted(self) -> None:
        """The stream was lost: what stood still over the gap is not frozen."""
        self._anchor = None
        self._background = None

    def _judge(self, luma: Luma, small: Small, now: float) -> Picture:
        frozen = self._is_frozen(luma, now)
        if small.mean() < _BLACK_MEAN and np.percentile(small, 99) < _BLACK_BRIGHTEST:
            return "black"
        texture = _texture(small)
        if texture < max(_PLAIN_TEXTURE, _PLAIN_SHARE * self._texture):
            return "covered"
        if self._is_moved(small):
            return "moved"
        return "frozen" if frozen else "ok"

    def _is_frozen(self, luma: Luma, now: float) -> bool:
        step = max(1, luma.shape[1] // _GRID)
        grid = luma[::step, ::step]
        if self._anchor is None or self._anchor.shape != grid.shape or _differs(grid, self._anchor):
            self._anchor, self._anchored = grid.copy(), now
        return 0 < self._delays.frozen <= now - self._anchored

    def _is_moved(self, small: Small) -> bool:
        if self._view is None or self._view_luma is None or self._learned < _MATURE:
            return False
        edges = _edges(small)
        alike = _alike(edges, self._view)
        if alike < _ALIKE:
            return self._steady  # another view altogether, and nothing moves that hides the own
        # Copies: where the size needs no padding, OpenCV lays the window over its arguments.
        (dx, dy), clear = cv2.phaseCorrelate(self._view_luma.copy(), small.copy(), _window())
        if clear < _CLEAR or max(abs(dx), abs(dy)) < _SHIFT * SMALL[0]:
            return False
        back = np.array([[1, 0, -dx], [0, 1, -dy]], dtype=np.float32)
        aligned = np.asarray(cv2.warpAffine(edges, back, SMALL), dtype=np.float32)
        return _alike(aligned, self._view) > alike + _GAIN

    def _follow(self, small: Small) -> None:
        if self._background is None:
            self._background = small.copy()
        last = small if self._last is None else self._last
        self.motion = float(np.mean(np.abs(small - self._background) > _DIFFERENT))
        self._steady = float(np.mean(np.abs(small - last) > _DIFFERENT)) < _STEADY
        self._last = small
        self._background += _BACKGROUND * (small - self._background)

    def _learn(self, small: Small, now: float) -> None:
        edges = _edges(small)
        unlike = self._view is not None and _alike(edges, self._view) < _FAMILIAR
        if unlike and now - self._familiar < self._delays.relearn:
            return
        if unlike or self._view is None or self._view_luma is None:
            self._view, self._view_luma = edges, small.copy()
            self._learned, self._texture = 0, _texture(small)
        self._familiar = now
        self._learned += 1
        share = max(_LEARN, 1 / self._learned)
        self._view += share * (edges - self._view)
        self._view_luma += share * (small - self._view_luma)
        self._texture += share * (_texture(small) - self._texture)

    def _needed(self, verdict: Picture) -> float:
        return {
            "ok": self._delays.ok,
            "frozen": 0.0,  # its time has passed already
            "black": self._delays.black,
            "covered": self._delays.covered,
            "moved": self._delays.moved,
        }[verdict]


def _differs(grid: Luma, anchor: Luma) -> bool:
    changed = cv2.absdiff(grid, anchor) > _CHANGED
    return int(np.count_nonzero(changed)) >= _CHANGED_SAMPLES


def _texture(small: Small) -> float:
    """Mean distance of a pixel from its neighbourhood, grey levels."""
    return float(np.mean(np.abs(small - cv2.blur(small, (7, 7)))))


def _edges(small: Small) -> Small:
    soft = cv2.GaussianBlur(small, (3, 3), 0)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    edges = cv2.GaussianBlur(cv2.magnitude(across, down), (5, 5), 0)
    return np.asarray(edges, dtype=np.float32)


def _alike(one: Small, other: Small) -> float:
    """Correlation of two edge pictures, -1 to 1; light going on or off leaves it high."""
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / scale) if scale > 0 else 0.0


def _window() -> Small:
    return np.asarray(cv2.createHanningWindow(SMALL, cv2.CV_32F), dtype=np.float32)
