"""`gatehouse detect ebike`: pictures, folders and videos through the model that the hub uses."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gatehouse.footage import FootageError, collect, is_picture, picture, video
from gatehouse.resources import shipped
from hub.errors import ConfigError
from hub.vision.detector import Detector
from hub.vision.model import EBIKE, Model, find_ebike_model
from hub.vision.result import Answer, Detections

DEFAULT_MODEL: Final = "ebike-first"
_FAULTY: Final = 2


def run(paths: Sequence[Path], *, as_json: bool = False, model: str = DEFAULT_MODEL) -> int:
    """Print what is seen, a line per picture or frame; the exit code, 2 when any file was faulty.

    Raises ConfigError when there is no such model, or it is not one for e-bikes.
    """
    files, faults = collect(paths)
    for fault in faults:
        complain(fault)
    faulty = bool(faults)
    with Detector(ebike_model(model)) as detector:
        for path in files:
            try:
                for frame, seen in look(detector, path):
                    print(_line(path, frame, detector.model, seen, as_json=as_json), flush=True)
            except FootageError as error:
                complain(error)
                faulty = True
    return _FAULTY if faulty else 0


def ebike_model(name: str) -> Model:
    """A shipped model that knows e-bikes. Raises ConfigError."""
    try:
        folder = shipped("models")
    except FileNotFoundError as error:
        raise ConfigError("models", "", str(error)) from None
    return find_ebike_model(name, folder)


def look(detector: Detector, path: Path) -> Iterator[tuple[int, Detections]]:
    """Each frame's number and what is seen in it. Raises FootageError, after what could be read."""
    if is_picture(path):
        yield 0, _seen(path, detector.detect(picture(path)))
        return
    for frame in video(path):
        answer = detector.detect_frame(frame.pixels, frame.width, frame.height)
        yield frame.number, _seen(path, answer)


def complain(fault: FootageError) -> None:
    """One line on stderr."""
    print(f"gatehouse: {fault}", file=sys.stderr)


def as_object(path: Path, frame: int, model: Model, seen: Detections) -> dict[str, Any]:
    """The documented object of one picture or frame: e-bikes at or above the alarm threshold."""
    alarm = model.spec.thresholds.alarm
    detections = [
        {"label": found.label, "score": found.score, "box": list(found.box)}
        for found in seen.found
        if found.label == EBIKE and found.score >= alarm
    ]
    return {"source": str(path), "frame": frame, "detections": detections, "ms": seen.ms}


def _seen(path: Path, answer: Answer) -> Detections:
    if isinstance(answer, Detections):
        return answer
    raise FootageError(path, f"{answer.reason}: {answer.detail}")


def _line(path: Path, frame: int, model: Model, seen: Detections, *, as_json: bool) -> str:
    said = as_object(path, frame, model, seen)
    if as_json:
        return json.dumps(said, ensure_ascii=False)
    boxes = [
        f"{found['label']} {found['score']:.2f} at {tuple(round(v) for v in found['box'])}"
        for found in said["detections"]
    ]
    place = f"{path}" if is_picture(path) else f"{path} frame {frame}"
    return f"{place}: {'; '.join(boxes) or 'no e-bike'}"
