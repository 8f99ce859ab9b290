"""A simulator that runs beside the hub: what can be made to happen, and how the hub does."""

from typing import Annotated, Literal

from pydantic import Field

from hub.api.models.base import Answer, Ask, At
from wire import Id, Text

Value = float | str
OptionId = Annotated[str, Field(max_length=32)]


class ScenarioCard(Answer):
    """A scenario of this site. steps: how many things it has happen at their times.

    goes_on: it has more happen after them, for ever.
    """

    id: str
    title: Text
    about: Text | None
    steps: int
    goes_on: bool


class OptionCard(Answer):
    """Something to choose: one of `choices`, or a number from `least` to `most` in `unit`."""

    id: str
    name: Text
    usual: Value
    choices: dict[str, Text]
    least: float
    most: float
    unit: str


class SimulatedPlace(Answer):
    """Where something can happen. busy: something that was injected there is not over."""

    device: str
    busy: bool


class Injectable(Answer):
    """Something that can be made to happen.

    raises: the alarms of which one has to answer it; none means that nothing may alarm.
    """

    id: str
    icon: str
    name: Text
    hint: Text
    raises: list[str]
    options: list[OptionCard]
    places: list[SimulatedPlace]


class Injected(Answer):
    """An event that somebody asked for, newest first.

    state: `waiting` until the place is free, which takes `begins_in_s` if nobody comes.
    """

    number: int
    event: str
    device: str
    by: str
    asked_at: At
    begun_at: At | None
    begins_in_s: float | None
    state: Literal["waiting", "running", "over"]


class Simulator(Answer):
    """The run. speed: simulated seconds per real second. began_at, scenario_at: simulated time.

    scenario: the one that plays, since `scenario_at`.
    """

    site: str
    scenario: str
    scenario_at: At
    began_at: At
    now: At
    seed: int
    speed: float
    scenarios: list[ScenarioCard]
    injectables: list[Injectable]
    injected: list[Injected]


class SimulatedTruth(Answer):
    """Something that must raise an alarm, and what came of it. number: its place in the ledger.

    latency_s: real seconds from the moment that the device showed it to the alarm's first
    appearance on the stream; at most `limit_s` is allowed. detected_at: the same, simulated.
    """

    number: int
    kind: str
    device: str
    at: At
    state: Literal["waiting", "detected", "missed"]
    detected_at: At | None
    latency_s: float | None
    limit_s: float


class FalseAlarm(Answer):
    """An alarm that answers no truth."""

    kind: str
    device: str
    at: At


class EventScore(Answer):
    """The figures on one kind of event; latencies in real seconds, null while there are none.

    waiting: neither detected nor missed yet.
    """

    kind: str
    truth: int
    detected: int
    waiting: int
    missed: int
    false: int
    p50_s: float | None
    p99_s: float | None
    max_s: float | None
    limit_s: float


class LaneScore(Answer):
    """One lane of all agents, since the start. backlog: what agents hold now."""

    stored: int
    duplicates: int
    dropped: int
    dead: int
    backlog: int


class ObservationScore(Answer):
    """What controllers and sensors handed over since the start.

    under_way: neither stored nor declared dropped yet. lost: under way for more than 30 s.
    duplicated: stored more often than it was handed over.
    """

    generated: int
    stored: int
    under_way: int
    lost: int
    duplicated: int
    lanes: dict[str, LaneScore]


class Scorecard(Answer):
    """How the hub does against the truth. passed: nothing lost, doubled, missed, false or late.

    truths, false_alarms: the newest 100 of each.
    """

    now: At
    passed: bool
    events: list[EventScore]
    truths: list[SimulatedTruth]
    false_alarms: list[FalseAlarm]
    observations: ObservationScore


class ScenarioRequest(Ask):
    """Play a scenario from its beginning."""

    scenario: Id


class InjectRequest(Ask):
    """Have something happen at a device. options: by their ids; those left out are the usual."""

    event: Id
    device: Id
    options: Annotated[dict[OptionId, Value], Field(default_factory=dict, max_length=10)]
