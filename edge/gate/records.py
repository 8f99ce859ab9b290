"""Records of a gate controller as it pushes them (docs/protocols/gate-http.md). Pure."""

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
from wire.observation import MAX_TEXT

KIND: Final = load_kinds()["gate"]
_METHODS: Final = ("card", "code", "phone", "face")
_COPIED: Final = ("direction", "reason", "open", "fire", "listed")
_LONGEST_ID: Final = 64
"""Characters of a subject's number in a face terminal; a template does not fit."""

Credential = Annotated[str, Field(strict=True, min_length=1, max_length=MAX_TEXT), NoNul]

ListId = Annotated[str, Field(strict=True, min_length=1, max_length=_LONGEST_ID), NoNul]


class GateRecord(ControllerRecord):
    """One record."""

    event: Literal[
        "access", "granted", "denied", "exit-button", "remote-open", "opened", "closed", "state"
    ]
    result: Literal["granted", "denied"] | None = None
    card: Credential | None = None
    code: Credential | None = None
    phone: Credential | None = None
    face: ListId | None = None
    listed: ListId | None = None
    reason: (
        Literal["unknown-credential", "expired", "not-allowed-here", "not-allowed-now"] | None
    ) = None
    direction: Literal["in", "out"] | None = None
    open: Flag | None = None
    fire: Flag | None = None

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


def read_push(body: bytes, *, device: str, seen: int, utc_offset_min: int) -> Push:
    """Read a push's body. Raises RecordError when there are no records in it to be judged.

    seen: when it arrived, agent's clock, ms. utc_offset_min: the zone of times that name none.
    """

    def take(_index: int, raw: Any) -> Observation:
        record = read_record(GateRecord, raw)
        return Observation(
            device=device,
            kind=KIND.id,
            at=record.at(seen, utc_offset_min),
            seen=seen,
            signals=record.signals(),
            source_id=str(record.record_id),
            historical=bool(record.historical),
        )

    return Push(*each(read_list(body), take))
