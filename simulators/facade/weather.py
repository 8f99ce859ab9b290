"""What the air, the trees, the camera and the recorder do to a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
Exposed = NDArray[np.uint8]

LOSSLESS = 100
"""The quality at which nothing is compressed."""
POOL = 7
"""Pictures of noise that are drawn once and used shifted."""


class Tree:
    """A crown in a lower corner that sways in two layers."""

    def __init__(self, picture: Picture, rng: np.random.Generator, *, left: bool) -> None:
        rows, columns = picture.shape
        height, width = int(rows * rng.uniform(0.25, 0.45)), int(columns * rng.uniform(0.15, 0.28))
        self._rows = slice(rows - height, rows)
        self._columns = slice(0, width) if left else slice(columns - width, columns)
        self._layers = [_leaves(height, width, rng) for _ in range(2)]
        self._rates = rng.uniform(0.15, 0.9, (2, 2))
        self._phases = rng.uniform(0, 6.28, (2, 2))
        self._reach = rows * rng.uniform(0.003, 0.012)

    def draw(self, picture: Picture | Exposed, at_s: float) -> None:
        """Put the crown into the picture, exposed or not, as it stands at `at_s`."""
        target = picture[self._rows, self._columns]
        for (luma, cover), rates, phases in zip(
            self._layers, self._rates, self._phases, strict=True
        ):
            sway = self._reach * np.sin(6.283 * rates * at_s + phases)
            gust = 1 + 0.6 * np.sin(at_s * 0.7 + phases[0])
            bend = float(sway[0] * gust) / target.shape[0]
            matrix = np.array(
                [[1, -bend, bend * target.shape[0]], [0, 1, 0.3 * sway[1]]], np.float32
            )
            size = (target.shape[1], target.shape[0])
            moved = cv2.warpAffine(luma, matrix, size, borderMode=cv2.BORDER_REPLICATE)
            over = cv2.warpAffine(cover, matrix, size, borderMode=cv2.BORDER_REPLICATE)
            target[:] = target + over * (moved - target)


def _leaves(height: int, width: int, rng: np.random.Generator) -> tuple[Picture, Picture]:
    fine = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2.2)
    fine = fine / fine.std()
    luma = np.clip(62 + 26 * fine, 5, 200).astype(np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    away = np.hypot((x - width / 2) / (width / 2), (y - height) / height)
    holes = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 6)
    cover = 1 / (1 + np.exp(np.clip((away - 0.85 + 0.12 * holes / holes.std()) * 30, -40, 40)))
    return luma, np.asarray(cover, np.float32)


class Rain:
    """Streaks that fall near the camera, seen against everything."""

    def __init__(self, rng: np.random.Generator, *, drops: int) -> None:
        self._rng = rng
        self._drops = drops
        self._lean = rng.normal(0, 0.08)

    def draw(self, picture: Picture, *, exposure_s: float) -> None:
        """Draw this picture's drops; each is seen in one picture, as at 9 m/s it is."""
        picture += self.streaks(picture.shape, exposure_s=exposure_s).astype(np.float32)

    def streaks(self, shape: tuple[int, ...], *, exposure_s: float) -> NDArray[np.uint8]:
        """How much brighter a picture's drops make it, (H, W)."""
        rows, columns = shape
        layer = np.zeros((rows, columns), np.uint8)
        count = self._rng.poisson(self._drops)
        near = self._rng.uniform(1.0, 12.0, count)
        xs, ys = self._rng.uniform(0, columns, count), self._rng.uniform(-0.1, 1, count) * rows
        for x, y, distance in zip(xs, ys, near, strict=True):
            length = 9 * exposure_s / distance * rows * 1.2
            end = (int(x + self._lean * length), int(y + length))
            bright = int(90 / (1 + distance / 3))
            cv2.line(layer, (int(x), int(y)), end, bright, 1, cv2.LINE_AA)
        return layer


class Sensor:
    """Noise, and what a recorder's compression leaves."""

    def __init__(
        self, shape: tuple[int, int], rng: np.random.Generator, *, noise: float, quality: int
    ) -> None:
        self._rng = rng
        self._pool = [rng.normal(0, noise, shape).astype(np.float32) for _ in range(POOL)]
        self._quality = quality

    def expose(self, picture: Picture) -> NDArray[np.uint8]:
        """The picture as the recorder hands it out, (H, W)."""
        noise = self._pool[int(self._rng.integers(POOL))]
        if self._rng.integers(2):
            noise = noise[::-1]
        exact = np.clip(picture + noise, 0, 255).astype(np.uint8)
        if self._quality >= LOSSLESS:
            return np.asarray(exact, np.uint8)
        _, packed = cv2.imencode(".jpg", exact, [cv2.IMWRITE_JPEG_QUALITY, self._quality])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


class Shake:
    """A mast in the wind, and now and then a knock against it."""

    def __init__(self, rng: np.random.Generator, *, amplitude_px: float) -> None:
        self._rates = rng.uniform(0.3, 3.0, (2, 3))
        self._phases = rng.uniform(0, 6.28, (2, 3))
        self._amplitude = amplitude_px
        self._knock_s = rng.uniform(2, 5)

    def move(self, picture: Picture | Exposed, at_s: float) -> Picture:
        """The picture as the moved camera sees it."""
        if self._amplitude <= 0:
            return np.asarray(picture, np.float32)
        offset = np.sin(6.283 * self._rates * at_s + self._phases).sum(axis=1) * self._amplitude / 2
        since = at_s - self._knock_s
        if since > 0:
            offset = offset + self._amplitude * 2 * np.exp(-3 * since) * np.sin(6.283 * 6 * since)
        matrix = np.array([[1, 0, offset[0]], [0, 1, offset[1]]], np.float32)
        size = (picture.shape[1], picture.shape[0])
        return np.asarray(
            cv2.warpAffine(picture, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.float32
        )
