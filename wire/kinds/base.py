"""What a device kind is made of."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wire.envelope import Lane
from wire.ids import Id
from wire.text import Text


class SignalType(StrEnum):
    """How a signal's value is read."""

    NUMBER = "number"
    BOOL = "bool"
    TEXT = "text"
    CHOICE = "choice"


class SignalSpec(BaseModel):
    """One signal of a kind.

    unit: of a number, as written on a chart (`MPa`, `V`, `°C`).
    choices: the values of a choice, each with its name; a value outside them is a bad signal.
    sensitive: stored only as a keyed hash and a sealed value; never logged, fed or published.
    mask: what people may see of a sensitive value: the end of a long one, or as `wire.plates` says.
    urgent_change: a number that moved at least this far since it was last sent takes the `life`
        lane, so that a burst pipe overtakes a backlog of telemetry.
    low, high: what the sensor can report at all; outside is a bad signal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: Text
    type: SignalType
    unit: str = ""
    choices: dict[str, Text] = {}
    sensitive: bool = False
    mask: Literal["tail", "plate"] = "tail"
    urgent_change: float | None = None
    low: float | None = None
    high: float | None = None


class ActionSpec(BaseModel):
    """One thing that a device of this kind can be told to do.

    max_lease_s: the longest lease; 0 for an action that ends by itself.
    role: the least role that may order it.
    by_hub: asked by the hub itself, never by a person; it moves nothing, so neither the device's
        lease nor its fire input is in its way.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Text
    max_lease_s: float = Field(default=0.0, ge=0, le=120)
    role: str = "guard"
    by_hub: bool = False


class Kind(BaseModel):
    """A family of devices.

    lane: where its observations travel.
    rules: ids of the rules that watch a device of this kind unless its site says otherwise.
    passages: its events are access traces.
    subject: the sensitive signal that says who or what passed.
    silent_after_s: no report for this long means that something is wrong.
    icon: name of an icon that the console has.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Text
    icon: str
    lane: Lane
    signals: tuple[SignalSpec, ...]
    actions: tuple[ActionSpec, ...] = ()
    rules: tuple[Id, ...] = ()
    passages: bool = False
    subject: str = "credential"
    silent_after_s: float = 180.0

    def signal(self, name: str) -> SignalSpec | None:
        """The signal called `name`, if this kind has it."""
        return next((signal for signal in self.signals if signal.id == name), None)
