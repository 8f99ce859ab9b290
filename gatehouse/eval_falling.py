"""`gatehouse eval falling DIR`: how good the detector is on recordings with truth."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

from edge.errors import FootageError
from edge.vision.falling import FallingFrontEnd
from edge.vision.footage import scan_footage
from gatehouse.detect_falling import UNREADABLE
from gatehouse.falling_datasets import (
    FADE_FPS,
    Luma,
    clips_with_truth,
    fade_folders,
    fade_video,
    is_fade,
)
from gatehouse.falling_metrics import (
    Box,
    TruePath,
    boxes_of,
    count_boxes,
    f_measure,
    share,
    time_overlap,
)
from gatehouse.falling_tally import Tally
from hub.rules.facade import events_of
from wire.tracks import Track


def evaluate(folder: Path, *, as_json: bool) -> int:
    """Evaluate a folder: FADE's layout, or videos beside a `truth.json`. Returns the exit code.

    A video that cannot be read is one line on stderr and counts nowhere; the others are done.
    """
    if not folder.is_dir():
        print(f"{folder}: no such folder", file=sys.stderr)
        return UNREADABLE
    faults: list[FootageError] = []
    try:
        if is_fade(folder):
            row = evaluate_fade(fade_folders(folder), faults)
        else:
            row = evaluate_clips(clips_with_truth(folder), faults)
    except FootageError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    for fault in faults:
        print(fault, file=sys.stderr)
    report(row, as_json=as_json)
    return UNREADABLE if faults else 0


def evaluate_clips(
    clips: Iterable[tuple[Path, TruePath]], faults: list[FootageError]
) -> dict[str, Any]:
    """Figures over videos with one known fall each, without a site; what cannot be read: faults."""
    tally = Tally()
    for path, true in clips:
        try:
            found = scan_footage(path)
        except FootageError as error:
            faults.append(error)
            continue
        tally.add(events_of(found.tracks), [true], seconds=found.seconds)
    return {"set": "clips", **tally.figures()}


def evaluate_fade(folders: Iterable[Path], faults: list[FootageError]) -> dict[str, Any]:
    """FADE's figures: F-measure of boxes at IoU 0.3, and the mean time range overlap."""
    right = wrong = missed = 0
    overlaps = []
    for folder in folders:
        try:
            video = fade_video(folder)
            events = events_of(tracks_of(video.frames(), FADE_FPS))
        except FootageError as error:
            faults.append(error)
            continue
        first = video.pictures[0][0] if video.pictures else 0
        seen: dict[int, list[Box]] = {}
        for event in events:
            for at, box in boxes_of(event.track):
                seen.setdefault(round(at * FADE_FPS) + first, []).append(box)
        for number in set(seen) | set(video.boxes):
            hits, extra, lost = count_boxes(seen.get(number, []), video.boxes.get(number, ()))
            right, wrong, missed = right + hits, wrong + extra, missed + lost
        if video.boxes:
            span = (min(video.boxes), max(video.boxes))
            overlaps.append(time_overlap((min(seen), max(seen)), span) if seen else 0.0)
    return {
        "set": "fade",
        "videos": len(overlaps),
        "precision": share(right, right + wrong),
        "recall": share(right, right + missed),
        "f_measure": round(f_measure(right, wrong, missed), 4),
        "time_range_overlap": round(fmean(overlaps), 4) if overlaps else 0.0,
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


def tracks_of(frames: Iterator[Luma], fps: float) -> list[Track]:
    """What the front end makes of pictures (H, W) uint8 taken `fps` times a second."""
    front_end: FallingFrontEnd | None = None
    tracks: list[Track] = []
    for index, frame in enumerate(frames):
        if front_end is None:
            front_end = FallingFrontEnd(frame.shape[1], frame.shape[0], fps=fps)
        tracks += front_end.step(frame, index / fps)
    return tracks + (front_end.flush() if front_end else [])
