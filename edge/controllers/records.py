"""Records as controllers push them: the fields and the reading that all families share. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from wire import Observation

MAX_RECORDS = 500
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)
_MAX_DETAIL: Final = 200


class RecordError(ValueError):
    """A record, or a push, that cannot be read; one line that repeats no credential or plate."""


def _no_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("holds a NUL character")
    return value


NoNul = AfterValidator(_no_nul)
RecordId = Annotated[str, Field(strict=True, min_length=1, max_length=128), NoNul]
Flag = Annotated[bool, Field(strict=True)]
WholeNumber = Annotated[int, Field(strict=True, ge=-(2**53) + 1, le=2**53 - 1)]


class ControllerRecord(BaseModel):
    """What every record has; what it does not name is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    record_id: RecordId | WholeNumber
    time: Annotated[str, Field(strict=True, max_length=40)] | WholeNumber | None = None
    historical: Flag | None = None

    def at(self, seen: int, utc_offset_min: int) -> int:
        """When it happened by the device, ms; `seen` where it does not say. Raises RecordError."""
        return _read_time(self.time, seen, utc_offset_min)


R = TypeVar("R", bound=ControllerRecord)


@dataclass(frozen=True, slots=True)
class Push:
    """A push, read: its good records, and what is wrong with the others, by index.

    pictures: JPEGs by source id. spoilt: what is wrong with pictures whose records are good.
    """

    observations: tuple[Observation, ...]
    rejected: tuple[tuple[int, str], ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    spoilt: tuple[tuple[int, str], ...] = ()


def read_list(body: bytes) -> list[Any]:
    """The records of a body, not yet judged. Raises RecordError when there are none."""
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise RecordError(f"body: not JSON ({error})"[:_MAX_DETAIL]) from None
    records = document.get("records") if isinstance(document, dict) else None
    if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
        raise RecordError(f"records: a list of 1 to {MAX_RECORDS} is required")
    return records


def each(
    records: list[Any], take: Callable[[int, Any], Observation]
) -> tuple[tuple[Observation, ...], tuple[tuple[int, str], ...]]:
    """What `take` makes of each record, and what it refused with RecordError, by index."""
    good: list[Observation] = []
    rejected: list[tuple[int, str]] = []
    for index, raw in enumerate(records):
        try:
            good.append(take(index, raw))
        except RecordError as error:
            rejected.append((index, str(error)))
    return tuple(good), tuple(rejected)


def read_record(model: type[R], raw: Any) -> R:
    """One record as `model`. Raises RecordError, naming the field."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = str(first["loc"][0]) if first["loc"] else "record"
        raise RecordError(f"{place}: {first['msg']}"[:_MAX_DETAIL]) from None


def _read_time(time: str | int | None, seen: int, utc_offset_min: int) -> int:
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
