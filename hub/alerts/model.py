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
    LATCHED = "latched"  # over and seen, but someone has to go there and reset it
    SHELVED = "shelved"  # there, put aside by a person for a while
    SUPPRESSED = "suppressed"  # there, because of what its parent tells already
    OUT_OF_SERVICE = "out-of-service"  # there, while its device is being worked on
    NORMAL = "normal"  # nothing left to do: closed


ACTIVE_STATES = frozenset(
    {
        AlertState.UNACKNOWLEDGED,
        AlertState.ACKNOWLEDGED,
        AlertState.SHELVED,
        AlertState.SUPPRESSED,
        AlertState.OUT_OF_SERVICE,
    }
)
"""The condition is there. At most one alert of a (site, device, condition) is in these."""

OPEN_STATES = frozenset(set(AlertState) - {AlertState.NORMAL})
"""Someone still has to look, or it would be there again at once."""

WAITING_STATES = frozenset({AlertState.UNACKNOWLEDGED, AlertState.RETURNED_UNACKNOWLEDGED})
"""Nobody has seen it yet."""


class Annunciation(StrEnum):
    """How an alert was brought to people. All of them are on the list, whichever it is."""

    ALONE = "alone"  # by itself, with its sound
    GROUP = "group"  # in a flood, once for all that came since the last one
    GROUPED = "grouped"  # in a flood, without a sound of its own
    SILENT = "silent"  # late, put aside, or for the log only


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
    version: from 1, one more with each change that a person can see.
    latching: over and seen is not enough; someone has to reset it.
    desk: whose alarm it is. annunciation, annunciated_at: how and when it was last brought to
        people; None until it was.
    chattering_at: since when it comes and goes too often to be told each time; while it is set,
        `returned_at` says whether the condition is there just now. repeats: how often it came
        back without being told.
    parent: the alert that explains it; children: how many it has explained itself.
    held_until: the end of its shelf, or of its time out of service.
    escalation: how often somebody else was asked, since nobody acknowledged it.
    due_at: when time alone changes something next, ms.
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
    latching: bool = False
    desk: str | None = None
    annunciation: Annunciation | None = None
    annunciated_at: int | None = None
    chattering_at: int | None = None
    repeats: int = 0
    parent: str | None = None
    children: int = 0
    held_until: int | None = None
    escalation: int = 0
    due_at: int | None = None

    @property
    def chattering(self) -> bool:
        """It comes and goes too often to be told each time."""
        return self.chattering_at is not None


def alert_id(site: str, device: str, condition: str, occurrence: int) -> str:
    """The same occurrence has the same id however often it is worked out: 16 hex digits."""
    text = f"{site}|{device}|{condition}|{occurrence}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
