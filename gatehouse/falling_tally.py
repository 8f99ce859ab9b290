"""What is counted over many clips of falling objects, and the figures that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import numpy as np

from gatehouse.falling_metrics import (
    Box,
    TruePath,
    boxes_of,
    count_boxes,
    f_measure,
    match,
    per_day,
    share,
    time_overlap,
)
from hub.cases.verdicts import wilson
from hub.rules.facade import FallEvent


@dataclass(slots=True)
class Tally:
    """What is counted over many clips.

    start_px, start_heights: errors of the origin.  latency: frames from the first picture of
    the fall to the decision.  floors: errors of the floor.  boxes: right, wrong and missed ones,
    picture by picture, as FADE counts them.  by: (condition, value) to hits, falls.
    false_by: (condition, value) to false alarms, seconds.
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
    boxes: list[int] = field(default_factory=lambda: [0, 0, 0])
    by: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    false_by: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(
        self,
        events: list[FallEvent],
        truths: Iterable[TruePath],
        *,
        seconds: float,
        conditions: dict[str, str] | None = None,
    ) -> None:
        """Count one clip."""
        left, truths = list(events), list(truths)
        self.seconds += seconds
        self._count_boxes(events, truths)
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
        for key in (conditions or {}).items():
            spoilt = self.false_by.setdefault(key, [0, 0.0])
            spoilt[0] += len(left)
            spoilt[1] += seconds

    def _count_boxes(self, events: list[FallEvent], truths: list[TruePath]) -> None:
        """Compare boxes in every picture that has one, for falls of which the boxes are known."""
        known = [true for true in truths if true.boxes]
        fps = events[0].track.fps if events else 0.0
        seen: dict[int, list[Box]] = {}
        for event in events if known else []:
            for at, box in boxes_of(event.track):
                seen.setdefault(round(at * fps), []).append(box)
        there: dict[int, list[Box]] = {}
        for true in known:
            for number, box in true.boxes:
                there.setdefault(number, []).append(box)
        for number in set(seen) | set(there):
            counts = count_boxes(seen.get(number, []), there.get(number, []))
            self.boxes = [before + more for before, more in zip(self.boxes, counts, strict=True)]

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
            "recall": share(self.found, self.falls),
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
        if any(self.boxes):
            row["f_measure"] = round(f_measure(*self.boxes), 4)
        if self.floors:
            near = sum(abs(off) <= 1 for off in self.floors)
            row |= {
                "floor_exact": share(sum(off == 0 for off in self.floors), len(self.floors)),
                "floor_within_one": share(near, len(self.floors)),
                "floor_within_one_interval": [round(x, 3) for x in wilson(near, len(self.floors))],
            }
        if self.by:
            row["recall_by"] = {
                f"{name}={value}": c for (name, value), c in sorted(self.by.items())
            }
        elif self.false_by:
            row["false_alarms_by"] = {
                f"{name}={value}": [int(count), round(seconds / 3600, 3)]
                for (name, value), (count, seconds) in sorted(self.false_by.items())
            }
        return row


def _spread(values: list[float]) -> dict[str, float]:
    return {
        "median": round(median(values), 4),
        "p95": round(float(np.percentile(values, 95)), 4),
        "max": round(max(values), 4),
    }
