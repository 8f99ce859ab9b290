"""What a subscriber of a site's feed is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


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
