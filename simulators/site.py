"""The site file as a simulator reads it: which devices stand where.

The hub reads the same file as its registry and refuses what it does not know; here, keys that only
concern the hub are passed over.
"""

from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict

from simulators import toml
from simulators.errors import ConfigError
from simulators.water import Sensor
from wire import Id, Text

CAMERA_KINDS: Final = frozenset({"elevator-camera", "facade-camera"})


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Building(_Model):
    """A building; its ground floor is floor 1. building_class: where it is not the site's."""

    id: Id
    name: Text
    floors: int
    floor_height_m: float = 3.0
    building_class: Id | None = None


class Device(_Model):
    """A device and the settings that its rules read."""

    id: Id
    kind: Id
    name: Text
    place: Text
    building: Id | None = None
    floor: int | None = None
    settings: dict[str, Any] = {}


class Agent(_Model):
    """An edge agent and the devices it may speak for."""

    id: Id
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

    def cameras(self) -> dict[str, Device]:
        """All cameras, of whatever kind, by id."""
        found = (device for agent in self.agent for device in agent.device)
        return {device.id: device for device in found if device.kind in CAMERA_KINDS}

    def facades(self) -> dict[str, tuple[int, float]]:
        """Floors, and metres from slab to slab, of what each facade camera looks at, by camera.

        One that looks at no building of this file looks at nothing that could fall.
        """
        known = {one.id: (one.floors, one.floor_height_m) for one in self.building}
        cameras = self.devices("facade-camera").values()
        return {one.id: known[one.building] for one in cameras if one.building in known}

    def sensor(self, device: Device) -> Sensor:
        """A `water-pressure` device as a tap on its building's riser.

        Raises ConfigError when `elevation_m` or `protects_to_m` is missing or is not a number.
        """
        building = next((one for one in self.building if one.id == device.building), None)
        usual = (building.building_class if building else None) or self.building_class
        return Sensor(
            device.id,
            riser=device.building or self.id,
            elevation_m=_number(device, "elevation_m"),
            protects_to_m=_number(device, "protects_to_m"),
            building_class=str(device.settings.get("building_class", usual)),
        )


def load(path: Path) -> Site:
    """Read a site file. Raises ConfigError."""
    return toml.read(path, Site)


def _number(device: Device, key: str) -> float:
    value = device.settings.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"device {device.id}: settings.{key}: a number of metres is needed")
    return float(value)
