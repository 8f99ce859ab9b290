"""An access trace: someone, or something, passed or tried to."""

from dataclasses import dataclass
from enum import StrEnum

from hub.rules.contract import Reading
from wire import SignalValue
from wire.kinds import Kind


class PassageResult(StrEnum):
    """What became of the try."""

    GRANTED = "granted"
    DENIED = "denied"
    EXIT = "exit"  # the button inside; nobody is identified
    REMOTE = "remote"  # opened from the control room


_RESULTS = {
    "granted": PassageResult.GRANTED,
    "denied": PassageResult.DENIED,
    "exit-button": PassageResult.EXIT,
    "remote-open": PassageResult.REMOTE,
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One trace. `subject` is the keyed hash of the credential; the credential itself is sealed.

    observation: the stored observation that it was read from. Times are ms.
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
    late: bool = False


def passage_of(reading: Reading, observation: int, kind: Kind) -> Passage | None:
    """The trace in a reading; None when its kind leaves none, or its event is not one."""
    result = _RESULTS.get(str(reading.signals.get("event")))
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
        subject=_text(reading.signals.get("credential")),
        late=reading.late,
    )


def _text(value: SignalValue) -> str | None:
    return value if isinstance(value, str) else None
