"""Meshes from a few curved primitives, each one numpy arithmetic; metres, z up, x forward."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

Point = tuple[float, float, float]


@dataclass
class Solid:
    """One thing's mesh under construction; `place` is the frame in which parts are added."""

    vertices: list[np.ndarray] = field(default_factory=list)
    faces: list[tuple[int, ...]] = field(default_factory=list)
    materials: list[object] = field(default_factory=list)
    face_material: list[int] = field(default_factory=list)
    smooth: list[bool] = field(default_factory=list)
    place: np.ndarray = field(default_factory=lambda: np.eye(4))

    def add(
        self,
        points: np.ndarray,
        faces: Sequence[tuple[int, ...]],
        material: object,
        *,
        smooth: bool = True,
    ) -> None:
        """Append `points` (n, 3) and `faces` (indices into them), moved into `place`."""
        start = sum(len(block) for block in self.vertices)
        self.vertices.append(points @ self.place[:3, :3].T + self.place[:3, 3])
        if material not in self.materials:
            self.materials.append(material)
        index = self.materials.index(material)
        self.faces.extend(tuple(start + i for i in face) for face in faces)
        self.face_material.extend([index] * len(faces))
        self.smooth.extend([smooth] * len(faces))

    def grid(self, points: np.ndarray, material: object, *, capped: bool = True) -> None:
        """Rings of points (rings, around, 3), joined to a closed skin."""
        rings, around = points.shape[:2]
        faces: list[tuple[int, ...]] = [
            (
                i * around + j,
                i * around + (j + 1) % around,
                (i + 1) * around + (j + 1) % around,
                (i + 1) * around + j,
            )
            for i in range(rings - 1)
            for j in range(around)
        ]
        if capped:
            last = (rings - 1) * around
            faces += [tuple(range(around))[::-1], tuple(range(last, last + around))]
        self.add(points.reshape(-1, 3), faces, material)

    def tube(
        self,
        path: Sequence[Point],
        radius: float | Sequence[float],
        material: object,
        around: int = 7,
    ) -> None:
        """A round bar along `path`."""
        line = np.asarray(path, float)
        radii = np.broadcast_to(np.asarray(radius, float), (len(line),))
        along = np.gradient(line, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
        side = np.cross(along[0], (0.31, 0.57, 0.76))
        turn = np.linspace(0, 2 * math.pi, around, endpoint=False)
        rings = []
        for point, axis, r in zip(line, along, radii, strict=True):
            side = side - axis * float(axis @ side)
            side /= np.linalg.norm(side) + 1e-9
            other = np.cross(axis, side)
            rings.append(point + r * (np.outer(np.cos(turn), side) + np.outer(np.sin(turn), other)))
        self.grid(np.stack(rings), material)

    def blob(
        self,
        centre: Point,
        radii: Point,
        material: object,
        power: float = 2.0,
        turn: np.ndarray | None = None,
    ) -> None:
        """A superellipsoid: `power` 2 a ball, above 5 a rounded box; `turn` (3, 3) rotates it."""
        up = np.linspace(-math.pi / 2 + 0.05, math.pi / 2 - 0.05, 9)
        around = np.linspace(0, 2 * math.pi, 14, endpoint=False) + 0.2
        c_up, s_up = _power(np.cos(up), power), _power(np.sin(up), power)
        c_ar, s_ar = _power(np.cos(around), power), _power(np.sin(around), power)
        points = np.stack(
            [np.outer(c_up, c_ar), np.outer(c_up, s_ar), np.outer(s_up, np.ones_like(c_ar))], -1
        ) * np.asarray(radii)
        if turn is not None:
            points = points @ turn.T
        self.grid(points + np.asarray(centre), material)

    def box(self, centre: Point, size: Point, material: object) -> None:
        """A box with sharp edges, `size` being full lengths."""
        corner = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
        faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
        self.add(corner * np.asarray(size) / 2 + np.asarray(centre), faces, material, smooth=False)

    def hoop(
        self,
        centre: Point,
        radius: float,
        thick: float,
        material: object,
        arc: tuple[float, float] = (0.0, 360.0),
        wide: float = 1.0,
    ) -> None:
        """A ring (or an arc of it, degrees) standing in the x-z plane."""
        whole = arc[1] - arc[0] >= 360
        angle = np.radians(np.linspace(*arc, 25 if whole else 13))
        turn = np.linspace(0, 2 * math.pi, 7, endpoint=False)
        reach = radius + thick * np.cos(turn)
        points = np.stack(
            [
                np.outer(np.cos(angle), reach),
                np.broadcast_to(thick * wide * np.sin(turn), (len(angle), len(turn))),
                np.outer(np.sin(angle), reach),
            ],
            -1,
        )
        self.grid(points + np.asarray(centre), material, capped=not whole)

    def hull(
        self,
        sections: Sequence[tuple[Point, float, float]],
        material: object,
        axis: str = "x",
        power: float = 2.6,
    ) -> None:
        """A skin over cross-sections (centre, half width, half height or depth) along `axis`."""
        rows = np.array([[*c, a, b] for c, a, b in sections], float)
        fine = np.linspace(0, len(rows) - 1, 3 * len(rows))
        rows = np.stack([np.interp(fine, range(len(rows)), rows[:, i]) for i in range(5)], 1)
        rows[1:-1] = (rows[:-2] + 2 * rows[1:-1] + rows[2:]) / 4
        turn = np.linspace(0, 2 * math.pi, 14, endpoint=False)
        one, two = _power(np.cos(turn), power), _power(np.sin(turn), power)
        points = np.repeat(rows[:, None, :3], len(turn), axis=1)
        if axis == "x":
            points[..., 1] += np.outer(rows[:, 3], one)
            points[..., 2] += np.outer(rows[:, 4], two)
        else:
            points[..., 0] += np.outer(rows[:, 4], one)
            points[..., 1] += np.outer(rows[:, 3], two)
        self.grid(points, material)

    def sheet(self, points: np.ndarray, material: object) -> None:
        """An open cloth over a grid of points (rows, columns, 3)."""
        rows, columns = points.shape[:2]
        faces = [
            (i * columns + j, i * columns + j + 1, (i + 1) * columns + j + 1, (i + 1) * columns + j)
            for i in range(rows - 1)
            for j in range(columns - 1)
        ]
        self.add(points.reshape(-1, 3), faces, material)

    def points(self) -> np.ndarray:
        """Every vertex so far, (n, 3)."""
        return np.concatenate(self.vertices) if self.vertices else np.zeros((0, 3))


def shift(x: float, y: float, z: float = 0.0) -> np.ndarray:
    """A translation, (4, 4)."""
    matrix = np.eye(4)
    matrix[:3, 3] = x, y, z
    return matrix


def spin(angle: float, axis: str = "z") -> np.ndarray:
    """A rotation by `angle` radians about an axis, (4, 4)."""
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(4)
    matrix[i, i] = matrix[j, j] = math.cos(angle)
    matrix[j, i], matrix[i, j] = math.sin(angle), -math.sin(angle)
    return matrix


def _power(values: np.ndarray, power: float) -> np.ndarray:
    return np.sign(values) * np.abs(values) ** (2 / power)
