"""The figures of earlier runs: a file of JSON lines, of which the last of each measure counts."""

import json
import statistics
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from bench.measures import MEASURES, Measure

FILE: Final = Path(__file__).with_name("results.jsonl")
WORSE: Final = 0.2
"""A figure this much worse than the last one is reported."""

Line = dict[str, Any]


def gather(lines: Iterable[Line], *, plan: str, at: str) -> list[Line]:
    """A record of each measure that the printed lines hold: the median of its runs."""
    runs: dict[str, list[Line]] = {}
    for line in lines:
        for measure in MEASURES:
            if (line["bench"], line["case"]) == (measure.bench, measure.case):
                runs.setdefault(measure.id, []).append(line)
    return [
        _record(measure, runs[measure.id], plan, at) for measure in MEASURES if measure.id in runs
    ]


def _record(measure: Measure, lines: list[Line], plan: str, at: str) -> Line:
    values = [value for line in lines if (value := figure(line, measure.figure)) is not None]
    return {
        "measure": measure.id,
        "value": statistics.median(values) if values else None,
        "unit": measure.unit,
        "runs": values,
        "plan": plan,
        "at": at,
        "commit": lines[-1]["commit"],
        "machine": lines[-1]["machine"],
        "line": lines[-1],
    }


def figure(line: Mapping[str, Any], name: str) -> float | None:
    """A figure of a printed line; None where it was not to be had."""
    value: Any = line
    for part in name.split("."):
        value = value[part]
    return None if value is None else float(value)


def load(path: Path = FILE) -> list[Line]:
    """All records, oldest first."""
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def add(records: Iterable[Line], path: Path = FILE) -> None:
    """Append records."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in records)


def latest(records: Iterable[Line]) -> dict[str, Line]:
    """The newest record of each measure."""
    return {one["measure"]: one for one in records if one["value"] is not None}


def worse(new: Iterable[Line], before: Iterable[Line]) -> list[str]:
    """A line for each measure that fell behind its last record on a machine like this one."""
    less = {measure.id: measure.less for measure in MEASURES}
    told: list[str] = []
    known = list(before)
    for one in new:
        last = latest(old for old in known if _alike(old, one)).get(one["measure"])
        if last is None or not last["value"] or one["value"] is None:
            continue
        change = one["value"] / last["value"] - 1
        if (change if less[one["measure"]] else -change) > WORSE:
            told.append(
                f"{one['measure']}: {one['value']:g} {one['unit']}, "
                f"{last['value']:g} at {last['commit']} ({change:+.0%})"
            )
    return told


def _alike(one: Line, other: Line) -> bool:
    return all(one["machine"][key] == other["machine"][key] for key in ("cpu", "cores"))
