"""One message of an agent's, read as far as it can be read."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from wire import ContentType, Lane, Receipt, Topic, WireError
from wire.command import decode_receipts
from wire.media import EvidenceNote, Frame, decode_notes
from wire.reading import ReadHeader, Reported, read_envelope, read_observations
from wire.tracks import TrackReport, decode_tracks

KEPT_BYTES = 4096
"""How much of a message is kept, under seal, when it becomes a dead letter."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a message, or a part of it, is set aside; see `wire.WireError`."""

    reason: str
    detail: str


class Incoming(NamedTuple):
    """A message and when the hub received it.

    site, agent: by the topic; empty when it names none.
    header: None when it could not be read; the message then has no number to acknowledge.
    observations, receipts, notes, tracks, frame: the body. fault: why there is none.
    head: the beginning of the message, kept only with a fault.
    """

    topic: str
    site: str
    agent: str
    received_at: int
    size: int
    header: ReadHeader | None = None
    observations: tuple[Reported, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    notes: tuple[EvidenceNote, ...] = ()
    tracks: tuple[TrackReport, ...] = ()
    frame: Frame | None = None
    fault: Fault | None = None
    head: bytes = b""


def read(topic: str, payload: bytes, received_at: int) -> Incoming:
    """Read a message from an `up` topic. Never raises: what is wrong becomes its `fault`."""
    try:
        parsed = Topic.parse(topic)
    except WireError as error:
        return _unread(topic, "", "", payload, received_at, error)
    site, agent = parsed.site, parsed.agent
    try:
        header, body = read_envelope(payload)
    except WireError as error:
        return _unread(topic, site, agent, payload, received_at, error)
    made = partial(Incoming, topic, site, agent, received_at, len(payload), header)
    try:
        _check_lane(parsed.lane, header)
        return _with_body(made, header.type, body)
    except WireError as error:
        return _unread(topic, site, agent, payload, received_at, error, header)


def set_aside(topic: str, payload: bytes, received_at: int, fault: Fault) -> Incoming:
    """A message that is not even looked at, for the dead letters."""
    try:
        parsed = Topic.parse(topic)
        site, agent = parsed.site, parsed.agent
    except WireError:
        site = agent = ""
    return Incoming(
        topic[:256],
        site,
        agent,
        received_at,
        len(payload),
        fault=fault,
        head=payload[:KEPT_BYTES],
    )


def _check_lane(lane: Lane | None, header: ReadHeader) -> None:
    if header.lane is not lane:
        raise WireError("wrong-lane", f"lane {header.lane} came on the topic of lane {lane}")


def _with_body(made: Callable[..., Incoming], kind: ContentType, body: bytes) -> Incoming:
    """Raises WireError."""
    match kind:
        case ContentType.OBSERVATIONS:
            return made(observations=read_observations(body))
        case ContentType.RECEIPTS:
            return made(receipts=tuple(decode_receipts(body)))
        case ContentType.EVIDENCE:
            return made(notes=tuple(decode_notes(body)))
        case ContentType.TRACKS:
            return made(tracks=tuple(decode_tracks(body)))
        case ContentType.FRAME:
            return made(frame=Frame.decode(body))


def _unread(
    topic: str,
    site: str,
    agent: str,
    payload: bytes,
    received_at: int,
    error: WireError,
    header: ReadHeader | None = None,
) -> Incoming:
    return Incoming(
        topic[:256],
        site,
        agent,
        received_at,
        len(payload),
        header,
        fault=Fault(error.reason, error.detail),
        head=payload[:KEPT_BYTES],
    )
