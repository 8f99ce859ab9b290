"""`gatehouse eval falling`: how good the detector is on recordings with truth, or on renders."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean, median
from typing import Any

import numpy as np

from edge.errors import FootageError
from edge.vision.falling import FallingFrontEnd
from edge.vision.footage import scan_footage
from gatehouse.detect_falling import UNREADABLE
from gatehouse.falling_datasets import (
    FADE_FPS,
    FadeVideo,
    clips_with_truth,
    fade_videos,
    is_fade,
)
from gatehouse.falling_metrics import (
    IOU,
    Box,
    TruePath,
    boxes_of,
    f_measure,
    match,
    overlap,
    per_day,
    time_overlap,
    wilson,
)
from hub.rules.facade import FacadeSite, FallEvent, events_of
from simulators.facade import Case, Clip, negatives, render, sweep
from wire.tracks import Track


@dataclass(slots=True)
class Tally:
    """What is counted over many clips.

    start_px, start_heights: errors of the origin.  latency: frames from the first picture of
    the fall to the decision.  floors: errors of the floor.  by: (condition, value) to hits, falls.
    """

    falls: int = 0
    found: int = 0
    false: int = 0
    seconds: float = 0.0
    start_px: list[float] = field(default_factory=list)
    start_heights: list[float] = field(default_factory=list)
    latency: list[float] = field(default_factory=list)
    floors: list[int] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    by: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def add(
        self,
        events: list[FallEvent],
        truths: Iterable[TruePath],
        *,
        seconds: float,
        conditions: dict[str, str] | None = None,
    ) -> None:
        """Count one clip."""
        left = list(events)
        self.seconds += seconds
        for true in truths:
            self.falls += 1
            event = match(left, true)
            for key in (conditions or {}).items():
                counts = self.by.setdefault(key, [0, 0])
                counts[0] += event is not None
                counts[1] += 1
            if event is not None:
                left.remove(event)
                self._found(event, true)
        self.false += len(left)

    def _found(self, event: FallEvent, true: TruePath) -> None:
        self.found += 1
        track, origin = event.track, event.verdict.origin
        width, height = track.frame
        off = (origin.x * width - true.origin[0], origin.y * height - true.origin[1])
        self.start_px.append(float(np.hypot(*off)))
        self.start_heights.append(self.start_px[-1] / height)
        first, last = true.points[0][0], true.points[-1][0]
        self.latency.append((track.decided_s - first) * track.fps)
        seen = (round(event.verdict.start_s * track.fps), round(event.verdict.end_s * track.fps))
        self.overlaps.append(
            time_overlap(seen, (round(first * track.fps), round(last * track.fps)))
        )
        if true.floor is not None and origin.floor is not None:
            self.floors.append(origin.floor - true.floor)

    def figures(self) -> dict[str, Any]:
        """Everything, as plain data."""
        estimate, low, high = per_day(self.false, self.seconds)
        row: dict[str, Any] = {
            "falls": self.falls,
            "found": self.found,
            "recall": _share(self.found, self.falls),
            "recall_interval": [round(x, 3) for x in wilson(self.found, self.falls)],
            "false_alarms": self.false,
            "hours": round(self.seconds / 3600, 3),
            "false_alarms_per_day": round(estimate, 2),
            "false_alarms_per_day_interval": [round(low, 2), round(high, 2)],
        }
        if self.start_px:
            row |= {
                "start_error_px": _spread(self.start_px),
                "start_error_heights": _spread(self.start_heights),
                "latency_frames": _spread(self.latency),
                "time_range_overlap": round(sum(self.overlaps) / max(1, self.falls), 3),
            }
        if self.floors:
            near = sum(abs(off) <= 1 for off in self.floors)
            row |= {
                "floor_exact": _share(sum(off == 0 for off in self.floors), len(self.floors)),
                "floor_within_one": _share(near, len(self.floors)),
                "floor_within_one_interval": [round(x, 3) for x in wilson(near, len(self.floors))],
            }
        if self.by:
            row["recall_by"] = {
                f"{name}={value}": c for (name, value), c in sorted(self.by.items())
            }
        return row


def evaluate(folder: Path, *, as_json: bool) -> int:
    """Evaluate a folder: FADE's layout, or videos beside a `truth.json`. Returns the exit code."""
    if not folder.is_dir():
        print(f"{folder}: no such folder", file=sys.stderr)
        return UNREADABLE
    try:
        if is_fade(folder):
            row = evaluate_fade(fade_videos(folder))
        else:
            row = evaluate_clips(clips_with_truth(folder))
    except FootageError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    report(row, as_json=as_json)
    return 0


def evaluate_clips(clips: Iterable[tuple[Path, TruePath]]) -> dict[str, Any]:
    """Figures over videos with one known fall each, without a site."""
    tally = Tally()
    for path, true in clips:
        found = scan_footage(path)
        tally.add(events_of(found.tracks), [true], seconds=found.seconds)
    return {"set": "clips", **tally.figures()}


def evaluate_fade(videos: Iterable[FadeVideo]) -> dict[str, Any]:
    """FADE's figures: F-measure of boxes at IoU 0.3, and the mean time range overlap."""
    right = wrong = missed = 0
    overlaps = []
    for video in videos:
        events = events_of(_tracks(video.frames(), FADE_FPS))
        first = video.pictures[0][0] if video.pictures else 0
        seen: dict[int, list[Box]] = {}
        for event in events:
            for at, box in boxes_of(event.track):
                seen.setdefault(round(at * FADE_FPS) + first, []).append(box)
        for number in set(seen) | set(video.boxes):
            hits, extra, lost = _count(seen.get(number, []), video.boxes.get(number, ()))
            right, wrong, missed = right + hits, wrong + extra, missed + lost
        if video.boxes:
            span = (min(video.boxes), max(video.boxes))
            overlaps.append(time_overlap((min(seen), max(seen)), span) if seen else 0.0)
    return {
        "set": "fade",
        "videos": len(overlaps),
        "precision": _share(right, right + wrong),
        "recall": _share(right, right + missed),
        "f_measure": round(f_measure(right, wrong, missed), 4),
        "time_range_overlap": round(fmean(overlaps), 4) if overlaps else 0.0,
    }


def evaluate_rendered(
    *, falls: int, scenes: int, scene_s: float, seed: int, smallest_px: float = 4.0
) -> dict[str, Any]:
    """Figures over a rendered sweep of falls and over harmless scenes; the same seed, the same."""
    swept, harmless = Tally(), Tally()
    for case in sweep(falls, seed=seed):
        if case.scene.size_px >= smallest_px:
            _add(swept, case)
    for case in negatives(scenes, seconds=scene_s, seed=seed):
        _add(harmless, case)
    return {
        "set": "rendered",
        "seed": seed,
        "sweep": swept.figures(),
        "harmless": harmless.figures(),
    }


def report(row: dict[str, Any], *, as_json: bool, indent: str = "") -> None:
    """Print figures: a JSON line, or a line for each figure."""
    if as_json:
        print(json.dumps(row), flush=True)
        return
    for name, value in row.items():
        if isinstance(value, dict):
            print(f"{indent}{name}:")
            report(value, as_json=False, indent=indent + "  ")
        else:
            print(f"{indent}{name}: {value}", flush=True)


def _add(tally: Tally, case: Case) -> None:
    clip = render(case.scene)
    events = events_of(_tracks(clip.frames, clip.fps), FacadeSite.model_validate(clip.site))
    tally.add(events, _truths(clip), seconds=case.scene.seconds, conditions=case.conditions)


def _truths(clip: Clip) -> list[TruePath]:
    return [TruePath(fall.points, fall.origin, fall.floor) for fall in clip.falls]


def _tracks(frames: "Iterator[np.ndarray[Any, np.dtype[np.uint8]]]", fps: float) -> list[Track]:
    front_end: FallingFrontEnd | None = None
    tracks: list[Track] = []
    for index, frame in enumerate(frames):
        if front_end is None:
            front_end = FallingFrontEnd(frame.shape[1], frame.shape[0], fps=fps)
        tracks += front_end.step(frame, index / fps)
    return tracks + (front_end.flush() if front_end else [])


def _count(seen: list[Box], true: tuple[Box, ...]) -> tuple[int, int, int]:
    """True positives, false positives, false negatives of one picture."""
    hits = sum(any(overlap(box, known) >= IOU for box in seen) for known in true)
    extra = sum(all(overlap(box, known) < IOU for known in true) for box in seen)
    return hits, extra, len(true) - hits


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(median(values), 4),
        "p95": round(float(np.percentile(values, 95)), 4),
        "max": round(max(values), 4),
    }
