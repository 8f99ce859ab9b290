"""Records of a gate controller as it pushes them (docs/protocols/gate-http.md). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from wire import Observation, SignalValue
from wire.kinds import load as load_kinds
from wire.observation import MAX_TEXT

KIND: Final = load_kinds()["gate"]
MAX_RECORDS = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_METHODS: Final = ("card", "code", "phone", "face")
_COPIED: Final = ("direction", "reason", "open", "fire")


class RecordError(ValueError):
    """A record, or a push, that cannot be read; one line that repeats no credential."""


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


Credential = Annotated[
    str, Field(strict=True, min_length=1, max_length=MAX_TEXT), AfterValidator(_no_nul)
]
RecordId = Annotated[str, Field(strict=True, min_length=1, max_length=128), AfterValidator(_no_nul)]
Flag = Annotated[bool, Field(strict=True)]
WholeNumber = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1)]


class GateRecord(BaseModel):
    """One record; what it does not name is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    record_id: RecordId | WholeNumber
    event: Literal[
        "access", "granted", "denied", "exit-button", "remote-open", "opened", "closed", "state"
    ]
    result: Literal["granted", "denied"] | None = None
    time: Annotated[str, Field(strict=True, max_length=40)] | WholeNumber | None = None
    card: Credential | None = None
    code: Credential | None = None
    phone: Credential | None = None
    face: Credential | None = None
    reason: (
        Literal["unknown-credential", "expired", "not-allowed-here", "not-allowed-now"] | None
    ) = None
    direction: Literal["in", "out"] | None = None
    open: Flag | None = None
    fire: Flag | None = None
    historical: Flag | None = None

    def signals(self) -> dict[str, SignalValue]:
        """The record in the words of the kind `gate`. Raises RecordError."""
        signals: dict[str, SignalValue] = {"event": self._event()}
        shown = [method for method in _METHODS if getattr(self, method) is not None]
        if len(shown) > 1:
            raise RecordError(f"{shown[1]}: at most one of {', '.join(_METHODS)}")
        for method in shown:
            signals |= {"method": method, "credential": getattr(self, method)}
        signals |= {name: value for name in _COPIED if (value := getattr(self, name)) is not None}
        return signals

    def _event(self) -> str:
        if self.event != "access":
            return self.event
        if self.result is None:
            raise RecordError("result: required with event access")
        return self.result


@dataclass(frozen=True, slots=True)
class Push:
    """A push, read: its good records, and what is wrong with the others, by index."""

    observations: tuple[Observation, ...]
    rejected: tuple[tuple[int, str], ...]


def read_push(body: bytes, *, device: str, seen: int, utc_offset_min: int) -> Push:
    """Read a push's body. Raises RecordError when there are no records in it to be judged.

    seen: when it arrived, agent's clock, ms. utc_offset_min: the zone of times that name none.
    """
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise RecordError(f"body: not JSON ({error})"[:200]) from None
    records = document.get("records") if isinstance(document, dict) else None
    if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
        raise RecordError(f"records: a list of 1 to {MAX_RECORDS} is required")
    observations: list[Observation] = []
    rejected: list[tuple[int, str]] = []
    for index, raw in enumerate(records):
        try:
            observations.append(_read_record(raw, device, seen, utc_offset_min))
        except RecordError as error:
            rejected.append((index, str(error)))
    return Push(tuple(observations), tuple(rejected))


def _read_record(raw: Any, device: str, seen: int, utc_offset_min: int) -> Observation:
    try:
        record = GateRecord.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = str(first["loc"][0]) if first["loc"] else "record"
        raise RecordError(f"{place}: {first['msg']}"[:200]) from None
    return Observation(
        device=device,
        kind=KIND.id,
        at=_read_time(record.time, seen, utc_offset_min),
        seen=seen,
        signals=record.signals(),
        source_id=str(record.record_id),
        historical=bool(record.historical),
    )


def _read_time(time: str | int | None, seen: int, utc_offset_min: int) -> int:
    """Milliseconds since the epoch. Raises RecordError."""
    if time is None:
        return seen
    if isinstance(time, int):
        return time
    try:
        moment = datetime.fromisoformat(time)
    except ValueError:
        raise RecordError("time: neither ISO 8601 nor whole milliseconds") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=utc_offset_min)))
    return (moment - _EPOCH) // _MILLISECOND
