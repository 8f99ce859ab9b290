"""Ways that things move before a facade, in metres, as the tracks that a camera makes of them."""

import math

import numpy as np

from hub.rules.facade import FacadeSite
from simulators.facade.camera import Camera
from wire.tracks import Track

CAMERA = Camera(1920, 1080, 30.0, 2.0, 40.0)
FLOOR_M = 2.9


def px(x, y, z=0.4):
    column, row, scale = CAMERA.project(*(array(v) for v in (x, y, z)))
    return float(column) / CAMERA.width, float(row) / CAMERA.height, float(scale)


def array(value):
    return np.array(float(value))


def track_of(place, *, seconds, fps=25.0, size_m=0.3, start_s=3.0, log_nfa=-40.0, jitter=0.0):
    """The track of something at `place(t)` metres for `seconds`."""
    points, scale = [], 1.0
    for i in range(round(seconds * fps)):
        x, y, scale = px(*place(i / fps))
        points.append((start_s + i / fps, x, y + jitter * math.sin(7.1 * i)))
    return Track(
        points=points,
        size=size_m * scale / CAMERA.height,
        contrast=40,
        coverage=1,
        log_nfa=log_nfa,
        frame=(CAMERA.width, CAMERA.height),
        fps=fps,
        decided_s=start_s + seconds,
    )


def line(floor):
    a, b = px(-8, (floor - 1) * FLOOR_M, 0), px(8, (floor - 1) * FLOOR_M, 0)
    return {"number": floor, "a": a[:2], "b": b[:2]}


CORNERS = [px(x, y, 0)[:2] for x, y in ((-12, 40), (12, 40), (12, 2), (-12, 2))]
SITE = FacadeSite.model_validate(
    {"polygon": CORNERS, "floors": [line(n) for n in (2, 6, 10, 13)], "floor_height_m": FLOOR_M}
)


def fall(height, *, sideways=0.4, after=0.0):
    return lambda t: (1 + sideways * (t + after), height - 4.9 * (t + after) ** 2)


def drift(height, speed=1.6):
    return lambda t: (0.25 * math.sin(4 * t) + 0.2 * t, height - speed * t)
