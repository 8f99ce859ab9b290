"""Render scenes: `python -m training.cabins.render OUT --cabins 0:40 --scenes 5`.

Writes `{cabin}_{scene}_{shot}.jpg` with a line per picture in `index-*.jsonl`: split, mount, kinds,
and the box of the e-bike (fractions x0 y0 x1 y1) or null. The numbers are the seeds.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from training.cabins.blender import Stage
from training.cabins.cabin import split_of
from training.cabins.scene import Scene, compose

if TYPE_CHECKING:
    from training.cabins.camera import View

VISIBLE = 0.06  # less of the bike than this and nobody would call it seen
TRIM = (0.5, 99.5)  # percent of vertices kept: mirrors and levers do not stretch the box
PROBES = 160


def main() -> None:
    """Render a range of cabins, those already in the index left out."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("out", type=Path)
    ask.add_argument("--cabins", default="0:40", help="first:past the last")
    ask.add_argument("--scenes", type=int, default=5, help="scenes per cabin")
    ask.add_argument("--splits", default="train,val,test", help="cabins of these splits only")
    ask.add_argument("--first-scene", type=int, default=0)
    ask.add_argument("--samples", type=int, default=2)
    ask.add_argument("--threads", type=int, default=1)
    given = ask.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    first, last = map(int, given.cabins.split(":"))
    index = given.out / f"index-{first}-{given.first_scene}.jsonl"
    done = (
        {json.loads(line)["seed"] for line in index.read_text().splitlines()}
        if index.exists()
        else set()
    )
    with index.open("a") as book:
        # scene by scene over all cabins: stopped early, every cabin still has its share
        for number in range(given.first_scene, given.first_scene + given.scenes):
            for cabin_id in range(first, last):
                seed = f"{cabin_id}/{number}"
                if seed in done or split_of(cabin_id) not in given.splits.split(","):
                    continue
                start = time.monotonic()
                for row in _shots(given, cabin_id, number):
                    book.write(json.dumps({"seed": seed, **row}) + "\n")
                book.flush()
                print(seed, f"{time.monotonic() - start:.1f} s", flush=True)


def _shots(given: argparse.Namespace, cabin_id: int, number: int) -> list[dict[str, Any]]:
    scene = compose(cabin_id, number)
    rng = Random(f"light {cabin_id}/{number}")
    stage = Stage(
        samples=given.samples,
        threads=given.threads,
        sky=scene.cabin.sky,
        look="Standard" if rng.random() < 0.7 else "AgX",
        exposure=rng.uniform(-0.7, 1.0),
    )
    stage.place(scene.cabin.solid, "cabin")
    for lamp in scene.cabin.lamps:
        stage.light(lamp)
    for other in scene.others:
        stage.place(other, "other")
    rider = stage.place(scene.rider, "rider") if scene.rider else None
    rows = []
    views = [
        v for v in scene.views if v.mount != "door" or scene.cabin.opened > 0.6
    ] or scene.views[:1]
    plan: list[tuple[View, str]] = [(view, "bike") for view in views]
    bike = stage.place(scene.bike, "ebike") if scene.bike else None
    if bike:
        # the same cabin without its bike, now and then without its rider too
        plan.append((views[rng.randrange(len(views))], "twin"))
    for shot, (view, what) in enumerate(plan):
        if what == "twin" and bike:
            bike.hide_render = True
            if rider and rng.random() < 0.25:
                rider.hide_render = True
        box = _box(stage, scene, bike, view) if bike and what == "bike" else None
        name = f"{cabin_id:04d}_{number:02d}_{shot}.jpg"
        stage.shoot(view, given.out / name)
        rows.append(
            {
                "file": name,
                "split": split_of(cabin_id),
                "mount": view.mount,
                "kinds": scene.kinds,
                "twin": what == "twin",
                **(box or {"box": None, "seen": 0.0}),
            }
        )
    return rows


def _box(stage: Stage, scene: Scene, bike: Any, view: View) -> dict[str, Any]:
    if scene.bike is None:
        return {"box": None, "seen": 0.0}
    points = scene.bike.points()
    probes = points[np.random.default_rng(0).choice(len(points), PROBES)]
    seen = stage.seen(bike, probes, view)
    where = view.project(points)
    low, high = np.percentile(where, TRIM, axis=0)
    box = np.clip([*low, *high], 0, 1)
    area = float((box[2] - box[0]) * (box[3] - box[1]))
    shown = seen > VISIBLE and area > 0.01
    return {"box": [round(float(v), 4) for v in box] if shown else None, "seen": round(seen, 3)}


if __name__ == "__main__":
    main()
