"""Takes observations in: checks, dates, hides what is sensitive, and sorts them into tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hub.pipeline.event_time import happened_at
from hub.pipeline.incoming import Incoming
from hub.pipeline.registry import Watched
from hub.pipeline.signals import Checked, check_signals
from hub.rules import Reading
from hub.store.seal import Seal, mask
from hub.store.write.observations import SourceKey
from hub.telemetry import Point
from hub.traces import passage_of
from wire import Lane, Observation, SignalValue
from wire.kinds import Kind, SignalType
from wire.plates import mask as mask_plate

Place = tuple[int, int, int]
"""(stream id, seq, idx): what makes an observation unique."""

_MASKS: Final[Mapping[str, Callable[[str], str]]] = {"tail": mask, "plate": mask_plate}


@dataclass(frozen=True, slots=True)
class Taken:
    """One observation, ready for the tables and the rules."""

    reading: Reading
    checked: Checked


@dataclass(slots=True)
class Rows:
    """What one batch adds to the tables."""

    observations: list[dict[str, Any]] = field(default_factory=list)
    passages: list[dict[str, Any]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    sources: list[SourceKey] = field(default_factory=list)


def take(
    device: Watched, kind: Kind, observation: Observation, offset: int, received_at: int, seal: Seal
) -> Taken:
    """Check an observation and date it. offset: of its agent's clock, ms."""
    checked = check_signals(kind, observation.signals)
    at = happened_at(observation.at, observation.seen, offset, historical=observation.historical)
    signals: dict[str, SignalValue] = dict(checked.signals)
    for name, value in checked.sensitive.items():
        signals[name] = seal.hash(device.site, value)
    reading = Reading(
        site=device.site,
        device=device.id,
        kind=kind.id,
        at=at,
        received=received_at,
        signals=signals,
        late=received_at - at > device.late_after_ms,
    )
    return Taken(reading, checked)


def add_rows(
    rows: Rows,
    taken: Taken,
    kind: Kind,
    observation: Observation,
    lane: Lane,
    place: Place,
    seal: Seal,
) -> None:
    """Sort one observation into the tables: telemetry's numbers are points, all else is a row."""
    stream_id, seq, idx = place
    numbers = _numbers(kind, taken.checked.signals) if kind.lane is Lane.TELEMETRY else {}
    reading = taken.reading
    rows.points.extend(
        Point(reading.site, reading.device, name, reading.at, value, *place, lane is Lane.LIFE)
        for name, value in numbers.items()
    )
    if lane is Lane.TELEMETRY and len(numbers) == len(reading.signals):
        return
    sealed = {
        name: seal.seal(reading.site, value.encode())
        for name, value in taken.checked.sensitive.items()
    }
    rows.observations.append(_row(taken, observation, place, sealed))
    passage = passage_of(reading, seq, kind)
    if passage is not None:
        rows.passages.append(
            {
                "site": passage.site,
                "device": passage.device,
                "at": passage.at,
                "received_at": passage.received_at,
                "late": passage.late,
                "direction": passage.direction,
                "result": passage.result.value,
                "reason": passage.reason,
                "method": passage.method,
                "subject": passage.subject,
                "sealed": sealed.get(kind.subject),
                "masked": _masked(kind, taken.checked),
                "picture": passage.picture,
                "stream_id": stream_id,
                "seq": seq,
                "idx": idx,
            }
        )


def _masked(kind: Kind, checked: Checked) -> str | None:
    """What people may see of whoever passed."""
    spec, value = kind.signal(kind.subject), checked.sensitive.get(kind.subject)
    return None if spec is None or value is None else _MASKS[spec.mask](value)


def source_key(site: str, observation: Observation) -> SourceKey | None:
    """The device's own number of its record, where it has one."""
    if observation.source_id is None:
        return None
    return site, observation.device, observation.source_id


def source_keys(batch: Sequence[Incoming]) -> set[SourceKey]:
    """All of a batch."""
    return {
        key
        for message in batch
        for observation in message.observations
        if (key := source_key(message.site, observation)) is not None
    }


def _numbers(kind: Kind, signals: dict[str, SignalValue]) -> dict[str, float]:
    return {
        spec.id: float(value)
        for spec in kind.signals
        if spec.type is SignalType.NUMBER and isinstance(value := signals.get(spec.id), int | float)
    }


def _row(
    taken: Taken, observation: Observation, place: Place, sealed: dict[str, bytes]
) -> dict[str, Any]:
    reading = taken.reading
    stream_id, seq, idx = place
    return {
        "stream_id": stream_id,
        "seq": seq,
        "idx": idx,
        "site": reading.site,
        "device": reading.device,
        "kind": reading.kind,
        "at": reading.at,
        "received_at": reading.received,
        "late": reading.late,
        "source_id": observation.source_id,
        "signals": dict(reading.signals),
        "sealed": {name: value.hex() for name, value in sealed.items()} or None,
        "rejected": list(taken.checked.rejected) or None,
    }
