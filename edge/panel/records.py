"""Records of an elevator's access panel as it pushes them (docs/protocols/panel-http.md). Pure."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from edge.controllers.records import (
    ControllerRecord,
    Push,
    RecordError,
    each,
    read_list,
    read_record,
)
from edge.gate.records import Credential, ListId
from wire import Observation, SignalValue
from wire.kinds import load as load_kinds

KIND: Final = load_kinds()["elevator-panel"]
_METHODS: Final = ("card", "code", "phone", "face")
_MOST_FLOORS: Final = 100

Floor = Annotated[int, Field(strict=True, ge=-20, le=300)]


class PanelRecord(ControllerRecord):
    """One record. floor: that was chosen. floors: whose buttons the credential freed."""

    event: Literal["access", "granted", "denied", "called", "state"]
    result: Literal["granted", "denied"] | None = None
    card: Credential | None = None
    code: Credential | None = None
    phone: Credential | None = None
    face: ListId | None = None
    floor: Floor | None = None
    floors: Annotated[list[Floor], Field(max_length=_MOST_FLOORS)] | None = None
    reason: (
        Literal["unknown-credential", "expired", "not-allowed-here", "not-allowed-now"] | None
    ) = None

    def signals(self) -> dict[str, SignalValue]:
        """The record in the words of the kind `elevator-panel`. Raises RecordError."""
        signals: dict[str, SignalValue] = {"event": self._event()}
        shown = [method for method in _METHODS if getattr(self, method) is not None]
        if len(shown) > 1:
            raise RecordError(f"{shown[1]}: at most one of {', '.join(_METHODS)}")
        for method in shown:
            signals |= {"method": method, "credential": getattr(self, method)}
        if self.floors:
            signals["floors"] = " ".join(map(str, sorted(set(self.floors))))
        floor = self._floor()
        if floor is not None:
            signals["floor"] = floor
        if self.reason is not None:
            signals["reason"] = self.reason
        return signals

    def _event(self) -> str:
        if self.event == "called" and self.floor is None:
            raise RecordError("floor: required with event called")
        if self.event != "access":
            return self.event
        if self.result is None:
            raise RecordError("result: required with event access")
        return self.result

    def _floor(self) -> int | None:
        """Where a credential frees one floor alone, that is the one they go to."""
        if self.floor is not None or not self.floors or len(set(self.floors)) > 1:
            return self.floor
        return self.floors[0]


def read_push(body: bytes, *, device: str, seen: int, utc_offset_min: int) -> Push:
    """Read a push's body. Raises RecordError when there are no records in it to be judged.

    seen: when it arrived, agent's clock, ms. utc_offset_min: the zone of times that name none.
    """

    def take(_index: int, raw: Any) -> Observation:
        record = read_record(PanelRecord, raw)
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
