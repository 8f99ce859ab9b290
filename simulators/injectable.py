"""Something that can be made to happen on a living estate: where, with which options, and how."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from simulators.errors import SimulatorError
from simulators.scenario import Incident
from simulators.site import Device, Site
from wire import Text

Place = Literal["sensor", "gate", "barrier", "car", "facade", "camera", "controller"]
Steps = list[tuple[Incident, float]]
"""Incidents, each with the simulated seconds to let pass after it."""

Value = float | str
_INCIDENT: TypeAdapter[Incident] = TypeAdapter(Incident)
_KEYS: Final[dict[Place, str]] = {"sensor": "target", "facade": "camera"}


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose: one of `choices`, or a number from `least` to `most` in `unit`."""

    id: str
    name: Text
    usual: Value
    choices: Mapping[str, Text] = field(default_factory=dict)
    least: float = 0.0
    most: float = 0.0
    unit: str = ""

    def take(self, given: Value | None) -> Value:
        """What was chosen, or the usual. Raises SimulatorError."""
        value = self.usual if given is None else given
        if self.choices:
            fits = value in self.choices
        else:
            fits = isinstance(value, int | float) and self.least <= value <= self.most
        if not fits:
            raise SimulatorError(f"{self.id}: {value!r} is not among what can be chosen")
        return value


@dataclass(frozen=True, slots=True)
class Injectable:
    """One thing that can be made to happen.

    raises: the alarms that have to answer it, one of them; none means that nothing may.
    make: (site, device, options) -> what happens, one after another.
    """

    id: str
    icon: str
    place: Place
    name: Text
    hint: Text
    raises: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    make: Callable[[Site, Device, Mapping[str, Value]], Steps] | None = None

    def steps(self, site: Site, device: Device, given: Mapping[str, Value]) -> Steps:
        """What happens. Raises SimulatorError."""
        if unknown := sorted(set(given) - {one.id for one in self.options}):
            raise SimulatorError(f"{unknown[0]}: there is nothing to choose by that name")
        taken = {one.id: one.take(given.get(one.id)) for one in self.options}
        if self.make is not None:
            return self.make(site, device, taken)
        key = _KEYS.get(self.place, self.place)
        return [(incident({"do": self.id, key: device.id, **taken}), 0.0)]


def places(site: Site, place: Place) -> dict[str, Device]:
    """Where something of this sort can happen, by device."""
    if place == "sensor":
        return site.devices("water-pressure")
    if place == "car":
        return site.devices("elevator-camera")
    if place == "controller":
        return site.devices("gate") | site.devices("barrier")
    if place == "camera":
        return site.cameras()
    if place == "facade":
        cameras = site.devices("facade-camera")
        return {name: cameras[name] for name in site.facades()}
    return site.devices(place)


def incident(table: Mapping[str, Any]) -> Incident:
    """An incident as a scenario file would have it. Raises SimulatorError."""
    try:
        return _INCIDENT.validate_python(table)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(map(str, first["loc"]))
        raise SimulatorError(f"{name}: {first['msg']}") from error
