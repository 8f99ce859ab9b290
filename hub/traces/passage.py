"""An access trace: someone, or something, passed or tried to."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.rules.contract import Finding, Reading
from wire import SignalValue
from wire.kinds import Kind

_SHA256 = re.compile(r"[0-9a-f]{64}")


class PassageResult(StrEnum):
    """What became of the try."""

    GRANTED = "granted"
    DENIED = "denied"
    EXIT = "exit"  # the button inside; nobody is identified
    REMOTE = "remote"  # opened from the control room
    MANUAL = "manual"  # opened from the guard's booth
    SEEN = "seen"  # read by a camera; nobody decided
    CALLED = "called"  # a floor was called in an elevator; nobody was asked for a credential
    FORCED = "forced"  # a rule saw the door open with nothing that allowed it
    TAILGATED = "tailgated"  # a rule saw one go through on another's permit


PASSED: Final = frozenset(
    {
        PassageResult.GRANTED,
        PassageResult.EXIT,
        PassageResult.REMOTE,
        PassageResult.MANUAL,
        PassageResult.SEEN,
    }
)
"""Of whoever is named, that they went through: a denied try moves nobody."""

BESIDES: Final = (
    PassageResult.FORCED,
    PassageResult.TAILGATED,
    PassageResult.REMOTE,
    PassageResult.MANUAL,
)
"""Openings that no credential explains."""

WAYS: Final = frozenset({"in", "out"})

_FINDINGS: Final = {
    "door-forced": PassageResult.FORCED,
    "tailgating": PassageResult.TAILGATED,
}
"""Conditions that are passages of nobody knows whom."""

_EVENTS = {
    "granted": PassageResult.GRANTED,
    "denied": PassageResult.DENIED,
    "exit-button": PassageResult.EXIT,
    "remote-open": PassageResult.REMOTE,
    "manual-open": PassageResult.MANUAL,
    "seen": PassageResult.SEEN,
    "called": PassageResult.CALLED,
}
_DECISIONS = {"allowed": PassageResult.GRANTED, "denied": PassageResult.DENIED}


@dataclass(frozen=True, slots=True)
class Passage:
    """One trace. `subject` is the keyed hash of the credential or plate, which itself is sealed.

    picture: the SHA-256, in hex, of the still that was taken. observation: the stored observation
    that it was read from. floor: that was called, in an elevator. Times are ms.
    """

    observation: int
    site: str
    device: str
    at: int
    received_at: int
    result: PassageResult
    direction: str | None = None
    reason: str | None = None
    method: str | None = None
    subject: str | None = None
    picture: str | None = None
    late: bool = False
    floor: int | None = None


def passage_of(
    reading: Reading, observation: int, kind: Kind, way: str | None = None
) -> Passage | None:
    """The trace in a reading; None when its kind leaves none, or its event is not one.

    way: in which the device is passed, where it does not say so itself.
    """
    result = _result(reading)
    if not kind.passages or result is None:
        return None
    direction = _text(reading.signals.get("direction"))
    if direction is None:
        direction = "out" if result is PassageResult.EXIT else way
    return Passage(
        observation=observation,
        site=reading.site,
        device=reading.device,
        at=reading.at,
        received_at=reading.received,
        result=result,
        direction=direction,
        reason=_text(reading.signals.get("reason")),
        method=_text(reading.signals.get("method")),
        subject=_text(reading.signals.get(kind.subject)),
        picture=_picture(reading.signals.get("picture")),
        late=reading.late,
        floor=_floor(reading.signals.get("floor")),
    )


def way_of(reading: Reading, kind: Kind, way: str | None = None) -> str | None:
    """Which way whoever a reading names went through, `in` or `out`; None when nobody did.

    A vehicle that a barrier's loop has counted went through, whatever the list said before.
    """
    if not kind.passages:
        return None
    went = reading.signals.get("event") == "passed" or _result(reading) in PASSED
    direction = _text(reading.signals.get("direction")) or way
    return direction if went and direction in WAYS else None


def result_of(finding: Finding) -> PassageResult | None:
    """What a rule's finding says of a passage; None for one that is about none, or that ends."""
    return _FINDINGS.get(finding.condition) if finding.active else None


def _result(reading: Reading) -> PassageResult | None:
    result = _EVENTS.get(str(reading.signals.get("event")))
    if result is PassageResult.SEEN:
        return _DECISIONS.get(str(reading.signals.get("result")), result)
    return result


def _picture(value: SignalValue) -> str | None:
    """A hash that files may be asked for by; anything else is none."""
    return value if isinstance(value, str) and _SHA256.fullmatch(value) else None


def _text(value: SignalValue) -> str | None:
    return value if isinstance(value, str) else None


def _floor(value: SignalValue) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return round(value)
