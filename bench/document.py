"""Writes docs/performance.md from the recorded figures and from what was found out by hand.

python -m bench.document
"""

from pathlib import Path
from typing import Any, Final

from bench import record
from bench.measures import MEASURES, Measure
from bench.record import Line
from bench.report import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"
NOTES: Final = Path(__file__).with_name("notes.md")
_BAR: Final = 30
_KEPT: Final = 6
"""Records of a measure that its history shows."""

HEAD: Final = """# Performance

What the line carries, how that was measured, and what it costs. This page is generated from
`bench/results.jsonl` and `bench/notes.md` by `make bench-full`; `make bench` measures in a few
minutes and says what became slower by more than 20 %.
"""


def main() -> None:
    """Write the page."""
    write()


def write(page: Path = PAGE) -> None:
    """The page, from what is recorded by now."""
    records = record.load()
    newest = record.latest(records)
    parts = [HEAD, _machine(newest), _table(newest), _missed(newest), _charts(newest)]
    parts += [_history(records), NOTES.read_text(encoding="utf-8")]
    page.write_text("\n".join(part for part in parts if part), encoding="utf-8")


def _machine(newest: dict[str, Line]) -> str:
    if not newest:
        return "Nothing has been recorded yet.\n"
    last = max(newest.values(), key=lambda one: str(one["at"]))
    about = last["machine"]
    loads = [one["machine"]["load_1min"] for one in newest.values()]
    return (
        f"Machine: **{about['cores']} cores** ({about['cpu']}), Python {about['python']},\n"
        "SQLite with WAL and `synchronous=FULL`, Mosquitto at its defaults. Generator, broker and\n"
        f"hub share the cores. The machine's load was {min(loads):g} to {max(loads):g} meanwhile:\n"
        f"as far as that is above {about['cores']}, other work took its part, rates are lower\n"
        "bounds and latencies upper ones. Processor time compares best.\n"
    )


def _table(newest: dict[str, Line]) -> str:
    rows = [
        "| measure | figure | aim | reached | runs | commit, date |",
        "| --- | ---: | ---: | --- | --- | --- |",
    ]
    for measure in MEASURES:
        one = newest.get(measure.id)
        if one is None:
            rows.append(f"| {measure.title} | | {_aim(measure)} | not measured | | |")
            continue
        rows.append(
            f"| {measure.title} | **{_figure(one['value'], measure)}** | {_aim(measure)} "
            f"| {_reached(measure, one)} | {', '.join(_short(run) for run in one['runs'])} "
            f"| {one['commit']}, {str(one['at'])[:10]} |"
        )
    return "## Measures and aims\n\n" + "\n".join(rows) + "\n"


def _missed(newest: dict[str, Line]) -> str:
    missed = [
        (measure, newest[measure.id])
        for measure in MEASURES
        if measure.id in newest and _reached(measure, newest[measure.id]) == "**no**"
    ]
    if not missed:
        return ""
    lines = [
        f"- **{measure.title}**: {_figure(one['value'], measure)}, aim {_aim(measure)} "
        f"(load {one['machine']['load_1min']:g}). {measure.tried}".rstrip()
        for measure, one in missed
    ]
    return "## Aims that were missed\n\n" + "\n".join(lines) + "\n"


def _charts(newest: dict[str, Line]) -> str:
    line = [one for one in MEASURES if one.bench in {"ingest", "nodered"} and one.unit == "/s"]
    rates = [measure for measure in line if measure.id in newest]
    if not rates:
        return ""
    most = max(newest[measure.id]["value"] for measure in rates)
    width = max(len(measure.title) for measure in rates)
    lines = [
        f"{measure.title:<{width}} {'█' * round(_BAR * newest[measure.id]['value'] / most):<{_BAR}}"
        f" {_short(newest[measure.id]['value'])}"
        for measure in rates
    ]
    return "## Observations per second\n\n```\n" + "\n".join(lines) + "\n```\n"


def _history(records: list[Line]) -> str:
    lines: list[str] = []
    for measure in MEASURES:
        mine = [one for one in records if one["measure"] == measure.id and one["value"] is not None]
        if len(mine) > 1:
            told = " → ".join(
                f"{_short(one['value'])} ({one['commit']}, load {one['machine']['load_1min']:g})"
                for one in mine[-_KEPT:]
            )
            lines.append(f"- {measure.title} [{measure.unit}]: {told}")
    return "## History\n\n" + "\n".join(lines) + "\n" if lines else ""


def _reached(measure: Measure, one: dict[str, Any]) -> str:
    if measure.aim is None:
        return ""
    good = one["value"] <= measure.aim if measure.less else one["value"] >= measure.aim
    return "yes" if good else "**no**"


def _aim(measure: Measure) -> str:
    if measure.aim is None:
        return ""
    return f"{'≤' if measure.less else '≥'} {_figure(measure.aim, measure)}"


def _figure(value: float, measure: Measure) -> str:
    unit = measure.unit
    return f"{_short(value)}{unit}" if unit.startswith("/") else f"{_short(value)} {unit}"


def _short(value: float) -> str:
    if value >= 100:  # noqa: PLR2004 - whole numbers tell enough from here on
        return f"{value:,.0f}"
    return f"{value:.3g}"


if __name__ == "__main__":
    main()
