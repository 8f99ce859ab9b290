"""Scenarios: what happens on an estate, and when. TOML, read into models that refuse typos."""

from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from simulators import toml
from simulators.errors import ConfigError
from simulators.facade.live import Harmless as HarmlessSight
from simulators.facade.live import Thrown
from simulators.scenery import Blindness
from simulators.site import Site
from wire import Id, Text

Kind = Literal[
    "pressure-low",
    "door-forced",
    "door-held-open",
    "barrier-struck",
    "tailgating",
    "camera-blind",
    "camera-moved",
    "ebike-in-elevator",
    "falling-object",
    "drifting-object",
    "device-silent",
    "door-denied-repeatedly",
]
IncidentName = Literal[
    "leak",
    "force-door",
    "prop-door",
    "deny",
    "strike-barrier",
    "tailgate",
    "misread",
    "blind-camera",
    "ebike-enters",
    "ebike-rides",
    "harmless-ride",
    "throw",
    "harmless-view",
]
Harmless = Literal["person", "two-people", "stroller", "wheelchair", "bicycle"]

Seconds = Annotated[float, Field(ge=0, le=7 * 86_400)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Step(_Model):
    """at_s: simulated seconds from the start of the run."""

    at_s: Seconds = 0.0


class Leak(_Step):
    """A sensor's branch, or a whole riser at its top, falls to `to_mpa` within `over_s`."""

    do: Literal["leak"] = "leak"
    target: Id
    to_mpa: Annotated[float, Field(ge=0, le=2.5)]
    over_s: Seconds = 4.0


class Recover(_Step):
    """The leak at `target` is closed; pressure is back within `over_s`."""

    do: Literal["recover"] = "recover"
    target: Id
    over_s: Seconds = 20.0


class ForceDoor(_Step):
    """A locked door is broken open, and falls shut `open_s` later."""

    do: Literal["force-door"] = "force-door"
    gate: Id
    open_s: Seconds = 6.0


class PropDoor(_Step):
    """A resident opens a door with their card and props it open for `open_s`."""

    do: Literal["prop-door"] = "prop-door"
    gate: Id
    open_s: Seconds = 60.0


class Deny(_Step):
    """Somebody tries unknown cards at a door."""

    do: Literal["deny"] = "deny"
    gate: Id
    tries: Annotated[int, Field(ge=1, le=50)] = 5
    every_s: Annotated[float, Field(ge=0.5, le=60)] = 2.0


class StrikeBarrier(_Step):
    """Something drives into a barrier's arm; it is put back `repair_s` later."""

    do: Literal["strike-barrier"] = "strike-barrier"
    barrier: Id
    repair_s: Seconds = 40.0


class Tailgate(_Step):
    """A car is let through a barrier, and a second one slips through behind it."""

    do: Literal["tailgate"] = "tailgate"
    barrier: Id


class Misread(_Step):
    """A plate camera reads what no plate says; the guard in the booth lets the car pass."""

    do: Literal["misread"] = "misread"
    barrier: Id


class BlindCamera(_Step):
    """Somebody tampers with a camera, which is as before `for_s` later."""

    do: Literal["blind-camera"] = "blind-camera"
    camera: Id
    how: Blindness = "covered"
    for_s: Annotated[float, Field(ge=20, le=3600)] = 40.0


class _InCar(_Step):
    """Somebody rides the elevator `car` from the ground floor to `floor`."""

    car: Id
    floor: Annotated[int, Field(ge=-5, le=120)] = 3


class EbikeEnters(_InCar):
    """With an e-bike; held and spoken to, they turn back. Otherwise they ride."""

    do: Literal["ebike-enters"] = "ebike-enters"


class EbikeRides(_InCar):
    """With an e-bike, whatever the voice says, as soon as the door closes."""

    do: Literal["ebike-rides"] = "ebike-rides"


class HarmlessRide(_InCar):
    """With something that is no e-bike, or with nothing."""

    do: Literal["harmless-ride"] = "harmless-ride"
    subject: Harmless = "stroller"


class ThrowOut(_Step):
    """Something is thrown out of a window before a facade camera.

    The ground floor is 1, the leftmost column of windows too.
    """

    do: Literal["throw"] = "throw"
    camera: Id
    what: Thrown = "bag"
    floor: Annotated[int, Field(ge=4, le=60)] = 10
    column: Annotated[int, Field(ge=1, le=60)] = 6


class HarmlessView(_Step):
    """Something that is no falling object is seen before a facade camera for `for_s`."""

    do: Literal["harmless-view"] = "harmless-view"
    camera: Id
    what: HarmlessSight = "bird"
    for_s: Annotated[float, Field(ge=1, le=600)] = 8.0


class Silence(_Step):
    """A controller says nothing at all for `for_s`: no power, or no network."""

    do: Literal["silence"] = "silence"
    controller: Id
    for_s: Annotated[float, Field(ge=30, le=3600)] = 150.0


class Quiet(_Step):
    """Nobody comes or goes for `for_s`."""

    do: Literal["quiet"] = "quiet"
    for_s: Seconds


AtDoor = ForceDoor | PropDoor | Deny
AtBarrier = StrikeBarrier | Tailgate | Misread
InCar = EbikeEnters | EbikeRides | HarmlessRide
AtFacade = ThrowOut | HarmlessView
Incident = Leak | Recover | AtDoor | AtBarrier | BlindCamera | InCar | AtFacade | Silence
Step = Annotated[Incident | Quiet, Field(discriminator="do")]


class Life(_Model):
    """How busy the estate is: trips on foot, and cars, per hour at the busiest time of the day.

    rides_per_hour: in each elevator, without anything that is of interest.
    """

    trips_per_hour: Annotated[float, Field(ge=0, le=3600)] = 120.0
    cars_per_hour: Annotated[float, Field(ge=0, le=600)] = 60.0
    rides_per_hour: Annotated[float, Field(ge=0, le=120)] = 20.0


class Expect(_Model):
    """A run at least `by_s` long that has fewer truths than `events` has failed itself."""

    by_s: Seconds
    events: dict[Kind, Annotated[int, Field(ge=1)]]


class After(_Model):
    """Once the steps are over: another incident after a pause drawn from `every_s`, for ever.

    harmless: whom or what a `harmless-ride` brings, of those that there are pictures of.
    """

    every_s: tuple[Seconds, Seconds]
    incidents: Annotated[tuple[IncidentName, ...], Field(min_length=1)]
    harmless: Annotated[tuple[Harmless, ...], Field(min_length=1)] = get_args(Harmless)

    @model_validator(mode="after")
    def _ordered(self) -> "After":
        if not 1.0 <= self.every_s[0] <= self.every_s[1]:
            raise ValueError("every_s: shortest and longest pause in this order, at least 1 s")
        return self


class Scenario(_Model):
    """One scenario.

    site: id of a site file. title, about: for people who choose one.
    duration_s: length of an unattended run.
    sample_s: how often the edge's Modbus driver is to sample.
    nothing_may_alarm: every alert, of whatever condition, counts as false.
    clock_error_s: device clock minus true time, by gate or barrier; others are within 0.3 s.
    """

    name: Id
    site: Id
    title: Text | None = None
    about: Text | None = None
    seed: int = 1
    duration_s: Annotated[float, Field(gt=0, le=7 * 86_400)]
    sample_s: Annotated[float, Field(ge=0.1, le=60)] = 1.0
    nothing_may_alarm: bool = False
    life: Life = Life()
    clock_error_s: dict[Id, float] = {}
    step: tuple[Step, ...] = ()
    expect: Expect | None = None
    after: After | None = None


def load(path: Path) -> Scenario:
    """Read a scenario file. Raises ConfigError."""
    return toml.read(path, Scenario)


def find(name: str, folder: Path) -> Path:
    """The file of scenario `name`, which may also be a path. Raises ConfigError."""
    path = Path(name)
    if path.suffix == ".toml":
        return path
    path = folder / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in folder.glob("*.toml"))) or "none"
        raise ConfigError(f"{path}: no such scenario (there are: {known})")
    return path


def check(scenario: Scenario, site: Site) -> None:
    """Refuse a scenario that names what the site has not. Raises ConfigError."""
    gates, barriers = set(site.devices("gate")), set(site.devices("barrier"))
    sensors = site.devices("water-pressure")
    taps = set(sensors) | {device.building or site.id for device in sensors.values()}
    for place, step in enumerate(scenario.step):
        key = f"scenario {scenario.name}: step.{place}"
        if isinstance(step, Leak | Recover):
            _known(f"{key}.target", step.target, taps)
        elif isinstance(step, AtDoor):
            _known(f"{key}.gate", step.gate, gates)
        elif isinstance(step, AtBarrier):
            _known(f"{key}.barrier", step.barrier, barriers)
        elif isinstance(step, BlindCamera):
            _known(f"{key}.camera", step.camera, set(site.cameras()))
        elif isinstance(step, AtFacade):
            _known(f"{key}.camera", step.camera, set(site.facades()))
        elif isinstance(step, InCar):
            _known(f"{key}.car", step.car, set(site.devices("elevator-camera")))
        elif isinstance(step, Silence):
            _known(f"{key}.controller", step.controller, gates | barriers)
    for gate in scenario.clock_error_s:
        _known(f"scenario {scenario.name}: clock_error_s", gate, gates | barriers)


def _known(key: str, name: str, names: set[str]) -> None:
    if name not in names:
        known = ", ".join(sorted(names)) or "none"
        raise ConfigError(f"{key}: {name!r} is not on this site (known: {known})")
