"""The site file as a simulator reads it: which devices stand where. The hub reads the same file."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from simulators import toml
from simulators.errors import ConfigError
from simulators.water import Sensor
from wire import Id, Text


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Building(_Model):
    """A building; `basements` lie below its ground floor, which is floor 1."""

    id: Id
    name: Text
    floors: int
    basements: int = 0
    floor_height_m: float = 3.0


class Device(_Model):
    """A device and the settings that its rules read."""

    id: Id
    kind: Id
    name: Text
    place: Text
    building: Id | None = None
    floor: int | None = None
    settings: dict[str, Any] = {}
    rules: tuple[Id, ...] | None = None


class Agent(_Model):
    """An edge agent and the devices it may speak for."""

    id: Id
    name: Text | None = None
    place: Text | None = None
    device: tuple[Device, ...] = ()


class Site(_Model):
    """An estate."""

    id: Id
    name: Text
    building_class: str = "residential-high-rise"
    building: tuple[Building, ...] = ()
    agent: tuple[Agent, ...] = ()

    def devices(self, kind: str) -> dict[str, Device]:
        """All devices of a kind, by id."""
        found = (device for agent in self.agent for device in agent.device)
        return {device.id: device for device in found if device.kind == kind}

    def sensor(self, device: Device) -> Sensor:
        """A `water-pressure` device as a tap on its building's riser.

        Raises ConfigError when `elevation_m` or `protects_to_m` is missing or is not a number.
        """
        return Sensor(
            device.id,
            riser=device.building or self.id,
            elevation_m=_number(device, "elevation_m"),
            protects_to_m=_number(device, "protects_to_m"),
            building_class=str(device.settings.get("building_class", self.building_class)),
        )


def load(path: Path) -> Site:
    """Read a site file. Raises ConfigError."""
    return toml.read(path, Site)


def _number(device: Device, key: str) -> float:
    value = device.settings.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"device {device.id}: settings.{key}: a number of metres is needed")
    return float(value)
