"""What a subscriber of a site's feed is told."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Changed:
    """One row of the change feed with the thing's body as it was loaded.

    body: None when the thing no longer exists.
    """

    position: int
    type: str
    ref: str
    at: int
    body: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Live:
    """A device's latest readings: transient, not replayed, at most one per second and device.

    signals: {name: {"value": …, "at": ms}}; no sensitive one.
    """

    device: str
    signals: Mapping[str, Mapping[str, Any]]
    received_at: int


@dataclass(frozen=True, slots=True)
class Reset:
    """The subscriber's cursor is older than the feed, or it was too slow: take a new snapshot.

    The subscription ends with it.
    """

    reason: Literal["too-old", "too-slow", "unknown-cursor"]


Event = Changed | Live | Reset


@dataclass(frozen=True, slots=True)
class Telling:
    """Events that are told at one moment, in order, mostly one and the same to many readers.

    What takes long to make of them is made once, and lives as long as the last reader needs it.
    """

    events: tuple[Event, ...]
    _made: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def made(self, what: Hashable, make: Callable[[tuple[Event, ...]], T]) -> T:
        """What `make` returned for the first who asked for `what`.

        what: says all that the result depends on besides the events.
        """
        found: T | None = self._made.get(what)
        if found is None:
            found = self._made[what] = make(self.events)
        return found
