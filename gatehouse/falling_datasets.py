"""Recordings with truth: FADE's folders, and videos beside a `truth.json`."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, parse

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.errors import FootageError
from gatehouse.falling_metrics import Box, TruePath

Luma = NDArray[np.uint8]
ROUGH = 0.15
"""Heights that a real path may lie off the parabola that is assumed between its two known ends."""
FADE_FPS = 25.0
"""The benchmark's frames carry no times; its videos were taken at 20 to 30 per second."""


@dataclass(frozen=True, slots=True)
class FadeVideo:
    """One video of FADE: `JPEGImages/frame<N>.jpg`, and `Annotations/frame<N>.xml` (VOC).

    boxes: by frame number, those of the falling object; frames without are not in it.
    """

    name: str
    pictures: tuple[tuple[int, Path], ...]
    boxes: dict[int, tuple[Box, ...]]

    def frames(self) -> Iterator[Luma]:
        """The pictures in order. Raises FootageError for one that cannot be read."""
        for _, path in self.pictures:
            picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
            if picture is None:
                raise FootageError(f"{path}: not a picture")
            yield np.asarray(picture, np.uint8)


def is_fade(folder: Path) -> bool:
    """Whether the folder holds videos as FADE lays them out."""
    return bool(fade_folders(folder))


def fade_folders(folder: Path) -> list[Path]:
    """A folder for each video, as FADE lays them out."""
    entries = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    return [entry for entry in entries if (entry / "JPEGImages").is_dir()]


def fade_video(folder: Path) -> FadeVideo:
    """One video of FADE. Raises FootageError naming a file that cannot be read."""
    pictures = sorted((_number(p), p) for p in (folder / "JPEGImages").glob("*.jpg"))
    boxes = {_number(p): _boxes(p) for p in (folder / "Annotations").glob("*.xml")}
    return FadeVideo(folder.name, tuple(pictures), {n: b for n, b in boxes.items() if b})


def clips_with_truth(folder: Path) -> list[tuple[Path, TruePath]]:
    """Videos beside a `truth.json` that gives a frame range, first and last point of one fall.

    Raises FootageError when that is missing or malformed; whether a video is there is not asked.
    """
    path = folder / "truth.json"
    try:
        truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        fps = float(truth["fps"])
        return [
            (_video(folder, name), _path(clip, fps))
            for name, clip in sorted(truth["clips"].items())
        ]
    except OSError as error:
        raise FootageError(f"{path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FootageError(f"{path}: not a list of clips: {error}") from error


def _path(clip: dict[str, Any], fps: float) -> TruePath:
    """First and last point are known, and a parabola from rest between them is assumed."""
    (first, last), (x0, y0), (x1, y1) = clip["frames"], clip["start"], clip["end"]
    steps = np.linspace(0, 1, 20)
    points = tuple(
        ((first + s * (last - first)) / fps, x0 + s * (x1 - x0), y0 + s * s * (y1 - y0))
        for s in steps.tolist()
    )
    return TruePath(points, (float(x0), float(y0)), near=ROUGH)


def _video(folder: Path, name: str) -> Path:
    found = sorted(p for p in folder.glob(f"{name}.*") if p.suffix in {".mp4", ".avi", ".mkv"})
    return found[0] if found else folder / name


def _number(path: Path) -> int:
    digits = "".join(char for char in path.stem if char.isdigit())
    if not digits:
        raise FootageError(f"{path}: its name has no frame number")
    return int(digits)


def _boxes(path: Path) -> tuple[Box, ...]:
    try:
        root = parse(path).getroot()  # noqa: S314 - expat bounds entities; the user's own files
        return tuple(
            (
                float(box.findtext("xmin", "")),
                float(box.findtext("ymin", "")),
                float(box.findtext("xmax", "")),
                float(box.findtext("ymax", "")),
            )
            for box in root.iter("bndbox")
        )
    except (ParseError, ValueError, OSError) as error:
        raise FootageError(f"{path}: not a VOC annotation: {error}") from error
