"""Render the simulator's cabins: `python -m training.cabins.clips simulators/scenes/cabin`.

Short sequences of e-bikes and of harmless things that come into elevator cars, in the form that
`simulators.elevator.scenes` plays. Cabins are numbered from 100 on and seeds begin with "clip", so
none was in training (cabins 0 to 99, seeds "scene"). Which cabins: the first that a bike fits into
and whose first camera sees enough of them; the pictures have no say in it. Beside each picture
its truth is written, as `gatehouse eval ebike` reads it; where a bike is still in the door there is
none.
"""

from __future__ import annotations

import argparse
import shutil
import time
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from training.cabins.blender import Stage
from training.cabins.cabin import Cabin, build
from training.cabins.camera import SENSOR_MM, View, views
from training.cabins.moves import Plan, plan
from training.cabins.render import TRIM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.cabins.shapes import Solid

FIRST_CABIN = 100
WIDTH, HEIGHT = 448, 336
QUALITY = 80
FPS = 5
TAKES = {"ebike": 2, "bicycle": 1, "stroller": 1, "wheelchair": 1, "person": 1, "two-people": 1}
WAY_IN = 9
WAITING = 3
RIDING = 2
WAY_OUT = 7
_SEES_DEG = 90.0


@dataclass(frozen=True)
class Shot:
    """One picture: who stands where, whether the door is open, where it goes.

    bike: the one of `solids` that is an e-bike. in_door: it is on its way through the door.
    """

    folder: str
    number: int
    door_open: bool
    solids: list[Solid]
    bike: Solid | None = None
    in_door: bool = False


def main() -> None:
    """Render every clip and write the index."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--cabins", type=int, default=2)
    ask.add_argument("--samples", type=int, default=2)
    ask.add_argument("--threads", type=int, default=2)
    ask.add_argument("--keep", action="store_true", help="keep the pictures; write the rest anew")
    given = ask.parse_args()
    lines = ["# Rendered by training/cabins/clips.py; what it means: simulators/elevator/scenes.py"]
    for number, cabin_id in zip(range(1, given.cabins + 1), fitting(), strict=False):
        name = f"s{number:02d}"
        if not given.keep:
            shutil.rmtree(given.out / name, ignore_errors=True)
        start = time.monotonic()
        lines += _cabin(given, name, cabin_id)
        print(name, f"cabin {cabin_id}: {time.monotonic() - start:.0f} s", flush=True)
    (given.out / "index.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def fitting() -> Iterator[int]:
    """The numbers of cabins that a bike fits into, seen by a camera inside with a wide lens."""
    for cabin_id in count(FIRST_CABIN):
        cabin, view = _room(cabin_id, opened=1.0)
        wide = 4 * np.degrees(np.arcsin(SENSOR_MM / 2 / (2 * view.focal_mm)))
        fits = cabin.width >= 1.4 and cabin.depth >= 1.85 and cabin.door_width >= 0.95
        if fits and view.mount != "door" and wide >= _SEES_DEG:
            yield cabin_id


def _room(cabin_id: int, *, opened: float) -> tuple[Cabin, View]:
    scene = Random(f"clip {cabin_id}")
    cabin = build(cabin_id, scene, opened=opened)
    (view, _) = views(cabin_id, cabin, Random(f"clip {cabin_id}/aim"))
    return cabin, replace(view, width=WIDTH, height=HEIGHT)


def _cabin(given: argparse.Namespace, name: str, cabin_id: int) -> list[str]:
    cabin, view = _room(cabin_id, opened=1.0)
    shots, entries = _clips(name, cabin_id, cabin)
    for shot in shots:
        _tell(given.out / shot.folder / f"{shot.number:02d}.txt", shot, view)
    for door_open in () if given.keep else (True, False):
        stage = _stage(given, cabin_id, cabin, door_open=door_open)
        for shot in (one for one in shots if one.door_open is door_open):
            things: list[Any] = [stage.place(solid, "thing") for solid in shot.solids]
            stage.shoot(view, given.out / shot.folder / f"{shot.number:02d}.jpg")
            for thing in things:
                stage.remove(thing)
    corners = ", ".join(f"[{x:.2f}, {y:.2f}]" for x, y in _floor(cabin, view))
    return ["", "[[cabin]]", f'id = "{name}"', f"polygon = [{corners}]", *entries]


def _stage(given: argparse.Namespace, cabin_id: int, cabin: Cabin, *, door_open: bool) -> Stage:
    light = Random(f"clip {cabin_id}/light")
    stage = Stage(
        samples=given.samples,
        threads=given.threads,
        sky=cabin.sky,
        look="Standard",
        exposure=light.uniform(-0.7, 0.2),
        quality=QUALITY,
    )
    shown = cabin if door_open else _room(cabin_id, opened=0.0)[0]
    stage.place(shown.solid, "cabin")
    for lamp in cabin.lamps if door_open else cabin.lamps[1:]:  # the first is the landing's
        stage.light(lamp)
    return stage


def _clips(name: str, cabin_id: int, cabin: Cabin) -> tuple[list[Shot], list[str]]:
    shots: list[Shot] = []
    entries: list[str] = []
    for door in ("open", "closed"):
        folder = f"{name}/empty-{door}"
        shots.append(Shot(folder, 0, door == "open", []))
        entries += _entry(name, "empty", 1, "inside", folder, door=door)
    for subject, takes in TAKES.items():
        for take in range(1, takes + 1):
            way = plan(subject, take, cabin_id, cabin)
            start = f"{name}/{subject}-{take}"
            shots += _shots(start, way, ebike=subject == "ebike")
            entries += _entry(name, subject, take, "enter", f"{start}/enter", inside_s=way.sill)
            for door in ("open", "closed"):
                entries += _entry(name, subject, take, "inside", f"{start}/{door}", door=door)
            out, backwards = ("enter", True) if way.back is None else ("leave", False)
            entries += _entry(name, subject, take, "leave", f"{start}/{out}", backwards=backwards)
    return shots, entries


def _shots(start: str, way: Plan, *, ebike: bool) -> Iterator[Shot]:
    def shot(part: str, number: int, share: float, sway: float, *, door_open: bool = True) -> Shot:
        solids = way.at(share, sway)
        bike = solids[0] if ebike else None
        return Shot(f"{start}/{part}", number, door_open, solids, bike, ebike and share < way.sill)

    for i in range(WAY_IN):
        yield shot("enter", i, min(0.999, i / (WAY_IN - 1)), 0.0)
    for i in range(WAITING):
        yield shot("open", i, 1.0, i / 4)
    for i in range(RIDING):
        yield shot("closed", i, 1.0, i / 4, door_open=False)
    if way.back is not None:
        for i in range(WAY_OUT):
            yield Shot(f"{start}/leave", i, True, way.back(1 - i / (WAY_OUT - 1)))


def _entry(
    cabin: str,
    subject: str,
    take: int,
    part: str,
    folder: str,
    *,
    door: str = "",
    inside_s: float | None = None,
    backwards: bool = False,
) -> list[str]:
    lines = ["", "[[clip]]", f'cabin = "{cabin}"', f'subject = "{subject}"', f'take = "{take}"']
    lines += [f'part = "{part}"', f'folder = "{folder}"', f"fps = {FPS if door == '' else 2}"]
    if door:
        lines.append(f'door = "{door}"')
    if inside_s is not None:
        lines.append(f"inside_s = {inside_s * (WAY_IN - 1) / FPS:.1f}")
    return [*lines, "backwards = true"] if backwards else lines


def _tell(path: Path, shot: Shot, view: View) -> None:
    """Write the truth of a picture: the box of its e-bike, or that there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if shot.in_door:
        return
    text = ""
    if shot.bike is not None:
        low, high = np.percentile(view.project(shot.bike.points()), TRIM, axis=0)
        text = "ebike " + " ".join(f"{v:.4f}" for v in np.clip([*low, *high], 0, 1)) + "\n"
    path.write_text(text, encoding="utf-8")


def _floor(cabin: Cabin, view: View) -> np.ndarray:
    """The outline, in shares of the picture, of where a bike's middle can be."""
    w, d = cabin.width / 2, cabin.depth / 2
    along = np.linspace(-1, 1, 25)
    edge = [(x * w, y) for x in along for y in (-d, d)] + [
        (x, y * d) for y in along for x in (-w, w)
    ]
    points = np.array([[x, y, z] for x, y in edge for z in (0.0, 0.5, 0.9)])
    seen = np.clip(view.project(points), 0, 1).astype(np.float32)
    hull = cv2.approxPolyDP(cv2.convexHull(seen), 0.02, closed=True)
    return np.asarray(hull).reshape(-1, 2)


if __name__ == "__main__":
    main()
