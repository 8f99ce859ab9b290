"""Takes observations in: checks, dates, hides what is sensitive, and sorts them into tables."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from hub.pipeline.event_time import happened_at
from hub.pipeline.incoming import Incoming
from hub.pipeline.registry import Watched
from hub.pipeline.signals import Checked
from hub.rules import Reading
from hub.store.seal import Seal, mask
from hub.store.write.observations import SourceKey
from hub.telemetry import Point
from hub.traces import passage_of
from wire import Lane
from wire.kinds import Kind
from wire.plates import mask as mask_plate
from wire.reading import Reported

Place = tuple[int, int, int]
"""(stream id, seq, idx): what makes an observation unique."""

_MASKS: Final[Mapping[str, Callable[[str], str]]] = {"tail": mask, "plate": mask_plate}


class Taken(NamedTuple):
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
    device: Watched, observation: Reported, offset: int, received_at: int, seal: Seal
) -> Taken:
    """Check an observation and date it. offset: of its agent's clock, ms."""
    checked = device.checks.check(observation.signals)
    at = happened_at(observation.at, observation.seen, offset, historical=observation.historical)
    signals = checked.signals
    if checked.sensitive:
        hashed = {name: seal.hash(device.site, value) for name, value in checked.sensitive.items()}
        signals = {**signals, **hashed}
    late = received_at - at > device.late_after_ms
    return Taken(
        Reading(device.site, device.id, observation.kind, at, received_at, signals, late), checked
    )


def add_rows(
    rows: Rows,
    taken: Taken,
    device: Watched,
    kind: Kind,
    observation: Reported,
    lane: Lane,
    place: Place,
    seal: Seal,
) -> None:
    """Sort one observation into the tables: telemetry's numbers are points, all else is a row."""
    stream_id, seq, idx = place
    reading = taken.reading
    numbers = 0
    if kind.lane is Lane.TELEMETRY:
        marked = (*place, lane is Lane.LIFE)
        numbers = _add_points(rows.points, taken, device.checks.numbers, marked)
    if lane is Lane.TELEMETRY and numbers == len(reading.signals):
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


def source_key(site: str, observation: Reported) -> SourceKey | None:
    """The device's own number of its record, where it has one."""
    if observation.source_id is None:
        return None
    return site, observation.device, observation.source_id


def source_keys(batch: Sequence[Incoming]) -> set[SourceKey]:
    """All of a batch."""
    return {
        (message.site, observation.device, observation.source_id)
        for message in batch
        for observation in message.observations
        if observation.source_id is not None
    }


def _add_points(
    points: list[Point],
    taken: Taken,
    numbers: tuple[str, ...],
    place: tuple[int, int, int, bool],
) -> int:
    """The numbers that are no secret; how many there were. place: with whether it is urgent."""
    site, device, _, at, _, _, _ = taken.reading
    signals = taken.checked.signals
    found = 0
    for name in numbers:
        value = signals.get(name)
        if value is not None:  # a number: `Checks` has let no other pass under this name
            points.append(Point(site, device, name, at, float(value), *place))
            found += 1
    return found


def _row(
    taken: Taken, observation: Reported, place: Place, sealed: dict[str, bytes]
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
