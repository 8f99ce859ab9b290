"""Where cameras hang and how their lenses draw: equisolid fisheye, r = 2 f sin(theta / 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

import numpy as np

from training.cabins.shapes import spin

if TYPE_CHECKING:
    from training.cabins.cabin import Cabin

SENSOR_MM = 36.0
Mount = Literal["corner", "edge", "ceiling", "door"]


@dataclass(frozen=True)
class View:
    """A camera: pose (4, 4) looking down its own -z, focal length in mm, picture size in px."""

    mount: Mount
    pose: np.ndarray
    focal_mm: float
    width: int
    height: int

    def project(self, points: np.ndarray) -> np.ndarray:
        """World points (n, 3) as fractions (n, 2) of the picture, origin top left."""
        turned = (points - self.pose[:3, 3]) @ self.pose[:3, :3]
        reach = np.linalg.norm(turned, axis=1) + 1e-9
        off_axis = np.arccos(np.clip(-turned[:, 2] / reach, -1, 1))
        radius = 2 * self.focal_mm * np.sin(off_axis / 2)
        around = np.arctan2(turned[:, 1], turned[:, 0])
        high_mm = SENSOR_MM * self.height / self.width
        return np.stack(
            [0.5 + radius * np.cos(around) / SENSOR_MM, 0.5 - radius * np.sin(around) / high_mm], 1
        )


def views(cabin_id: int, cabin: Cabin, scene: Random) -> list[View]:
    """Two cameras of this cabin: their mounts are the cabin's own, their aim differs a little."""
    own = Random(f"mounts {cabin_id}")
    drawn = [
        own.choices(["corner", "edge", "ceiling", "door"], [58, 16, 14, 12])[0] for _ in (0, 1)
    ]
    return [_view(mount, cabin, own, scene) for mount in drawn]  # type: ignore[arg-type]


def _view(mount: Mount, cabin: Cabin, own: Random, scene: Random) -> View:
    w, d, h = cabin.width, cabin.depth, cabin.height
    inset = own.uniform(0.06, 0.2)
    at = np.array(
        [
            own.choice([-1, 1]) * (w / 2 - inset),
            own.choices([1, -1], [70, 30])[0] * (d / 2 - inset),
            h - own.uniform(0.06, 0.25),
        ]
    )
    aim = np.array([-at[0] * 0.15, -at[1] * 0.25, own.uniform(0.1, 0.95)])
    field_deg = own.uniform(68, 120)
    roll = own.gauss(0, 6)
    if mount == "edge":
        at[0] = own.uniform(-0.6, 0.6) * w / 2
    elif mount == "ceiling":
        at[:2] = own.uniform(-0.3, 0.3) * w, own.uniform(-0.3, 0.3) * d
        aim = np.array([at[0], at[1] + 0.02, 0]) + [
            own.uniform(-0.3, 0.3),
            own.uniform(-0.3, 0.3),
            0,
        ]
        field_deg, roll = own.uniform(95, 150), own.uniform(0, 360)
    elif mount == "door":
        at = np.array(
            [
                cabin.door_at + own.uniform(-0.5, 0.5),
                -d / 2 - own.uniform(0.3, 1.6),
                own.uniform(1.2, 1.9),
            ]
        )
        aim = np.array([own.uniform(-0.3, 0.3), own.uniform(-0.2, 0.6), own.uniform(0.4, 0.9)])
        field_deg = own.uniform(50, 85)
    aim += [scene.gauss(0, 0.1), scene.gauss(0, 0.1), scene.gauss(0, 0.06)]
    width, height = own.choice([(352, 200), (352, 200), (320, 240), (304, 304)])
    focal = SENSOR_MM / 2 / (2 * math.sin(math.radians(field_deg) / 4))
    return View(mount, _look(at, aim, math.radians(roll)), focal, width, height)


def _look(at: np.ndarray, aim: np.ndarray, roll: float) -> np.ndarray:
    back = at - aim
    back /= np.linalg.norm(back)
    right = np.cross((0.0, 0.0, 1.0), back)
    right /= np.linalg.norm(right) + 1e-9
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, np.cross(back, right), back], 1)
    pose[:3, 3] = at
    return pose @ spin(roll)
