"""The still part of the picture: a wall with windows, the sky, the ground."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.facade.camera import Camera

Luma = NDArray[np.uint8]
Corners = NDArray[np.int32]

TEXELS_PER_M = 24
LIT = 0.25
"""Share of windows lit at night."""
COOLED = 0.4
"""Share of windows with the box of an air conditioner below."""
STEP_M = 3.0
"""Width of one column of windows."""


@dataclass(frozen=True, slots=True)
class Building:
    """What stands there. floors: above the ground; floor_m: slab to slab; half_width_m: of it."""

    floors: int
    floor_m: float
    half_width_m: float

    @property
    def top_m(self) -> float:
        """Height of the roof's edge."""
        return self.floors * self.floor_m


def paint(
    building: Building, camera: Camera, rng: np.random.Generator, *, night: bool
) -> tuple[Luma, list[Corners]]:
    """The picture (H, W), and the corners of its windows in it, px."""
    wall = _wall(building, rng, night=night)
    rows, columns = wall.shape
    half, top = building.half_width_m, building.top_m
    corners = [(-half, top), (half, top), (half, 0.0), (-half, 0.0)]
    target = np.array([camera.wall(x, y) for x, y in corners], np.float32)
    source = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    size = (camera.width, camera.height)
    sky = np.linspace(28 if night else 205, 40 if night else 175, camera.height)
    picture = np.repeat(sky[:, None], camera.width, axis=1).astype(np.float32)
    seen = cv2.warpPerspective(wall, matrix, size, flags=cv2.INTER_AREA)
    covered = cv2.warpPerspective(np.full_like(wall, 255), matrix, size)
    picture = np.where(covered > 0, seen, picture)
    ground = int(camera.wall(0, 0)[1])
    if ground < camera.height:
        picture[max(0, ground) :] = 30 if night else 95
    windows = [
        np.array([camera.wall(x, y) for x, y in corners_], np.int32)
        for corners_ in _windows(building)
    ]
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), 0.7)
    return np.clip(soft, 0, 255).astype(np.uint8), windows


def _windows(building: Building) -> list[list[tuple[float, float]]]:
    found = []
    for floor in range(building.floors):
        low = floor * building.floor_m + 0.9
        for left in np.arange(-building.half_width_m + 0.7, building.half_width_m - 2, STEP_M):
            x, high = float(left), low + 1.5
            found.append([(x, high), (x + 1.6, high), (x + 1.6, low), (x, low)])
    return found


def _wall(building: Building, rng: np.random.Generator, *, night: bool) -> Luma:
    rows = round(building.top_m * TEXELS_PER_M)
    columns = round(2 * building.half_width_m * TEXELS_PER_M)
    base = rng.uniform(110, 185)
    wall = np.full((rows, columns), base, np.float32)
    coarse = rng.normal(0, 6, (rows // 24 + 2, columns // 24 + 2)).astype(np.float32)
    wall += cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    wall += rng.normal(0, 4, wall.shape).astype(np.float32)
    for floor in range(building.floors):
        slab = rows - round(floor * building.floor_m * TEXELS_PER_M)
        wall[max(0, slab - 5) : slab] += rng.uniform(-45, 30)
    for corners in _windows(building):
        (left, high), _, (right, low), _ = corners
        x0, x1 = (round((x + building.half_width_m) * TEXELS_PER_M) for x in (left, right))
        y0, y1 = (rows - round(y * TEXELS_PER_M) for y in (high, low))
        wall[y0 - 2 : y1 + 2, x0 - 2 : x1 + 2] += 25
        lit = night and rng.random() < LIT
        wall[y0:y1, x0:x1] = rng.uniform(500, 900) if lit else rng.uniform(35, 95)
        wall[y0:y1, (x0 + x1) // 2 - 1 : (x0 + x1) // 2 + 1] = base
        if rng.random() < COOLED:
            wall[y1 + 4 : y1 + 14, x0 : x0 + 20] = rng.uniform(150, 220)
    return np.asarray(np.clip(wall * (0.22 if night else 1.0), 0, 255), np.uint8)
