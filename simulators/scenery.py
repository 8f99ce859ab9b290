"""What a simulated camera looks at when nobody has put anything before it, and what blinds it."""

from collections.abc import Callable
from typing import Any, Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
"""`(H, W, 3)` uint8, BGR."""

Scene = Callable[[float], Pixels]
"""The picture at a moment, s since the camera was switched on; always of one size."""

Blindness = Literal["black", "covered", "moved", "frozen", "no-signal"]

_NOISE: Final = 3.0
_NOISES: Final = 7


def still_room(seed: int, width: int = 640, height: int = 360) -> Scene:
    """A lit room with things on its walls, sensor noise and a clock burned in; nothing moves."""
    draw = np.random.default_rng(seed)
    room = _room(draw, width, height)
    noisy: list[Pixels] = [
        np.clip(room + draw.normal(0, _NOISE, room.shape), 0, 255).astype(np.uint8)
        for _ in range(_NOISES)
    ]

    def scene(t: float) -> Pixels:
        picture = noisy[int(t * 25) % _NOISES].copy()
        _burn_in(picture, t)
        return picture

    return scene


def with_passer(scene: Scene, *, period_s: float, on_s: float) -> Scene:
    """Somebody crosses the picture for `on_s` of every `period_s`."""

    def passing(t: float) -> Pixels:
        picture = scene(t)
        phase = t % period_s
        if phase < on_s:
            height, width = picture.shape[:2]
            x = int(phase / on_s * width)
            cv2.ellipse(
                picture,
                (x, height * 2 // 3),
                (width // 16, height // 4),
                0,
                0,
                360,
                (40, 60, 90),
                -1,
            )
        return picture

    return passing


class Blinds:
    """A scene that somebody tampers with: `blindness` None shows it as it is."""

    def __init__(self, scene: Scene) -> None:
        self.blindness: Blindness | None = None
        self._scene = scene
        self._kept: Pixels | None = None

    def __call__(self, t: float) -> Pixels:
        """The picture now."""
        if self.blindness == "frozen" and self._kept is not None:
            return self._kept
        picture = self._scene(t)
        if self.blindness == "black":
            picture = np.zeros_like(picture)
        elif self.blindness == "covered":
            picture = np.full_like(picture, 92)
        elif self.blindness == "moved":
            picture = _turned(picture)
        self._kept = picture
        return picture


def _turned(picture: Pixels) -> Pixels:
    """The camera was pushed: a fifth of the picture sideways and a little up."""
    height, width = picture.shape[:2]
    push: Any = np.array([[1, 0, width * 0.2], [0, 1, -height * 0.1]], dtype=np.float32)
    turned = cv2.warpAffine(picture, push, (width, height), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(turned, dtype=np.uint8)


def _room(draw: np.random.Generator, width: int, height: int) -> Pixels:
    across = np.linspace(70, 170, width, dtype=np.float32)
    down = np.linspace(1.0, 0.7, height, dtype=np.float32)
    lit = (down[:, None] * across[None, :])[..., None]
    room: Pixels = np.repeat(lit, 3, axis=2).astype(np.uint8)
    for _ in range(40):
        corner = draw.integers((0, 0), (width, height))
        size = draw.integers((width // 40, height // 30), (width // 6, height // 4))
        shade = [int(one) for one in draw.integers(20, 235, 3)]
        end = corner + size
        cv2.rectangle(room, (int(corner[0]), int(corner[1])), (int(end[0]), int(end[1])), shade, -1)
    return room


def _burn_in(picture: Pixels, t: float) -> None:
    text = f"{int(t) // 60:02d}:{int(t) % 60:02d}"
    cv2.putText(picture, text, (8, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 2)
