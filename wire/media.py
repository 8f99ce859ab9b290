"""Pictures and clips on the wire: single frames, and what is said of evidence on its way."""

from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wire.errors import WireError
from wire.ids import Id
from wire.observation import Instant

MAX_FRAME_BYTES: Final = 1024 * 1024
"""The most one JPEG may weigh; a detector's frame, 640 px wide, weighs some 40 KiB."""

MAX_SIDE: Final = 4096
_MAX_LINE: Final = 1024
_JPEG: Final = b"\xff\xd8\xff"

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
EvidenceId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Side = Annotated[int, Field(ge=1, le=MAX_SIDE, strict=True)]


class Frame(BaseModel):
    """One picture of one camera.

    at, seen: as in an observation, ms. width, height: of the JPEG, px, as its maker says; whoever
    decodes it checks. why: what made the camera send it.
    """

    model_config = ConfigDict(frozen=True)

    device: Id
    kind: Id
    at: Instant
    seen: Instant
    width: Side
    height: Side
    why: Literal["motion", "watch", "sign-of-life", "live"]
    jpeg: Annotated[bytes, Field(exclude=True)] = b""

    def encode(self) -> bytes:
        """The bytes that `decode` reads back: a JSON line, then the JPEG."""
        return self.model_dump_json().encode() + b"\n" + self.jpeg

    @classmethod
    def decode(cls, body: bytes) -> "Frame":
        """Read a `frame` body. Raises WireError(`bad-body`); the JPEG itself is not looked into."""
        end = body.find(b"\n", 0, _MAX_LINE)
        if end < 0:
            raise WireError("bad-body", f"frame: no line in the first {_MAX_LINE} bytes")
        jpeg = body[end + 1 :]
        if len(jpeg) > MAX_FRAME_BYTES or not jpeg.startswith(_JPEG):
            raise WireError("bad-body", f"frame: not a JPEG of at most {MAX_FRAME_BYTES} bytes")
        try:
            return cls.model_validate_json(body[:end]).model_copy(update={"jpeg": jpeg})
        except ValidationError as error:
            raise WireError.of("bad-body", error, whole="frame") from None


class EvidenceClass(StrEnum):
    """What a piece of evidence is; each class is kept for its own time."""

    CLIP = "clip"
    STILL = "still"
    THUMBNAIL = "thumbnail"
    PICTURE = "picture"  # that a device took by itself, such as a plate camera's


class EvidenceNote(BaseModel):
    """What an agent says of a piece of evidence before it uploads it, or instead of it.

    id: the hub's own, where the hub asked for it; drawn by the agent otherwise.
    sha256, size: of the bytes that will come; both are missing where none will (`failed`).
    of: the evidence that it goes with, such as the clip whose first still this is.
    from_at, to_at: what it covers, agent's clock, ms; equal for a picture.
    failed: one line for people, why there is nothing.
    """

    model_config = ConfigDict(frozen=True)

    id: EvidenceId
    device: Id
    kind: EvidenceClass
    of: EvidenceId | None = None
    at: Instant
    from_at: Instant
    to_at: Instant
    sha256: Sha256 | None = None
    size: Annotated[int, Field(ge=1, le=2**40)] | None = None
    content_type: Literal["video/mp4", "image/jpeg"] | None = None
    failed: Annotated[str, Field(max_length=200)] = ""


_NOTES: Final = TypeAdapter(Annotated[list[EvidenceNote], Field(max_length=100)])


def decode_notes(body: bytes) -> list[EvidenceNote]:
    """Read an `evidence` body. Raises WireError(`bad-body`)."""
    try:
        notes = _NOTES.validate_json(body)
    except ValidationError as error:
        raise WireError.of("bad-body", error, whole="evidence") from None
    for place, note in enumerate(notes):
        whole = None not in {note.sha256, note.size, note.content_type}
        if whole == bool(note.failed):
            raise WireError("bad-body", f"{place}: either a hash, size and type, or a failure")
    return notes


def encode_notes(notes: list[EvidenceNote]) -> bytes:
    """The body that `decode_notes` reads back."""
    return _NOTES.dump_json(notes, exclude_none=True)


def upload_grant(site: str, agent: str, sha256: str, size: int) -> bytes:
    """What an agent signs (Ed25519) to upload one piece of evidence.

    It names the content by its hash, so whoever repeats it can only bring the same bytes again.
    """
    return f"gatehouse-media-1\n{site}\n{agent}\n{sha256}\n{size}\n".encode()
