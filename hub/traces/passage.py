"""An access trace: someone, or something, passed or tried to."""

import re
from dataclasses import dataclass
from enum import StrEnum

from hub.rules.contract import Reading
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


_EVENTS = {
    "granted": PassageResult.GRANTED,
    "denied": PassageResult.DENIED,
    "exit-button": PassageResult.EXIT,
    "remote-open": PassageResult.REMOTE,
    "manual-open": PassageResult.MANUAL,
    "seen": PassageResult.SEEN,
}
_DECISIONS = {"allowed": PassageResult.GRANTED, "denied": PassageResult.DENIED}


@dataclass(frozen=True, slots=True)
class Passage:
    """One trace. `subject` is the keyed hash of the credential or plate, which itself is sealed.

    picture: the SHA-256, in hex, of the still that was taken. observation: the stored observation
    that it was read from. Times are ms.
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


def passage_of(reading: Reading, observation: int, kind: Kind) -> Passage | None:
    """The trace in a reading; None when its kind leaves none, or its event is not one."""
    result = _result(reading)
    if not kind.passages or result is None:
        return None
    direction = _text(reading.signals.get("direction"))
    if direction is None and result is PassageResult.EXIT:
        direction = "out"
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
    )


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
