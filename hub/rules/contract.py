"""What a rule is: a reducer over one subject, without I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, runtime_checkable

from wire import SignalValue

S = TypeVar("S")


class Reading(NamedTuple):
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


@dataclass(frozen=True, slots=True)
class Wish:
    """What a rule wants a device to do for as long as its state says so.

    device, action: as in a command. until: hub clock, ms; void from then on, whatever happens to
        the rest of the hub, and no lease reaches beyond it.
    lease_s: the longest single lease; it is renewed while the wish stands. 0 for an action that
        ends by itself: that is done once for each `once`.
    once: what tells one such action from the next, such as the session and a number.
    reason: for the record.
    """

    device: str
    action: str
    until: int
    lease_s: float = 0.0
    once: str = ""
    reason: str = ""


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


@runtime_checkable
class HearsOrders(Protocol):
    """A rule to which it matters what people order its device to do. Most do not ask."""

    def ordered(self, state: Any, action: str, now: int) -> tuple[Any, tuple[Finding, ...]]:
        """Somebody has ordered the device to do something; it has not yet been done."""
        ...


@runtime_checkable
class Wishing(Protocol):
    """A rule that also wants something done. Most do not."""

    def wishes(self, state: Any, now: int) -> tuple[Wish, ...]:
        """What it wants as long as this state stands, at most one per device and action.

        A reducer too: the same answer to the same arguments. now: ms, the hub's clock.
        """
        ...
