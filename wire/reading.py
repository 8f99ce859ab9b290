"""Envelopes and observations as the hub reads them: a fast reader of what well-made agents send.

`wire.envelope` and `wire.observation` are the contract. What this reader does not take as it
stands, for whatever reason, it leaves to their models, which take it or name its fault: the two
cannot disagree about what is wrong.
"""

import re
from functools import lru_cache
from typing import Annotated, Final, Literal

from msgspec import DecodeError, Meta, Struct
from msgspec.json import Decoder

from wire.envelope import (
    MAX_ENVELOPE_BYTES,
    MAX_HEADER_BYTES,
    MAX_SEQ,
    ContentType,
    Envelope,
    Lane,
)
from wire.ids import is_id
from wire.observation import (
    MAX_OBSERVATIONS,
    MAX_SIGNALS,
    MAX_SOURCE_ID,
    MAX_TEXT,
    SIGNAL_NAME,
    Observation,
    decode_observations,
)

_REMEMBERED: Final = 4096
_BOOT: Final = re.compile(r"^[0-9a-f]{16}\Z")

_Seq = Annotated[int, Meta(ge=1, le=MAX_SEQ)]
_Instant = Annotated[int, Meta(ge=-MAX_SEQ, le=MAX_SEQ)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]
_SourceId = Annotated[str, Meta(min_length=1, max_length=MAX_SOURCE_ID)]


class ReadHeader(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """A header that was read and checked; its fields are those of `wire.Header`."""

    boot: str
    lane: Lane
    seq: _Seq
    floor: _Seq
    sent_at: Annotated[int, Meta(ge=0, le=MAX_SEQ)]
    type: ContentType
    v: Literal[1] = 1


class Reported(Struct, frozen=True, gc=False, forbid_unknown_fields=True):
    """An observation that was read and checked; its fields are those of `wire.Observation`."""

    device: str
    kind: str
    at: _Instant
    seen: _Instant
    signals: Annotated[dict[str, bool | float | _Text | None], Meta(max_length=MAX_SIGNALS)]
    source_id: _SourceId | None = None
    historical: bool = False


_HEADER: Final = Decoder(ReadHeader).decode
_MANY: Final = Decoder(Annotated[list[Reported], Meta(max_length=MAX_OBSERVATIONS)]).decode


def read_envelope(payload: bytes) -> tuple[ReadHeader, bytes]:
    """The header, and the body not yet read. Raises WireError as `Envelope.decode` does."""
    header = _header(payload)
    if header is not None:
        return header, payload[payload.index(b"\n") + 1 :]
    envelope = Envelope.decode(payload)
    one = envelope.header
    return ReadHeader(one.boot, one.lane, one.seq, one.floor, one.sent_at, one.type), envelope.body


def read_observations(body: bytes) -> tuple[Reported, ...]:
    """Read an `observations` body. Raises WireError(`bad-body`), naming field and fault."""
    found = _observations(body)
    return tuple(map(_reported, decode_observations(body))) if found is None else tuple(found)


def _header(payload: bytes) -> ReadHeader | None:
    """None when it is not for this reader to say."""
    end = payload.find(b"\n", 0, MAX_HEADER_BYTES)
    if end < 0 or len(payload) > MAX_ENVELOPE_BYTES:
        return None
    try:
        header = _HEADER(payload[:end])
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return header if _is_boot(header.boot) and header.floor <= header.seq else None


def _observations(body: bytes) -> list[Reported] | None:
    """None when it is not for this reader to say."""
    if b"\\u0000" in body:  # the one way in which JSON holds a NUL
        return None
    try:
        found: list[Reported] = _MANY(body)
    except (DecodeError, RecursionError, UnicodeDecodeError):
        return None
    known: Reported | None = None
    for one in found:
        if known is None or not _named_alike(one, known):
            if not _named_well(one):
                return None
            known = one
    return found


def _named_alike(one: Reported, known: Reported) -> bool:
    return (
        one.device == known.device
        and one.kind == known.kind
        and one.signals.keys() == known.signals.keys()
    )


def _named_well(one: Reported) -> bool:
    return is_id(one.device) and is_id(one.kind) and all(map(_is_name, one.signals))


def _reported(one: Observation) -> Reported:
    return Reported(
        one.device, one.kind, one.at, one.seen, one.signals, one.source_id, one.historical
    )


@lru_cache(_REMEMBERED)
def _is_boot(text: str) -> bool:
    return _BOOT.match(text) is not None


@lru_cache(_REMEMBERED)
def _is_name(text: str) -> bool:
    return SIGNAL_NAME.match(text) is not None
