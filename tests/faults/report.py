"""Writes docs/reliability.md: the figures from docs/reliability.jsonl, the matrix from `matrix.py`.

`python -m tests.faults.report` after `make soak`; a test holds page and lines together.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.faults.matrix import MATRIX

DOCS = Path(__file__).parents[2] / "docs"
LINES = DOCS / "reliability.jsonl"
PAGE = DOCS / "reliability.md"

AIMS = {"kills": 300, "power": 50, "mixed": 60}
"""Kills of each victim, power losses, minutes."""

_HEAD = """\
# Reliability

What breaks, what happens then, and how that was seen. `make test` runs the short form of every
test named here; `make soak` runs the long one, appends its figures to
[reliability.jsonl](reliability.jsonl), and writes this page anew (`python -m tests.faults.report`).

A kill is SIGKILL at a drawn moment. Mosquitto runs at its defaults, so that it loses all that it
has acknowledged when it is killed: nothing here rests on the broker. Controllers and a pressure
sensor speak to real agents all the while, write each record into a ledger outside the system before
they speak, and another line when they were told that it is stored. Afterwards a judge compares
ledger and store: lost (told that it is stored, and gone), missing, phantom, doubled, out of order,
alerts that are missing, doubled or without a cause, and drops that were not declared.
"""

_POWER = """\
Power is cut for an ext4 file system in a loop device that holds the data of hub and agents: its own
"shutdown" (`FS_IOC_SHUTDOWN` without a flush of the log), SIGKILL to all, unmount, mount with the
journal's replay. A database that does not sync loses commits by it, one with `synchronous = FULL`
none (`test_power_loss.py` shows both). That is what LazyFS is for, which is not packaged for Debian
and was not used. It does not show what a disk claims to have written and has not, a sector that is
half written, writes that a disk's own cache puts in another order, and other file systems than ext4
with `data=ordered`.
"""


def page(lines: Sequence[dict[str, Any]]) -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_figures(lines), *_matrix()]) + "\n"


def read() -> list[dict[str, Any]]:
    """The recorded lines, oldest first."""
    return [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]


def _figures(lines: Sequence[dict[str, Any]]) -> list[str]:
    rounds = [one for one in lines if one["round"] in AIMS]
    measures = [one for one in lines if one["round"] not in AIMS]
    unmeasured = _MEASURES.keys() - {one["round"] for one in measures}
    return [
        "## Figures\n",
        *_runs(lines),
        "\n### Kills, power losses, mixed faults\n",
        _POWER,
        "| round | faults injected | aim | records | alarms | lost, doubled, wrong |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *[_round(one) for one in rounds],
        "",
        *[f"{one['date']}: {one['remark']}\n" for one in rounds if "remark" in one],
        *_bound(rounds),
        "\n### Measures\n",
        *[text for one in measures for text in _measure(one)],
        *[f"**{_MEASURES[name]}**: not recorded yet\n" for name in sorted(unmeasured)],
    ]


def _runs(lines: Sequence[dict[str, Any]]) -> list[str]:
    told: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for one in lines:
        told.setdefault((one["command"], one["commit"]), []).append(one)
    found = []
    for (command, commit), ours in told.items():
        first, last, machine = ours[0]["date"], ours[-1]["date"], ours[0]["machine"]
        loads = [one["machine"]["load_1min"] for one in ours]
        found.append(
            f"- `{command}` at commit {commit}, from {first} to {last}: {machine['cores']} cores"
            f" ({machine['cpu']}), Python {machine['python']}; other work kept the machine at a"
            f" load of {min(loads)} to {max(loads)}."
        )
    return found


def _round(one: dict[str, Any]) -> str:
    kind, victim = one["round"], one["victim"]
    if "skipped" in one:
        return f"| {kind} | not run: {one['skipped']} | {AIMS[kind]} | | | |"
    if kind == "mixed":
        what = ", ".join(f"{name} {count}" for name, count in sorted(one["by_kind"].items()))
        name, count = "mixed", f"{one['kills']} in {one['minutes']} min ({what})"
        aim = f"{AIMS[kind]} min"
    else:
        names = {"agent": "agents (two)", "all": "hub, broker and agents at once"}
        name = "power loss" if kind == "power" else f"kill: {names.get(victim, victim)}"
        count, aim = str(one["kills"]), str(AIMS[kind])
    wrong = "**0**" if not one["faults"] else f"**{json.dumps(one['faults'])[:600]}**"
    return f"| {name} | {count} | {aim} | {one['records']:,} | {one['alarms']:,} | {wrong} |"


def _bound(rounds: Sequence[dict[str, Any]]) -> list[str]:
    """Hanley and Lippman-Hand 1983, the rule of three."""
    clean = sum(one["kills"] for one in rounds if one["round"] == "kills" and not one["faults"])
    if not clean:
        return []
    short = [one for one in rounds if one.get("minutes", one["kills"]) < AIMS[one["round"]]]
    chance = f"bound the chance of one at {300 / clean:.1f} % for each kill"
    said = [f"{clean} kills without a fault {chance} (95 %, the rule of three)."]
    if short:
        said.append("Rounds below their aim are shorter than a full soak: read them as such.")
    return [" ".join(said)]


def _measure(one: dict[str, Any]) -> list[str]:
    about = {"date", "command", "commit", "machine", "round", "faults"}
    rows = [f"| {key.replace('_', ' ')} | {_shown(value)} |" for key, value in one.items()
            if key not in about]  # fmt: skip
    verdict = "met" if not one["faults"] else f"**missed: {json.dumps(one['faults'])[:300]}**"
    about_it = f"{one['date']}, load {one['machine']['load_1min']}"
    title = f"**{_MEASURES[one['round']]}**: {verdict} ({about_it})\n"
    return [title, "| | |", "| --- | --- |", *rows, ""]


_MEASURES = {
    "restart": "A killed hub serves again within 10 s, with a million stored observations",
    "partition": "Life safety overtakes a backlog: p99 within 2 s while it drains",
    "slow line": "Over 64 kbit/s with 400 ms life safety overtakes 10,000: p99 within 5 s",
    "week offline": "An agent offline for a week at one event a second fits 512 MiB",
    "reconnect": "Two thousand agents are back, and stored, within 120 s of their broker's start",
    "overload": "At ten times what the hub can store its memory is bounded, and drops are counted",
}


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {one:,}" for name, one in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def _matrix() -> list[str]:
    return [
        "## The matrix\n",
        "What is not tested is said so. Paths are below `tests/`.\n",
        "| # | fault | what happens | shown by |",
        "| --- | --- | --- | --- |",
        *[f"| {one.id} | {one.fault} | {one.happens} | {one.shown} |" for one in MATRIX],
    ]


if __name__ == "__main__":
    PAGE.write_text(page(read()), encoding="utf-8")
