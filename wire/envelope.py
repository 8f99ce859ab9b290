"""An envelope: one JSON header line, a newline, and a body.

The header stays readable when the body is poison, so that a message that cannot be understood is
still acknowledged, and set aside, by its number.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wire.errors import WireError

MAX_ENVELOPE_BYTES = 2 * 1024 * 1024
"""The most an envelope may weigh, header and body: Mosquitto 2.1's own default packet limit."""

MAX_HEADER_BYTES = 2048
MAX_SEQ = 2**53 - 1
"""The largest whole number that every JSON reader keeps exact (RFC 8259, 6)."""


class Lane(StrEnum):
    """Streams that may overtake one another, each with its own gap-free numbering."""

    LIFE = "life"
    EVENT = "event"
    TELEMETRY = "telemetry"
    MEDIA = "media"


class ContentType(StrEnum):
    """What the body is."""

    OBSERVATIONS = "observations"  # JSON array of Observation
    RECEIPTS = "receipts"  # JSON array of Receipt
    FRAME = "frame"  # JSON line of a Frame, newline, JPEG
    EVIDENCE = "evidence"  # JSON array of EvidenceNote
    TRACKS = "tracks"  # JSON array of TrackReport


Seq = Annotated[int, Field(ge=1, le=MAX_SEQ, strict=True)]
Boot = Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class Header(BaseModel):
    """The envelope's first line.

    boot: 16 hex digits, drawn once per outbox database.
    seq: number within (boot, lane), from 1, without gaps.
    floor: the lowest seq that the agent still holds; everything below is durable at the hub or
        was dropped and is thereby declared.
    sent_at: the agent's clock when it published, ms.
    """

    model_config = ConfigDict(frozen=True)

    v: Literal[1] = 1
    boot: Boot
    lane: Lane
    seq: Seq
    floor: Seq
    sent_at: Annotated[int, Field(ge=0, le=MAX_SEQ, strict=True)]
    type: ContentType


@dataclass(frozen=True, slots=True)
class Envelope:
    """A header and its body, not yet read."""

    header: Header
    body: bytes

    def encode(self) -> bytes:
        """The bytes that are published."""
        return self.header.model_dump_json().encode() + b"\n" + self.body

    @classmethod
    def decode(cls, payload: bytes) -> "Envelope":
        """Split and read the header.

        Raises WireError: `too-large`, `bad-header`, `unknown-version`, `bad-floor`.
        """
        if len(payload) > MAX_ENVELOPE_BYTES:
            raise WireError("too-large", f"{len(payload)} bytes, at most {MAX_ENVELOPE_BYTES}")
        end = payload.find(b"\n", 0, MAX_HEADER_BYTES)
        if end < 0:
            raise WireError("bad-header", f"no header line in the first {MAX_HEADER_BYTES} bytes")
        try:
            header = Header.model_validate_json(payload[:end])
        except ValidationError as error:
            raise _header_error(error) from None
        if header.floor > header.seq:
            raise WireError("bad-floor", f"floor {header.floor} is above seq {header.seq}")
        return cls(header, payload[end + 1 :])


def _header_error(error: ValidationError) -> WireError:
    if error.errors()[0]["loc"] == ("v",):
        return WireError("unknown-version", "envelope version is not 1")
    return WireError.of("bad-header", error, whole="header")
