"""An alert: one occurrence of a condition that a person has to know of."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hub.config import Priority


class AlertState(StrEnum):
    """Where an alert stands: is the condition still there, and has a person seen it."""

    UNACKNOWLEDGED = "unacknowledged"  # there, not seen
    ACKNOWLEDGED = "acknowledged"  # there, seen
    RETURNED_UNACKNOWLEDGED = "returned-unacknowledged"  # over, not seen
    NORMAL = "normal"  # over and seen: closed


ACTIVE_STATES = frozenset({AlertState.UNACKNOWLEDGED, AlertState.ACKNOWLEDGED})
"""The condition is there. At most one alert of a (site, device, condition) is in these."""

OPEN_STATES = frozenset(set(AlertState) - {AlertState.NORMAL})
"""Someone still has to look."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One occurrence.

    id: see `alert_id`. occurrence: from 1, per (site, device, condition).
    at: when the condition began, ms, by the device's corrected clock; received_at: when the hub
        found it, ms.
    returned_at: when the condition ended; closed_at: when nothing was left to do.
    late: it was over, or old, when the hub heard of it: no sound, but it must be seen.
    detail: figures for people; no sensitive value.
    case: id of the case that it became, if it did.
    version: from 1, one more with each change.
    """

    id: str
    site: str
    device: str
    condition: str
    occurrence: int
    priority: Priority
    state: AlertState
    at: int
    received_at: int
    acknowledged_at: int | None = None
    acknowledged_by: str | None = None
    returned_at: int | None = None
    closed_at: int | None = None
    late: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)
    case: str | None = None
    version: int = 1


def alert_id(site: str, device: str, condition: str, occurrence: int) -> str:
    """The same occurrence has the same id however often it is worked out: 16 hex digits."""
    text = f"{site}|{device}|{condition}|{occurrence}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
