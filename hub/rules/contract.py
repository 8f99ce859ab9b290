"""What a rule is: a reducer over one subject, without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from wire import SignalValue

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Reading:
    """One stored observation, as rules see it.

    at: when it happened, ms: the device's clock, corrected by the measured offset.
    received: the hub's clock, ms.
    signals: sensitive values are already replaced by their keyed hash.
    late: it is older than its class's limit, or was replayed; see `Finding.late`.
    """

    site: str
    device: str
    kind: str
    at: int
    received: int
    signals: Mapping[str, SignalValue]
    late: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that a rule saw begin (`active`) or end on a device.

    condition: id of an alarm type in `configs/alarms`.
    at: when it began or ended, ms, by the reading's own time.
    detail: figures for people (`{"value": 0.031, "limit": 0.07, "unit": "MPa"}`); no sensitive
        value.
    late: found in late data: recorded and marked, but silent.
    """

    condition: str
    device: str
    active: bool
    at: int
    detail: Mapping[str, Any] = field(default_factory=dict)
    late: bool = False


class Rule(Protocol, Generic[S]):
    """A rule bound to one device: its settings, and that device's, are already in it.

    State is a small frozen dataclass of JSON values; it is stored by (site, rule, subject) and
    is all that a rule remembers. `step` and `tick` give the same answer to the same arguments.
    """

    @property
    def id(self) -> str:
        """The rule's name: its settings file, and the key of its stored states."""
        ...

    @property
    def state_type(self) -> type[S]:
        """The type of its states, for `hub.rules.state`."""
        ...

    def initial(self) -> S:
        """The state before the first reading."""
        ...

    def step(self, state: S, reading: Reading, now: int) -> tuple[S, tuple[Finding, ...]]:
        """Take one reading in."""
        ...

    def tick(self, state: S, now: int) -> tuple[S, tuple[Finding, ...]]:
        """Let time pass up to `now`, ms, the hub's receive time."""
        ...

    def due(self, state: S) -> int | None:
        """When `tick` would next have something to do, ms; None while only a reading can.

        May lie in the past (0 for "at once"). A tick after it moves it on or takes it away.
        """
        ...
