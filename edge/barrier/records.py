"""Records of a barrier controller as it pushes them (docs/protocols/barrier-http.md). Pure.

The plate is judged here, in clear: beyond the agent's driver only its hash can be compared.
"""

import base64
import binascii
import hashlib
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from edge.controllers.records import (
    ControllerRecord,
    Flag,
    NoNul,
    Push,
    RecordError,
    each,
    read_list,
    read_record,
)
from wire import Observation, SignalValue
from wire.kinds import load as load_kinds
from wire.plates import normalise, parse, reads_well

KIND: Final = load_kinds()["barrier"]
MAX_PICTURE_BYTES: Final = 640 * 1024
_JPEG: Final = b"\xff\xd8\xff"
_COPIED: Final = ("direction", "result", "reason", "arm", "loop", "fire", "confidence")

PlateText = Annotated[str, Field(strict=True, max_length=32), NoNul]
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Encoded = Annotated[str, Field(strict=True)]


class BarrierRecord(ControllerRecord):
    """One record. picture: a JPEG in base64 (RFC 4648, 4)."""

    event: Literal[
        "seen",
        "passed",
        "opened",
        "closed",
        "struck",
        "held",
        "released",
        "remote-open",
        "manual-open",
        "state",
    ]
    plate: PlateText | None = None
    colour: Literal["blue", "yellow", "green", "yellow-green", "white", "black"] | None = None
    confidence: Percent | None = None
    direction: Literal["in", "out"] | None = None
    result: Literal["allowed", "denied"] | None = None
    reason: Literal["not-listed", "expired", "blocked", "unpaid", "full", "no-plate"] | None = None
    arm: Literal["open", "closed", "moving", "broken"] | None = None
    loop: Flag | None = None
    fire: Flag | None = None
    picture: Encoded | None = None

    def signals(self) -> dict[str, SignalValue]:
        """The record in the words of the kind `barrier`, without its picture."""
        signals: dict[str, SignalValue] = {"event": self.event}
        signals |= {name: value for name in _COPIED if (value := getattr(self, name)) is not None}
        if self.colour is not None:
            signals["plate_colour"] = self.colour
        return signals | self._plate()

    def _plate(self) -> dict[str, SignalValue]:
        text = normalise(self.plate or "")
        if not text:
            return {}
        signals: dict[str, SignalValue] = {
            "plate": text,
            "method": "plate",
            "plate_grammar": "ok" if reads_well(text, self.colour) else "odd",
        }
        plate = parse(text)
        return signals if plate is None else signals | {"plate_kind": plate.kind.value}


def read_push(body: bytes, *, device: str, seen: int, utc_offset_min: int) -> Push:
    """Read a push's body. Raises RecordError when there are no records in it to be judged.

    A record outlives a picture that is none: it is taken without it. seen: when it arrived,
    agent's clock, ms. utc_offset_min: the zone of times that name none.
    """
    pictures: dict[str, bytes] = {}
    spoilt: list[tuple[int, str]] = []

    def take(index: int, raw: Any) -> Observation:
        record = read_record(BarrierRecord, raw)
        source_id, signals = str(record.record_id), record.signals()
        observation = Observation(
            device=device,
            kind=KIND.id,
            at=record.at(seen, utc_offset_min),
            seen=seen,
            signals=signals,
            source_id=source_id,
            historical=bool(record.historical),
        )
        if record.picture is None:
            return observation
        try:
            picture = _jpeg(record.picture)
        except RecordError as error:
            spoilt.append((index, str(error)))
            return observation
        pictures[source_id] = picture
        signals["picture"] = hashlib.sha256(picture).hexdigest()
        return observation.model_copy(update={"signals": signals})

    return Push(*each(read_list(body), take), pictures, tuple(spoilt))


def _jpeg(encoded: str) -> bytes:
    """Bytes that begin as a JPEG does; never decoded here. Raises RecordError."""
    if len(encoded) > MAX_PICTURE_BYTES * 4 // 3 + 4:
        raise RecordError(f"picture: over {MAX_PICTURE_BYTES // 1024} KiB")
    try:
        picture = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise RecordError("picture: not base64") from None
    if len(picture) > MAX_PICTURE_BYTES:
        raise RecordError(f"picture: over {MAX_PICTURE_BYTES // 1024} KiB")
    if not picture.startswith(_JPEG):
        raise RecordError("picture: not a JPEG")
    return picture
