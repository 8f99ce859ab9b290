"""A facade before a camera that is never switched off; things fall and fly past it when told to.

A picture is the still scene, drawn once, with what moves drawn over it: that is cheap.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.facade import bodies
from simulators.facade.bodies import Falling, Path
from simulators.facade.camera import Camera
from simulators.facade.fixtures import Laundry, Light
from simulators.facade.paint import draw_exposed
from simulators.facade.view import HEIGHT, View
from simulators.facade.weather import Rain, Shake, Tree

Luma = NDArray[np.uint8]
Pixels = NDArray[np.uint8]
Draw = Callable[[Luma, float], None]

Thrown = Literal["bag", "bottle", "flower-pot", "paper", "plastic-bag"]
Harmless = Literal["bird", "leaf", "rain", "insect", "laundry", "light", "shake"]

FPS: Final = 15
EXPOSURE_S: Final = 1 / 250
SHAKE_PX: Final = 2.5
OUT_M: Final = 0.5
"""How far from the wall a thing is let go."""

_NEAR_S: Final = 0.15
"""A throw begins this much later, so that the ledger has it before the picture."""


@dataclass(frozen=True, slots=True)
class _Thing:
    """How it moves, how large it is, m, and how much brighter or darker than what it passes."""

    falling: Falling
    size_m: float
    contrast: float


THINGS: Final[dict[Thrown, _Thing]] = {
    "bag": _Thing("heavy", 0.5, -70),
    "bottle": _Thing("heavy", 0.3, 80),
    "flower-pot": _Thing("heavy", 0.38, -75),
    "paper": _Thing("drifting", 0.5, 90),
    "plastic-bag": _Thing("drifting", 0.55, 80),
}


@dataclass(frozen=True, slots=True)
class Throw:
    """What was thrown. condition: the alarm that is due.

    starts_s: from now, when it is let go. deep_s, ends_s: from then, when it has come down two
    floors, and when it lies on the ground.
    """

    condition: Literal["falling-object", "drifting-object"]
    starts_s: float
    deep_s: float
    ends_s: float


class LiveFacade:
    """The scene of a `SimulatedCamera`. `throw` and `happen` may be called from any thread."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._pool, self._windows = view.painted()
        self._tree = Tree(_floats(self._pool[0]), np.random.default_rng(view.seed), left=True)
        self._things: tuple[tuple[float, float, Draw], ...] = ()
        self._shaking: tuple[float, float, Shake] | None = None
        self._draws = np.random.default_rng(view.seed + 1)

    def __call__(self, t: float) -> Pixels:
        """The picture now, BGR."""
        planes = self._pool[int(t * FPS) % len(self._pool)].copy()
        luma = planes[:HEIGHT]
        for starts_s, ends_s, draw in self._things:
            if starts_s <= t < ends_s:
                draw(luma, t - starts_s)
        self._tree.draw(luma, t)
        shaking = self._shaking
        if shaking is not None and shaking[0] <= t < shaking[1]:
            luma[:] = shaking[2].move(luma, t - shaking[0]).astype(np.uint8)
        return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2BGR_I420), np.uint8)

    def throw(self, what: Thrown, floor: int, column: int, *, t: float) -> Throw:
        """Have something thrown from a window. t: now, on the camera's clock."""
        thing, view = THINGS[what], self.view
        height = (floor - 1) * view.floor_m + 1.2
        origin = (view.column_m(column), height, OUT_M)
        x, y = view.camera.wall(origin[0], height)
        passed = self._pool[0][:HEIGHT][int(max(0, y)) :, int(x)]
        luma = float(np.clip(np.median(passed) + thing.contrast, 0, 255))
        path = bodies.fall(
            thing.falling, origin, start_s=0.0, size_m=thing.size_m, luma=luma, rng=self._draws
        )
        ends_s = len(path.places) * bodies.STEP_S
        self._add(t + _NEAR_S, t + _NEAR_S + ends_s, _drawn(path, view.camera))
        down = height - path.places[:, 1]
        deep = int(np.argmax(down >= 2 * view.floor_m))
        heavy = thing.falling == "heavy"
        return Throw(
            "falling-object" if heavy else "drifting-object",
            _NEAR_S,
            deep * bodies.STEP_S,
            ends_s,
        )

    def happen(self, what: Harmless, for_s: float, *, t: float) -> None:
        """Have something harmless happen for some seconds."""
        if what == "shake":
            shake = Shake(self._draws, amplitude_px=SHAKE_PX)
            self._shaking = (t, t + for_s, shake)
            return
        for draw in self._draw_of(what, for_s):
            self._add(t, t + for_s, draw)

    def _add(self, starts_s: float, ends_s: float, draw: Draw) -> None:
        kept = tuple(one for one in self._things if one[1] > starts_s)
        self._things = (*kept, (starts_s, ends_s, draw))

    def _draw_of(self, what: Harmless, for_s: float) -> list[Draw]:
        draws, camera = self._draws, self.view.camera
        if what == "rain":
            rain = Rain(draws, drops=50)
            return [lambda luma, _: _brighten(luma, rain.streaks(luma.shape, exposure_s=1 / 60))]
        if what == "laundry":
            luma = self._pool[0][:HEIGHT]
            return [Laundry(luma, self._windows, draws).draw for _ in range(3)]
        if what == "light":
            return [Light(self._windows, draws, for_s).draw for _ in range(4)]
        return [_drawn(path, camera) for path in self._fliers(what, for_s)]

    def _fliers(self, what: Harmless, for_s: float) -> list[Path]:
        draws, camera = self._draws, self.view.camera
        half = 0.5 * camera.distance_m * camera.width / camera.focal_px + 2
        starts = [float(draws.uniform(0, max(0.1, for_s - 4))) for _ in range(3)]
        if what == "bird":
            span = (half, camera.low_m + 6, camera.high_m)
            return [bodies.bird(span, start_s=start, rng=draws) for start in starts]
        if what == "insect":
            seen = (camera.low_m, camera.high_m)
            return [
                bodies.insect(camera.distance_m, seen, start_s=start, rng=draws) for start in starts
            ]
        return [self._leaf(start) for start in starts]

    def _leaf(self, start_s: float) -> Path:
        draws, camera = self._draws, self.view.camera
        x, y = draws.uniform(-15, 15), draws.uniform(12, camera.high_m)
        place = (float(x), float(y), float(draws.uniform(2, 15)))
        luma = float(draws.uniform(30, 200))
        return bodies.leaf(place, start_s=start_s, luma=luma, rng=draws)


def _drawn(path: Path, camera: Camera) -> Draw:
    def draw(luma: Luma, at_s: float) -> None:
        draw_exposed(luma, path, camera, at_s=at_s, exposure_s=EXPOSURE_S)

    return draw


def _brighten(luma: Luma, more: Luma) -> None:
    cv2.add(luma, more, dst=luma)


def _floats(planes: NDArray[np.uint8]) -> NDArray[np.float32]:
    return planes[:HEIGHT].astype(np.float32)
