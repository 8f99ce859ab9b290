"""Tiny cabins for tests: a grey room; what stands in it is a block of its own colour."""

from pathlib import Path

import cv2
import numpy as np

from simulators.estate import Elevators

ROOT = Path(__file__).parents[2]
SHIPPED = Elevators(
    ROOT / "simulators" / "scenes" / "cabin", ROOT / "configs" / "voice" / "ebike-turn-back.toml"
)
"""What the demo's elevators show and say."""

COLOURS = {
    "ebike": (0, 0, 255),
    "stroller": (0, 255, 0),
    "bicycle": (255, 0, 0),
    "person": (0, 255, 255),
}
WIDTH, HEIGHT = 160, 120


def draw_cabins(folder: Path, *, cabins=("s01",)) -> Path:
    lines = []
    for cabin in cabins:
        lines += ["[[cabin]]", f'id = "{cabin}"', "polygon = [[0,0.3],[1,0.3],[1,1],[0,1]]"]
        lines += _clip(folder, cabin, "empty", "inside", [None, None])
        for subject in COLOURS:
            lines += _clip(folder, cabin, subject, "enter", [0.0, 0.4, 0.7, 1.0], inside_s=0.4)
            lines += _clip(folder, cabin, subject, "inside", [1.0, 1.0, 1.0])
            lines += _clip(folder, cabin, subject, "leave", [0.7, 0.4, 0.0])
    (folder / "index.toml").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _clip(folder, cabin, subject, part, steps, inside_s=0.0):
    place = Path(cabin) / f"{subject}-{part}"
    (folder / place).mkdir(parents=True)
    for number, step in enumerate(steps):
        picture = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
        cv2.rectangle(picture, (20 + number, 8), (140, 20), (90, 90, 90), -1)
        if step is not None:
            bottom = int(30 + 75 * step)
            cv2.rectangle(picture, (60, bottom - 28), (100, bottom), COLOURS[subject], -1)
        cv2.imwrite(str(folder / place / f"{number:03d}.jpg"), picture)
    return [
        "[[clip]]",
        f'cabin = "{cabin}"',
        f'subject = "{subject}"',
        f'part = "{part}"',
        f'folder = "{place}"',
        "fps = 5",
        f"inside_s = {inside_s}",
    ]
