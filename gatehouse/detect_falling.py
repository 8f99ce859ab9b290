"""`gatehouse detect falling`: what fell in recordings, one JSON object for each event."""

import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from edge.errors import FootageError
from edge.vision.footage import scan_footage
from hub.errors import ConfigError
from hub.rules.facade import FacadeSite, FallEvent, events_of

UNREADABLE = 2
"""Exit code when a recording or the site file cannot be read."""


def detect(videos: Sequence[Path], site: Path | None, *, as_json: bool) -> int:
    """Look through recordings and print what fell. Returns the exit code.

    A recording that cannot be read is one line on stderr; the others are still done.
    """
    try:
        facade = None if site is None else read_facade(site)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return UNREADABLE
    code = 0
    for video in videos:
        try:
            found = scan_footage(video)
        except FootageError as error:
            print(error, file=sys.stderr)
            code = UNREADABLE
            continue
        if found.damaged:
            print(f"{video}: {found.damaged} damaged packets left out", file=sys.stderr)
        events = events_of(found.tracks, facade)
        for event in events:
            _print(event_json(video, event), as_json=as_json)
        _print(
            {
                "source": str(video),
                "frames": found.frames,
                "seconds": found.seconds,
                "fps": found.fps,
                "events": len(events),
            },
            as_json=as_json,
        )
    return code


def read_facade(path: Path) -> FacadeSite:
    """The facade that a TOML file describes. Raises ConfigError naming file and key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(path, "", error.strerror or "cannot be read") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"not TOML: {error}") from error
    try:
        return FacadeSite.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ConfigError(path, key, first["msg"]) from None


def event_json(source: Path, event: FallEvent) -> dict[str, Any]:
    """An event as it is printed; places in px."""
    verdict, (width, height) = event.verdict, event.track.frame
    return {
        "source": str(source),
        "label": str(verdict.label),
        "score": verdict.score,
        "verdict": str(verdict.kind),
        "start_s": round(verdict.start_s, 3),
        "end_s": round(verdict.end_s, 3),
        "track": [
            [round(at, 3), round(x * width, 1), round(y * height, 1)]
            for at, x, y in event.track.points
            if at <= verdict.end_s
        ],
        "origin": {
            "x": round(verdict.origin.x * width, 1),
            "y": round(verdict.origin.y * height, 1),
            "floor": verdict.origin.floor,
        },
    }


def _print(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(row, ensure_ascii=False), flush=True)
    elif "label" in row:
        origin = row["origin"]
        floor = "" if origin["floor"] is None else f", floor {origin['floor']}"
        print(
            f"{row['source']}: {row['label']} {row['verdict']} (score {row['score']:.2f}) "
            f"{row['start_s']:.2f}-{row['end_s']:.2f} s "
            f"from ({origin['x']:.0f}, {origin['y']:.0f}){floor}",
            flush=True,
        )
    else:
        print(
            f"{row['source']}: {row['events']} events in {row['frames']} frames "
            f"({row['seconds']:.1f} s at {row['fps']:g} fps)",
            flush=True,
        )
