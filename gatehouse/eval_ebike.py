"""`gatehouse eval ebike`: how often the model finds e-bikes in pictures whose truth is known.

Beside `x.jpg` lies `x.txt` with a line per thing, `label x0 y0 x1 y1`, the box as fractions of
width and height; an empty file says that there is nothing. A picture without such a file counts
as unlabelled: its alarms are reported, and judged by nobody.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any, Final

from gatehouse.detect_ebike import DEFAULT_MODEL, complain, ebike_model, look
from gatehouse.footage import FootageError, collect
from hub.vision.detector import Detector
from hub.vision.model import EBIKE
from hub.vision.result import Detections

IN_PLACE: Final = 0.3
"""IoU from which a box counts as on the e-bike; truth read by hand is good to a few percent."""

_Z95: Final = 1.96
_FAULTY: Final = 2

Box = tuple[float, ...]


@dataclass
class Tally:
    """Counts of one folder at one threshold; frames of a video count one by one."""

    with_bike: int = 0
    found: int = 0
    in_place: int = 0
    harmless: int = 0
    false_alarms: int = 0
    unlabelled: int = 0
    unlabelled_alarms: int = 0

    def report(self) -> dict[str, Any]:
        """Shares with their 95 % intervals; a share of nothing is left out."""
        said: dict[str, Any] = {}
        if self.with_bike:
            said["recall"] = share(self.found, self.with_bike)
            said["recall_in_place"] = share(self.in_place, self.with_bike)
        if self.harmless:
            said["false_alarms"] = share(self.false_alarms, self.harmless)
        if self.unlabelled:
            said["unlabelled_alarms"] = share(self.unlabelled_alarms, self.unlabelled)
        return said


@dataclass
class _Folder:
    alarm: Tally = field(default_factory=Tally)
    suspicion: Tally = field(default_factory=Tally)
    scores: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))


def run(directory: Path, *, as_json: bool = False, model: str = DEFAULT_MODEL) -> int:
    """Print the report; the exit code, 2 when a file was faulty. Raises ConfigError."""
    report, faults = evaluate([directory], model=model)
    for fault in faults:
        complain(fault)
    print(json.dumps(report, ensure_ascii=False) if as_json else _readable(report))
    return _FAULTY if faults else 0


def evaluate(
    paths: Sequence[Path], *, model: str = DEFAULT_MODEL
) -> tuple[dict[str, Any], list[FootageError]]:
    """The report, and the files that could not be read."""
    files, faults = collect(paths)
    folders: dict[str, _Folder] = {}
    times: list[float] = []
    with Detector(ebike_model(model)) as detector:
        spec = detector.model.spec
        for path in files:
            folder = folders.setdefault(str(path.parent), _Folder())
            try:
                truth = read_truth(path)
                for _, seen in look(detector, path):
                    times.append(seen.ms)
                    _count(folder.alarm, truth, seen, spec.thresholds.alarm)
                    _count(folder.suspicion, truth, seen, spec.thresholds.suspicion)
                    if truth is not None:
                        folder.scores[0 if truth else 1].append(seen.best(EBIKE))
            except FootageError as error:
                faults.append(error)
    return {
        "model": spec.name,
        "version": spec.version,
        "thresholds": {"suspicion": spec.thresholds.suspicion, "alarm": spec.thresholds.alarm},
        "in_place_iou": IN_PLACE,
        "folders": {name: _folder_report(folder) for name, folder in folders.items()},
        "ms": _times(times),
    }, faults


def read_truth(path: Path) -> list[Box] | None:
    """The e-bikes' boxes beside a picture, fractions; None without truth. Raises FootageError."""
    beside = path.with_suffix(".txt")
    try:
        lines = beside.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FootageError(beside, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise FootageError(beside, "is not UTF-8") from None
    boxes: list[Box] = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        if not words or words[0].startswith("#") or words[0] != EBIKE:
            continue
        try:
            box: Box = tuple(float(word) for word in words[1:])
        except ValueError:
            box = ()
        if len(box) != 4:  # noqa: PLR2004 - x0 y0 x1 y1
            raise FootageError(beside, f"line {number} is not `label x0 y0 x1 y1`")
        boxes.append(box)
    return boxes


def share(part: int, whole: int) -> dict[str, Any]:
    """`part` of `whole`, with Wilson's 95 % interval (Wilson 1927)."""
    p, n = part / whole, whole
    middle = (p + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    half = _Z95 * sqrt(p * (1 - p) / n + _Z95**2 / (4 * n * n)) / (1 + _Z95**2 / n)
    interval = [round(max(0.0, middle - half), 3), round(min(1.0, middle + half), 3)]
    return {"part": part, "of": whole, "share": round(p, 3), "interval": interval}


def _count(tally: Tally, truth: list[Box] | None, seen: Detections, threshold: float) -> None:
    boxes = [d.box for d in seen.found if d.label == EBIKE and d.score >= threshold]
    if truth is None:
        tally.unlabelled += 1
        tally.unlabelled_alarms += bool(boxes)
    elif truth:
        tally.with_bike += 1
        tally.found += bool(boxes)
        wanted = [
            tuple(v * side for v, side in zip(box, (seen.width, seen.height) * 2, strict=True))
            for box in truth
        ]
        tally.in_place += any(_iou(box, want) >= IN_PLACE for box in boxes for want in wanted)
    else:
        tally.harmless += 1
        tally.false_alarms += bool(boxes)


def _iou(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    inner = max(0.0, width) * max(0.0, height)
    areas = sum((box[2] - box[0]) * (box[3] - box[1]) for box in (one, other))
    return inner / (areas - inner) if areas > inner else 0.0


def _folder_report(folder: _Folder) -> dict[str, Any]:
    report: dict[str, Any] = {
        "alarm": folder.alarm.report(),
        "suspicion": folder.suspicion.report(),
    }
    with_bike, without = folder.scores
    if with_bike and without:
        wins = sum((a > b) + 0.5 * (a == b) for a in with_bike for b in without)
        # scores below the suspicion threshold count as 0: the curve is cut there
        report["auc"] = round(wins / (len(with_bike) * len(without)), 3)
    return report


def _times(times: list[float]) -> dict[str, float]:
    if not times:
        return {}
    ordered = sorted(times)
    return {
        "median": ordered[len(ordered) // 2],
        "p99": ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))],
    }


def _readable(report: dict[str, Any]) -> str:
    lines = [f"{report['model']} {report['version']}, thresholds {report['thresholds']}"]
    for name, folder in report["folders"].items():
        lines.append(name)
        for threshold in ("alarm", "suspicion"):
            for what, value in folder[threshold].items():
                low, high = value["interval"]
                lines.append(
                    f"  {threshold:9} {what:17} {value['part']}/{value['of']}"
                    f" = {value['share']:.3f} [{low:.3f}, {high:.3f}]"
                )
        if "auc" in folder:
            lines.append(f"  area under the curve {folder['auc']}")
    if report["ms"]:
        lines.append(f"ms per frame: median {report['ms']['median']}, p99 {report['ms']['p99']}")
    return "\n".join(lines)
