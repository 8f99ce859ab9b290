"""One camera's view of one facade for some seconds, picture by picture, with its truth."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from simulators.facade import bodies
from simulators.facade.bodies import Falling, Path
from simulators.facade.building import Building, paint
from simulators.facade.camera import Camera
from simulators.facade.fixtures import Laundry, Light, exposure_step
from simulators.facade.paint import draw
from simulators.facade.weather import Rain, Sensor, Shake, Tree

Frame = NDArray[np.uint8]
Decoy = Literal["bird", "leaf", "rain", "insect", "laundry", "light", "exposure", "tree"]

MID_GREY = 128
WARM_UP_S = 2.0
"""Nothing falls before."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is rendered; the same scene gives the same pictures.

    fall: what falls, or None.  size_px: its size where it is let go.  contrast: its difference
    to what it passes, levels.  drop_floors: height of the release above the lowest one seen.
    shake_px: amplitude at 1080 rows.  background: a real picture (H, W) instead of a rendered one.
    """

    seed: int
    rows: int = 720
    fps: float = 25.0
    seconds: float = 6.0
    fall: Falling | None = None
    size_px: float = 10.0
    contrast: float = 60.0
    drop_share: float = 0.7
    night: bool = False
    decoys: tuple[Decoy, ...] = ("tree",)
    shake_px: float = 0.0
    noise: float = 2.0
    quality: int = 75
    background: Frame | None = None


@dataclass(frozen=True, slots=True)
class Fall:
    """Ground truth of a fall.

    points: (s, px, px) for every picture in which its centre is inside.  spans: its width and
    height at each of them, px.  origin: px.  floor: of the window it came from, the ground floor
    is 1.
    """

    kind: Falling
    size_px: float
    origin: tuple[float, float]
    floor: int
    points: tuple[tuple[float, float, float], ...]
    spans: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """A rendered clip.

    site: what a site file would say of this camera, as plain data (polygon, floors, columns).
    frames: (H, W) luma, made as they are taken.
    """

    width: int
    height: int
    fps: float
    falls: tuple[Fall, ...]
    site: dict[str, Any]
    frames: Iterator[Frame]


def render(scene: Scene) -> Clip:
    """The clip of a scene."""
    rng = np.random.default_rng(scene.seed)
    width = round(scene.rows * 16 / 9 / 2) * 2
    building = Building(int(rng.integers(9, 19)), float(rng.uniform(2.8, 3.1)), 22.0)
    camera = _aim(building, rng, width=width, rows=scene.rows)
    still, windows = paint(building, camera, rng, night=scene.night)
    if scene.background is not None:
        still = np.asarray(cv2.resize(scene.background, (width, scene.rows)), np.uint8)
    fallen = _fall(scene, building, camera, still, rng)
    falls = () if fallen is None else (_truth(scene, building, camera, fallen),)
    movers = [] if fallen is None else [fallen]
    movers += _fliers(scene, camera, rng)
    frames = _frames(scene, camera, still, windows, movers, rng)
    site = _site(building, camera)
    return Clip(width, scene.rows, scene.fps, falls, site, frames)


def _aim(building: Building, rng: np.random.Generator, *, width: int, rows: int) -> Camera:
    """Some floors up to the roof, seen from a usual distance."""
    high = building.top_m + rng.uniform(0.5, 3)
    low = max(1.0, high - rng.uniform(24, 42))
    return Camera(width, rows, float(rng.uniform(22, 45)), float(low), float(high))


def _fall(
    scene: Scene, building: Building, camera: Camera, still: Frame, rng: np.random.Generator
) -> Path | None:
    if scene.fall is None:
        return None
    lowest = max(camera.low_m, 1.0)
    span = building.top_m - lowest
    height = lowest + span * min(0.97, max(0.35, scene.drop_share + rng.uniform(-0.05, 0.05)))
    sideways = 0.3 * camera.distance_m * camera.width / camera.focal_px
    x = float(np.clip(rng.uniform(-sideways, sideways), -18, 18))
    _, _, scale = camera.project(np.array(x), np.array(height), np.array(0.4))
    column, row = camera.wall(x, height)
    _, end = camera.wall(x, lowest)
    c, r = int(np.clip(column, 0, camera.width - 1)), int(np.clip(row, 0, camera.height - 2))
    passed = still[r : max(r + 1, int(end)), c]
    below = float(np.median(passed))
    luma = below + scene.contrast * (1 if below < MID_GREY else -1)
    return bodies.fall(
        scene.fall,
        (x, float(height), 0.4),
        start_s=WARM_UP_S + float(rng.uniform(0, 0.8)),
        size_m=scene.size_px / float(scale),
        luma=float(np.clip(luma, 0, 255)),
        rng=rng,
    )


def _truth(scene: Scene, building: Building, camera: Camera, path: Path) -> Fall:
    times = np.arange(round(scene.seconds * scene.fps)) / scene.fps
    places, sizes, there = path.at(times)
    u, v, px_per_m = camera.project(places[:, 0], places[:, 1], places[:, 2])
    spans = sizes * px_per_m[:, None]
    inside = there & (u >= 0) & (u < camera.width) & (v >= 0) & (v < camera.height)
    x, y, z = path.places[0]
    column, row, _ = camera.project(np.array(x), np.array(y), np.array(z))
    return Fall(
        kind=scene.fall or "heavy",
        size_px=scene.size_px,
        origin=(float(column), float(row)),
        floor=int(y // building.floor_m) + 1,
        points=tuple((float(times[i]), float(u[i]), float(v[i])) for i in np.flatnonzero(inside)),
        spans=tuple((float(spans[i, 0]), float(spans[i, 1])) for i in np.flatnonzero(inside)),
    )


def _fliers(scene: Scene, camera: Camera, rng: np.random.Generator) -> list[Path]:
    half = 0.5 * camera.distance_m * camera.width / camera.focal_px + 2
    movers: list[Path] = []
    for _ in range(max(1, round(scene.seconds / 5))):
        start = float(rng.uniform(0, scene.seconds))
        if "bird" in scene.decoys:
            span = (half, camera.low_m, camera.high_m + 4)
            movers.append(bodies.bird(span, start_s=start, rng=rng))
        if "insect" in scene.decoys:
            view = (camera.low_m, camera.high_m)
            movers.append(bodies.insect(camera.distance_m, view, start_s=start, rng=rng))
        if "leaf" in scene.decoys:
            for _ in range(3):
                x, y = rng.uniform(-half, half), rng.uniform(camera.low_m, camera.high_m + 2)
                place = (float(x), float(y), float(rng.uniform(0.5, camera.distance_m * 0.6)))
                begin = float(rng.uniform(-4, scene.seconds))
                luma = float(rng.uniform(30, 200))
                movers.append(bodies.leaf(place, start_s=begin, luma=luma, rng=rng))
    return movers


def _frames(
    scene: Scene,
    camera: Camera,
    still: Frame,
    windows: list[NDArray[np.int32]],
    movers: list[Path],
    rng: np.random.Generator,
) -> Iterator[Frame]:
    base = still.astype(np.float32)
    trees = [Tree(base, rng, left=left) for left in (True, False)] if "tree" in scene.decoys else []
    rain = Rain(rng, drops=60) if "rain" in scene.decoys else None
    laundry = [Laundry(base, windows, rng) for _ in range(4)] if "laundry" in scene.decoys else []
    lights = (
        [Light(windows, rng, scene.seconds) for _ in range(5)] if "light" in scene.decoys else []
    )
    shake = Shake(rng, amplitude_px=scene.shake_px * scene.rows / 1080)
    sensor = Sensor(base.shape, rng, noise=scene.noise, quality=scene.quality)
    exposure_s = 1 / 40 if scene.night else float(rng.choice([1 / 250, 1 / 120]))
    steps = exposure_step(rng, scene.seconds) if "exposure" in scene.decoys else (lambda _: 1.0)
    for index in range(round(scene.seconds * scene.fps)):
        at_s = index / scene.fps
        picture = base.copy()
        for light in lights:
            light.draw(picture, at_s)
        for sheet in laundry:
            sheet.draw(picture, at_s)
        for mover in movers:
            draw(picture, mover, camera, at_s=at_s, exposure_s=exposure_s)
        for tree in trees:
            tree.draw(picture, at_s)
        if rain:
            rain.draw(picture, exposure_s=exposure_s)
        yield sensor.expose(shake.move(picture, at_s) * steps(at_s))


def _site(building: Building, camera: Camera) -> dict[str, Any]:
    """The calibration that someone with a ruler would write."""
    half, top = building.half_width_m, building.top_m + 0.5
    low = max(camera.low_m, 0.0)
    polygon = [
        _fraction(camera, x, y) for x, y in ((-half, top), (half, top), (half, low), (-half, low))
    ]
    seen = [n for n in range(1, building.floors + 1) if low <= (n - 1) * building.floor_m]
    chosen = seen[:: max(1, len(seen) // 4)]
    floors = [
        {
            "number": n,
            "a": _fraction(camera, -8, (n - 1) * building.floor_m),
            "b": _fraction(camera, 8, (n - 1) * building.floor_m),
        }
        for n in chosen
    ]
    return {
        "polygon": polygon,
        "floors": floors,
        "floor_height_m": round(building.floor_m, 2),
    }


def _fraction(camera: Camera, x: float, y: float) -> tuple[float, float]:
    column, row = camera.wall(x, y)
    along = min(1.5, max(-0.5, column / camera.width))
    return round(along, 3), round(min(1.5, max(-0.5, row / camera.height)), 3)
