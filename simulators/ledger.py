"""The truth ledger: what devices generated and what really happened, written before they speak.

One JSON object per line, flushed before the call returns, so that a run that is killed still
leaves what was true. The file is evidence; the figures are kept in memory too.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from simulators.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Truth:
    """One event that an alert must answer.

    kind: the alert's condition, such as `pressure-low`.
    at: when it became true, ms of simulated time.
    shown: real (monotonic) seconds at which the device first showed it, None while it has not.
    """

    kind: str
    device: str
    at: int
    shown: float | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A contact that was closed, and opened again at `until` (None while it is closed); ms."""

    device: str
    at: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Fall:
    """Something that left a window; at: ms. The ground floor and the leftmost column are 1."""

    device: str
    at: int
    what: str
    floor: int
    column: int


class Ledger:
    """Ground truth of one run.

    path: the JSON lines file, or None for memory only.
    read: the monotonic clock, real seconds, that `Truth.shown` is written by.
    """

    def __init__(
        self, path: Path | None = None, *, read: Callable[[], float] = time.monotonic
    ) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.read = read
        self.truths: list[Truth] = []
        self.records: dict[str, list[str]] = {}
        self.answered: Counter[str] = Counter()
        self.holds: list[Hold] = []
        self.falls: list[Fall] = []

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._file = self._path.open("w", encoding="utf-8")
            except OSError as error:
                raise ConfigError(f"{self._path}: cannot write: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def write_record(self, device: str, record_id: str, at: int) -> None:
        """A device is about to hand over its record `record_id`, which must arrive exactly once."""
        self.records.setdefault(device, []).append(record_id)
        self._write({"record": record_id, "device": device, "at": at})

    def write_answer(self, devices: Iterable[str], at: int) -> None:
        """A bus is about to answer one read that holds these sensors' registers."""
        names = list(devices)
        self.answered.update(names)
        self._write({"answer": names, "at": at})

    def write_truth(self, kind: str, device: str, at: int, *, shown: float | None = None) -> None:
        """Something that must raise an alert has become true."""
        self.truths.append(Truth(kind, device, at, shown))
        self._write({"truth": kind, "device": device, "at": at})

    def write_shown(self, kind: str, device: str) -> None:
        """The device is about to show its latest truth of `kind` for the first time."""
        for index in range(len(self.truths) - 1, -1, -1):
            truth = self.truths[index]
            if (truth.kind, truth.device) == (kind, device):
                if truth.shown is None:
                    self.truths[index] = replace(truth, shown=self.read())
                    self._write({"shown": kind, "device": device})
                return

    def write_hold(self, device: str, at: int, *, held: bool) -> None:
        """The contact that holds a door closes or opens."""
        self._write({"hold": device, "held": held, "at": at})
        if held:
            self.holds.append(Hold(device, at))
            return
        for index in range(len(self.holds) - 1, -1, -1):
            if self.holds[index].device == device and self.holds[index].until is None:
                self.holds[index] = replace(self.holds[index], until=at)
                return

    def write_ride(self, device: str, at: int, subject: str, outcome: str, floor: int) -> None:
        """Somebody has ridden in an elevator car, or turned back."""
        self._write(
            {"ride": subject, "device": device, "outcome": outcome, "floor": floor, "at": at}
        )

    def write_fall(self, device: str, at: int, what: str, floor: int, column: int) -> None:
        """Something leaves a window before a facade camera."""
        self.falls.append(Fall(device, at, what, floor, column))
        self._write({"fall": what, "device": device, "floor": floor, "column": column, "at": at})

    def write_harmless(self, device: str, at: int, what: str) -> None:
        """Something happens before a facade camera that must not raise an alert."""
        self._write({"harmless": what, "device": device, "at": at})

    @property
    def generated(self) -> int:
        """Observations handed over so far, of all devices."""
        return self.answered.total() + sum(map(len, self.records.values()))

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is not None:
            self._file.write(json.dumps(line, separators=(",", ":")) + "\n")
            self._file.flush()
