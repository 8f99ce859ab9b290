"""`gatehouse eval falling --rendered`: how good the detector is on facades that are drawn for it.

A sweep of falls gives recall by condition; hours of scenes in which nothing falls give false
alarms. The same seed gives the same pictures.
"""

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge.errors import FootageError
from gatehouse.detect_falling import UNREADABLE
from gatehouse.eval_falling import report, tracks_of
from gatehouse.falling_metrics import Box, TruePath
from gatehouse.falling_tally import Tally
from hub.rules.facade import FacadeSite, events_of
from simulators.facade import Case, Clip, Frame, negatives, render, sweep

SCENE_S: Final = 60.0
"""Length of a harmless scene."""
ROWS: Final = (360, 480)
RATES: Final = (10.0, 15.0)
"""Harmless scenes are small, so that hours of them can be drawn."""
SPEEDS: Final = (0.3, 0.6, 0.9)
"""Bounds of the classes of speed, in heights of the picture per second."""
_PICTURES: Final = {".jpg", ".jpeg", ".png"}
_TELL_EVERY: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What is rendered. falls: in the sweep. hours: of harmless scenes, camera time.

    backgrounds: a folder of pictures of real facades to put behind the scenes, by turns.
    """

    falls: int
    hours: float
    seed: int = 1
    backgrounds: Path | None = None


def evaluate_rendered(suite: Suite, *, as_json: bool) -> int:
    """Render, detect, and print the figures; the exit code.

    Ctrl-C, or SIGTERM, ends it early with the figures of what was done by then.
    """
    try:
        behind = _backgrounds(suite.backgrounds)
    except FootageError as error:
        print(f"gatehouse: {error}", file=sys.stderr)
        return UNREADABLE
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)  # in the background, both are of use
    swept, harmless = Tally(), Tally()
    scenes = round(suite.hours * 3600 / SCENE_S)
    try:
        falls = sweep(suite.falls, seed=suite.seed)
        _run(swept, falls, behind, f"of {suite.falls} falls")
        quiet = negatives(scenes, seconds=SCENE_S, seed=suite.seed, rows=ROWS, rates=RATES)
        _run(harmless, quiet, behind, f"of {scenes} harmless minutes")
    except KeyboardInterrupt:
        print("gatehouse: stopped early; the figures are of what was done", file=sys.stderr)
    done = {"sweep": swept, "harmless": harmless}
    figures = {name: tally.figures() for name, tally in done.items() if tally.seconds}
    report({"set": "rendered", "seed": suite.seed, **figures}, as_json=as_json)
    return 0


def _run(tally: Tally, cases: Iterator[Case], behind: Sequence[Frame], what: str) -> None:
    for number, case in enumerate(cases, 1):
        scene = case.scene
        if behind:
            scene = replace(scene, background=behind[number % len(behind)])
        clip = render(scene)
        events = events_of(tracks_of(clip.frames, clip.fps), FacadeSite.model_validate(clip.site))
        truths = [_truth(clip, n) for n in range(len(clip.falls))]
        before = (tally.found, tally.false)
        speed = {"speed": _speed(truths[0], clip.height)} if truths else {}
        tally.add(events, truths, seconds=scene.seconds, conditions={**case.conditions, **speed})
        if truths and tally.found == before[0]:
            _tell({"missed": case.conditions, "scene": scene.seed})
        if tally.false > before[1]:
            _tell({"false": case.conditions, "scene": scene.seed, "fps": scene.fps})
        if number % _TELL_EVERY == 0:
            _tell({"done": f"{number} {what}", "found": tally.found, "false": tally.false})


def _tell(progress: dict[str, Any]) -> None:
    """Progress goes beside the figures."""
    print(json.dumps(progress), file=sys.stderr, flush=True)


def _truth(clip: Clip, number: int) -> TruePath:
    fall = clip.falls[number]
    boxes = tuple(
        (round(at * clip.fps), _box(x, y, span))
        for (at, x, y), span in zip(fall.points, fall.spans, strict=True)
    )
    return TruePath(fall.points, fall.origin, fall.floor, boxes=boxes)


def _box(x: float, y: float, span: tuple[float, float]) -> Box:
    half_w, half_h = max(span[0], 1) / 2, max(span[1], 1) / 2
    return (x - half_w, y - half_h, x + half_w, y + half_h)


def _speed(true: TruePath, height: int) -> str:
    """The class of a fall's greatest speed downward."""
    at, _, y = np.array(true.points).T
    if len(at) < 2:  # noqa: PLR2004 - one point has no speed
        return "none"
    fastest = float(np.max(np.diff(y) / np.diff(at))) / height
    bounds = [0.0, *SPEEDS]
    low = max(bound for bound in bounds if bound <= max(fastest, 0.0))
    return f"from {low:g} heights/s"


def _backgrounds(folder: Path | None) -> list[Frame]:
    """Raises FootageError, one line that names the folder or file."""
    if folder is None:
        return []
    if not folder.is_dir():
        raise FootageError(f"{folder}: no such folder")
    pictures = []
    for path in sorted(p for p in folder.iterdir() if p.suffix.lower() in _PICTURES):
        picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if picture is None:
            raise FootageError(f"{path}: not a picture")
        pictures.append(np.asarray(picture, np.uint8))
    if not pictures:
        raise FootageError(f"{folder}: holds no picture")
    return pictures
