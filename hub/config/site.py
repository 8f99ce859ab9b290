"""A site file: what stands where, and which edge agent may speak for it."""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from hub.config.table import Table, read_model
from hub.errors import ConfigError
from wire import Id, Text
from wire.kinds import load as load_kinds
from wire.kinds.camera import CLIP
from wire.plates import PROVINCES
from wire.topics import HUB


class Building(Table):
    """A building; its ground floor is floor 1, its first basement floor -1.

    building_class: where it differs from the site's.
    """

    id: Id
    name: Text
    floors: Annotated[int, Field(ge=1, le=200)]
    basements: Annotated[int, Field(ge=0, le=20)] = 0
    floor_height_m: Annotated[float, Field(gt=1, le=10)] = 3.0
    building_class: Id | None = None


class Device(Table):
    """A device of the registry.

    settings: what the rules of this one device need to know; each rule knows its own keys.
    rules: ids of the rules that watch it, where those of its kind are not meant.
    camera: the camera that sees it: alarms about it ask that one for a clip.
    """

    id: Id
    kind: Id
    name: Text
    place: Text
    building: Id | None = None
    floor: int | None = None
    settings: Annotated[dict[str, Any], Field(default_factory=dict)]
    rules: tuple[Id, ...] | None = None
    camera: Id | None = None


class Agent(Table):
    """An edge agent, and the devices that it may speak for.

    building: where it stands. behind: the agent through whose switch or supply it reaches the
        hub: when that one is gone, this one is gone with it.
    """

    id: Id
    name: Text | None = None
    place: Text | None = None
    building: Id | None = None
    behind: Id | None = None
    devices: Annotated[tuple[Device, ...], Field(alias="device")] = ()


class Site(Table):
    """A residential community. `source` is the file it was read from.

    home_plates: what the plates from here begin with: province and letter, such as `粤B`.
    """

    id: Id
    name: Text
    building_class: Id = "residential-high-rise"
    home_plates: tuple[Annotated[str, Field(pattern=f"^[{PROVINCES}][A-HJ-NP-Z]$")], ...] = ()
    buildings: Annotated[tuple[Building, ...], Field(alias="building")] = ()
    agents: Annotated[tuple[Agent, ...], Field(alias="agent")] = ()
    source: Annotated[Path, Field(exclude=True)] = Path("site.toml")

    def devices(self) -> Iterator[tuple[Agent, Device]]:
        """All devices, each with the agent that speaks for it."""
        for agent in self.agents:
            for device in agent.devices:
                yield agent, device

    def device(self, name: str) -> Device | None:
        """The device with this id."""
        return next((device for _, device in self.devices() if device.id == name), None)

    def agent(self, name: str) -> Agent | None:
        """The agent with this id."""
        return next((agent for agent in self.agents if agent.id == name), None)

    def class_of(self, device: Device) -> str:
        """The building class that a device's place has."""
        building = next((one for one in self.buildings if one.id == device.building), None)
        own = building.building_class if building else None
        return own or self.building_class

    def key_of(self, name: str) -> str:
        """Where in the site file the device with this id stands, for error lines."""
        return self.device_keys.get(name, "")

    @cached_property
    def device_keys(self) -> dict[str, str]:
        """The same of every device: 10,000 of them are asked for at each start."""
        return {
            device.id: f"agent[{row}].device[{column}]"
            for row, agent in reversed(list(enumerate(self.agents)))
            for column, device in reversed(list(enumerate(agent.devices)))
        }


def load_site(path: Path) -> Site:
    """Read a site file and check that it is consistent. Raises ConfigError."""
    site = read_model(path, Site).model_copy(update={"source": path})
    _check_ids(site)
    _check_topology(site)
    for _, device in site.devices():
        _check_device(site, device)
    return site


def _check_ids(site: Site) -> None:
    """Agents, devices and buildings share one name space: all are subjects of alerts."""
    seen: dict[str, str] = {}
    for row, agent in enumerate(site.agents):
        if agent.id == HUB:
            raise ConfigError(site.source, f"agent[{row}].id", f"{HUB!r} is the hub's own name")
        _claim(site, seen, agent.id, f"agent[{row}]")
        for column, device in enumerate(agent.devices):
            key = f"agent[{row}].device[{column}]"
            if device.id == HUB:
                raise ConfigError(site.source, f"{key}.id", f"{HUB!r} is the hub's own name")
            _claim(site, seen, device.id, key)
    for row, building in enumerate(site.buildings):
        _claim(site, seen, building.id, f"building[{row}]")


def _check_topology(site: Site) -> None:
    for row, agent in enumerate(site.agents):
        key = f"agent[{row}]"
        if agent.building is not None and all(one.id != agent.building for one in site.buildings):
            raise ConfigError(site.source, f"{key}.building", f"no building {agent.building!r}")
        above, seen = agent, {agent.id}
        while above.behind is not None:
            found = site.agent(above.behind)
            if found is None:
                raise ConfigError(site.source, f"{key}.behind", f"no agent {above.behind!r}")
            if found.id in seen:
                raise ConfigError(site.source, f"{key}.behind", "leads back to itself")
            seen.add(found.id)
            above = found


def _claim(site: Site, seen: dict[str, str], name: str, key: str) -> None:
    if name in seen:
        raise ConfigError(site.source, f"{key}.id", f"{name!r} is used already by {seen[name]}")
    seen[name] = key


def _check_device(site: Site, device: Device) -> None:
    key = site.key_of(device.id)
    kinds = load_kinds()
    if device.kind not in kinds:
        known = ", ".join(sorted(kinds))
        raise ConfigError(
            site.source, f"{key}.kind", f"unknown kind {device.kind!r}; known: {known}"
        )
    _check_camera(site, device, key)
    if device.building is None:
        return
    building = next((one for one in site.buildings if one.id == device.building), None)
    if building is None:
        raise ConfigError(site.source, f"{key}.building", f"no building {device.building!r}")
    if device.floor is not None and not -building.basements <= device.floor <= building.floors:
        problem = f"{device.floor} is not within {-building.basements}..{building.floors}"
        raise ConfigError(site.source, f"{key}.floor", problem)


def _check_camera(site: Site, device: Device, key: str) -> None:
    if device.camera is None:
        return
    seen_by = site.device(device.camera)
    kind = None if seen_by is None else load_kinds().get(seen_by.kind)
    if kind is None or not any(action.id == CLIP for action in kind.actions):
        problem = f"{device.camera!r} is no camera of this site"
        raise ConfigError(site.source, f"{key}.camera", problem)
