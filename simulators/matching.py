"""Which alert answers which truth. Pure.

A truth is detected by an alert of its kind on its device that began within `TOLERANCE_S` of it, in
simulated time. Every alert answers one truth at most: a second one for the same truth is false,
like one without any truth. Latency runs in real seconds from the moment the device showed the
condition (`Truth.shown`) to the alert's first arrival on the stream.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from simulators.ledger import Truth

TOLERANCE_S: Final = 10.0
CAMERA_TOLERANCE_S: Final = 30.0
SILENCE_TOLERANCE_S: Final = 60.0
"""Nobody knows how long before it fell silent a device had its last say."""

SILENCE: Final = "device-silent"
CAMERA_KINDS: Final = frozenset({"camera-blind", "camera-moved"})


@dataclass(frozen=True, slots=True)
class Seen:
    """An alert beginning, or beginning again, as a client of the hub saw it.

    at: by the hub, ms of simulated time. received: the client's monotonic clock, real seconds.
    """

    condition: str
    device: str
    at: int
    received: float


@dataclass(frozen=True, slots=True)
class Match:
    """A truth, and the alert that answered it."""

    truth: Truth
    alert: Seen | None

    @property
    def latency_s(self) -> float | None:
        """Real seconds; None while it is not answered, or was never shown."""
        if self.alert is None or self.truth.shown is None:
            return None
        return max(0.0, self.alert.received - self.truth.shown)


def matched(
    kind: str, truths: Iterable[Truth], seen: Iterable[Seen]
) -> tuple[list[Match], list[Seen]]:
    """The truths of a kind in the order of time, each with its alert; and alerts without any."""
    mine = sorted((one for one in truths if one.kind == kind), key=lambda truth: truth.at)
    spare = [one for one in seen if one.condition == kind]
    found: list[Match] = []
    for truth in mine:
        alert = _nearest(truth, spare)
        if alert is not None:
            spare.remove(alert)
        found.append(Match(truth, alert))
    return found, spare


def tolerance_s(kind: str) -> float:
    """How far apart a truth of this kind and its alert may be, simulated seconds."""
    if kind == SILENCE:
        return SILENCE_TOLERANCE_S
    return CAMERA_TOLERANCE_S if kind in CAMERA_KINDS else TOLERANCE_S


def _nearest(truth: Truth, spare: Sequence[Seen]) -> Seen | None:
    near = [
        one
        for one in spare
        if one.device == truth.device and abs(one.at - truth.at) <= tolerance_s(truth.kind) * 1000
    ]
    return min(near, key=lambda one: abs(one.at - truth.at), default=None)
