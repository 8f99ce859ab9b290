"""An observation: what one device said at one moment."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from wire.envelope import MAX_SEQ
from wire.errors import WireError, one_line
from wire.ids import Id

MAX_OBSERVATIONS = 1000
"""The most observations one envelope may carry."""

MAX_TEXT = 512
"""The longest text a signal may hold, in characters."""

MAX_SIGNALS = 64
MAX_SOURCE_ID = 128
_NAME = r"^[a-z][a-z0-9_]{0,31}"
SIGNAL_NAME: Final = re.compile(_NAME + r"\Z")


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


Number = Annotated[float, Field(allow_inf_nan=False)]
SignalText = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(_no_nul)]
SignalValue = Annotated[bool, Field(strict=True)] | Number | SignalText | None
Signals = dict[Annotated[str, Field(pattern=_NAME + "$")], SignalValue]
SourceId = Annotated[str, Field(min_length=1, max_length=MAX_SOURCE_ID), AfterValidator(_no_nul)]
Instant = Annotated[int, Field(ge=-MAX_SEQ, le=MAX_SEQ, strict=True)]


class Observation(BaseModel):
    """One report of one device.

    at: the device's own clock, ms. It is data: it may be wrong, and nothing is keyed by it.
    seen: the agent's clock when it sampled or received the report, ms.
    signals: by the names, in the units, that the device's kind states. A name that the kind does
        not know is ignored by the hub.
    source_id: the device's own record id where it has one; a re-push carries the same.
    historical: the device or the agent replays what happened earlier (an offline list).
    """

    model_config = ConfigDict(frozen=True)

    device: Id
    kind: Id
    at: Instant
    seen: Instant
    signals: Annotated[Signals, Field(max_length=MAX_SIGNALS)]
    source_id: SourceId | None = None
    historical: bool = False


_MANY: Final = TypeAdapter(Annotated[list[Observation], Field(max_length=MAX_OBSERVATIONS)])


def decode_observations(body: bytes) -> list[Observation]:
    """Read an `observations` body. Raises WireError(`bad-body`), naming field and fault."""
    try:
        return _MANY.validate_json(body)
    except ValidationError as error:
        raise _fault(error) from None


def encode_observations(observations: list[Observation]) -> bytes:
    """The body that `decode_observations` reads back."""
    return _MANY.dump_json(observations, exclude_defaults=True)


def _fault(error: ValidationError) -> WireError:
    match error.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]:
        case (index, "signals", name, branch) if branch != "[key]":  # pydantic names one branch
            rule = f"neither a bool, a finite number, a text up to {MAX_TEXT} characters, nor null"
            return WireError("bad-body", one_line(f"{index}.signals.{name}: {rule}"))
    return WireError.of("bad-body", error, whole="body")
