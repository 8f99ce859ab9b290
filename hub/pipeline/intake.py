"""Takes observations in: checks, dates, hides what is sensitive, and sorts them into tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from hub.pipeline.event_time import happened_at
from hub.pipeline.incoming import Incoming
from hub.pipeline.registry import Watched
from hub.pipeline.signals import Checked
from hub.rules import Reading
from hub.store.seal import Seal, mask
from hub.store.write.observations import SourceKey
from hub.store.write.passers import Seen
from hub.telemetry import Point
from hub.traces import passage_of, way_of
from wire import Lane
from wire.kinds import Kind
from wire.plates import head
from wire.plates import mask as mask_plate
from wire.reading import Reported

Place = tuple[int, int, int]
"""(stream id, seq, idx): what makes an observation unique."""

_MASKS: Final[Mapping[str, Callable[[str], str]]] = {"tail": mask, "plate": mask_plate}


class Taken(NamedTuple):
    """One observation, ready for the tables and the rules. idx: its number in its message."""

    idx: int
    observation: Reported
    reading: Reading
    checked: Checked


@dataclass(slots=True)
class Rows:
    """What one batch adds to the tables."""

    observations: list[dict[str, Any]] = field(default_factory=list)
    passages: list[dict[str, Any]] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)
    sources: list[SourceKey] = field(default_factory=list)


def take(
    device: Watched,
    reported: Iterable[tuple[int, Reported]],
    offset: int,
    received_at: int,
    seal: Seal,
) -> list[Taken]:
    """Check what a device reported, and date it. offset: of its agent's clock, ms."""
    site, name, check = device.site, device.id, device.checks.check
    late_before = received_at - device.late_after_ms
    taken = []
    for idx, one in reported:
        checked = check(one.signals)
        at = happened_at(one.at, one.seen, offset, historical=one.historical)
        signals = checked.signals
        if checked.sensitive:
            hashed = {key: seal.hash(site, value) for key, value in checked.sensitive.items()}
            signals = {**signals, **hashed}
        reading = Reading(site, name, one.kind, at, received_at, signals, at < late_before)
        taken.append(Taken(idx, one, reading, checked))
    return taken


def add_rows(
    rows: Rows,
    taken: list[Taken],
    device: Watched,
    kind: Kind,
    lane: Lane,
    stream: tuple[int, int],
    seal: Seal,
) -> None:
    """Sort observations of a device into the tables: telemetry's numbers are points, all else rows.

    lane: in which they came. stream: its id, and the message's number in it.
    """
    rest = taken
    if kind.lane is Lane.TELEMETRY:
        rest = _add_points(rows.points, taken, device, lane, stream)
    for one in rest:
        _add_row(rows, one, device, kind, (*stream, one.idx), seal)


def _add_points(
    points: list[Point],
    taken: Iterable[Taken],
    device: Watched,
    lane: Lane,
    stream: tuple[int, int],
) -> list[Taken]:
    """Add the numbers that are no secret; what has to be kept as it is besides."""
    site, name, numbers = device.site, device.id, device.checks.numbers
    stream_id, seq = stream
    urgent, telemetry = lane is Lane.LIFE, lane is Lane.TELEMETRY
    rest = []
    for one in taken:
        at, idx, signals = one.reading.at, one.idx, one.checked.signals
        found = 0
        for signal in numbers:
            value = signals.get(signal)
            if value is not None:  # a number: `Checks` has let no other pass under this name
                points.append(
                    Point(site, name, signal, at, float(value), stream_id, seq, idx, urgent)
                )
                found += 1
        if not telemetry or found != len(one.reading.signals):
            rest.append(one)
    return rest


def _add_row(
    rows: Rows, taken: Taken, device: Watched, kind: Kind, place: Place, seal: Seal
) -> None:
    site = device.site
    sealed = {
        name: seal.seal(site, value.encode()) for name, value in taken.checked.sensitive.items()
    }
    rows.observations.append(_row(taken, place, sealed))
    if kind.passages:
        _add_passage(rows, taken, device, kind, place, sealed.get(kind.subject))


def _add_passage(
    rows: Rows, taken: Taken, device: Watched, kind: Kind, place: Place, sealed: bytes | None
) -> None:
    """What it says of somebody who passed, or tried to."""
    reading = taken.reading
    masked = _masked(kind, taken.checked)
    passage = passage_of(reading, place[1], kind, device.way)
    went = way_of(reading, kind, device.way)
    if kind.subject in taken.checked.sensitive and (passage is not None or went is not None):
        rows.seen.append(_seen(taken, kind, masked, sealed, went))
    if passage is None:
        return
    stream_id, seq, idx = place
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
            "sealed": sealed,
            "masked": masked,
            "picture": passage.picture,
            "operator": None,
            "floor": passage.floor,
            "stream_id": stream_id,
            "seq": seq,
            "idx": idx,
        }
    )


def _seen(
    taken: Taken, kind: Kind, masked: str | None, sealed: bytes | None, went: str | None
) -> Seen:
    reading, plate = taken.reading, kind.subject == "plate"
    return Seen(
        site=reading.site,
        subject=str(reading.signals[kind.subject]),
        plate=plate,
        masked=masked,
        sealed=sealed,
        head=head(taken.checked.sensitive[kind.subject]) if plate else None,
        at=reading.at,
        received_at=reading.received,
        device=reading.device,
        way=went,
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


def _row(taken: Taken, place: Place, sealed: dict[str, bytes]) -> dict[str, Any]:
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
        "source_id": taken.observation.source_id,
        "signals": dict(reading.signals),
        "sealed": {name: value.hex() for name, value in sealed.items()} or None,
        "rejected": list(taken.checked.rejected) or None,
    }
