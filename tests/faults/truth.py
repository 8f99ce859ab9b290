"""What was true, written down outside the system under test, and the judge that compares.

Devices write a line before they speak and another when they were told that it is stored; so a run
that is killed leaves what was true. The judge knows nothing of Gatehouse but ids and orders.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

Alarm = tuple[str, str, int]
"""(device, condition, at in ms): every one of them must raise exactly one alert."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the system shows afterwards.

    records: by device, in the system's own order. dropped: observations that it says it gave up.
    """

    records: Mapping[str, Sequence[str]]
    alarms: Sequence[Alarm] = ()
    dropped: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything that is wrong; all empty where nothing is.

    lost: acknowledged to their device, and not stored. missing: said, and not stored (a superset).
    phantom: stored, and never said. doubled: stored more than once. disordered: devices whose
    records stand in another order than they were said in. alarms_*: the same for alerts.
    undeclared: records that are missing beyond those that the system says it dropped.
    """

    lost: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    phantom: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    disordered: tuple[str, ...] = ()
    alarms_missing: tuple[Alarm, ...] = ()
    alarms_phantom: tuple[Alarm, ...] = ()
    alarms_doubled: tuple[Alarm, ...] = ()
    undeclared: int = 0

    @property
    def faults(self) -> dict[str, Any]:
        """What is wrong, by its name; empty for a clean run."""
        return {one.name: found for one in fields(self) if (found := getattr(self, one.name))}


@dataclass
class Truth:
    """One run's ledger; in memory, and line by line in a file where one is given."""

    path: Path | None = None
    said: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: dict[str, set[str]] = field(default_factory=dict)
    alarms: list[Alarm] = field(default_factory=list)

    def say(self, device: str, record: str) -> None:
        """A device is about to say something, for the first time."""
        self._write(said=record, device=device)
        self.said.setdefault(device, []).append(record)

    def acknowledge(self, device: str, records: Iterable[str]) -> None:
        """A device was told that these are stored for good."""
        told = list(records)
        self._write(acknowledged=told, device=device)
        self.acknowledged.setdefault(device, set()).update(told)

    def alarm(self, device: str, condition: str, at: int) -> None:
        """Something is about to happen that must raise an alert."""
        self._write(alarm=condition, device=device, at=at)
        self.alarms.append((device, condition, at))

    def judge(self, stored: Stored) -> Verdict:
        """Compare. Devices of which nothing was said may have nothing stored."""
        lost: list[str] = []
        missing: list[str] = []
        phantom: list[str] = []
        doubled: list[str] = []
        disordered: list[str] = []
        for device in sorted({*self.said, *stored.records}):
            said, found = self.said.get(device, []), list(stored.records.get(device, ()))
            times = Counter(found)
            gone = [one for one in said if one not in times]
            missing += gone
            told = self.acknowledged.get(device, set())
            lost += [one for one in gone if one in told]
            phantom += sorted(set(found) - set(said))
            doubled += [one for one, count in times.items() if count > 1]
            # In the order of their first storing; what else is wrong with them is told above.
            known = set(said)
            if [one for one in said if one in times] != [one for one in times if one in known]:
                disordered.append(device)
        true, shown = Counter(self.alarms), Counter(stored.alarms)
        return Verdict(
            lost=tuple(lost),
            missing=tuple(missing),
            phantom=tuple(phantom),
            doubled=tuple(doubled),
            disordered=tuple(disordered),
            alarms_missing=tuple(sorted(set(true) - set(shown))),
            alarms_phantom=tuple(sorted(set(shown) - set(true))),
            alarms_doubled=tuple(sorted(one for one in shown if shown[one] > max(1, true[one]))),
            undeclared=max(0, len(missing) - stored.dropped),
        )

    def _write(self, **line: Any) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
