"""What is written down about the estate, ready to be shown: nothing here changes while it runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hub.access.limits import Thing
from hub.api.models.catalogue import CaseFlow, CategoryInfo, ConditionInfo, DepartmentInfo, Site
from hub.api.models.device import Limits
from hub.api.models.modes import Mode as ModeCard
from hub.api.models.people import Purpose
from hub.cases import Rulebook
from hub.config import Mode, Plans, Role, Tag
from hub.config.org import Org
from wire import Text
from wire.kinds import Kind
from wire.topics import HUB

_HUB: Final = Text(zh="汇聚主机", en="The hub itself")


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """A device of the registry. limits: by signal, where an alarm limit is drawn."""

    id: str
    agent: str
    kind: Kind
    name: Text
    place: Text
    building: str | None
    floor: int | None
    limits: Mapping[str, Limits]

    def thing(self, site: str, role: Role = Role.GUARD, action: str | None = None) -> Thing:
        """The device as something that is acted upon."""
        return Thing(
            site=site,
            role=role,
            device=self.id,
            kind=self.kind.id,
            building=self.building,
            action=action,
        )


@dataclass(frozen=True, slots=True)
class AgentFacts:
    """An edge agent of the registry."""

    id: str
    name: Text
    place: Text | None


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything by its id; devices and agents by site, in the site file's order.

    units: the names of the organisation's units. rulebook: what the flow of cases asks of them.
    modes: as configured; mode_cards: as shown. patrols: by site. tags: of residents.
    """

    sites: Mapping[str, Site]
    devices: Mapping[str, Mapping[str, DeviceFacts]]
    agents: Mapping[str, Mapping[str, AgentFacts]]
    kinds: Mapping[str, Kind]
    conditions: Mapping[str, ConditionInfo]
    categories: Mapping[str, CategoryInfo]
    departments: Mapping[str, DepartmentInfo]
    rulebook: Rulebook
    units: Mapping[str, Text]
    purposes: Mapping[str, Purpose]
    flow: CaseFlow
    org: Org
    modes: Mapping[str, Mode]
    mode_cards: Mapping[str, ModeCard]
    patrols: Plans
    tags: Mapping[str, Tag]

    def knows(self, site: str) -> bool:
        """There is such a site."""
        return site in self.sites

    def thing(self, site: str | None, device: str | None = None) -> Thing:
        """What a request is about, by what its path names."""
        facts = self.devices.get(site or "", {}).get(device or "")
        if site is None or facts is None:
            return Thing(site=site, device=device)
        return facts.thing(site)

    def department(self, name: str | None) -> Text | None:
        """What a department is called; its id when it has left the catalogue."""
        if name is None:
            return None
        known = self.departments.get(name)
        return Text.plain(name) if known is None else known.name

    def whole_or_building(self, site: str, area: str) -> Text:
        """What an area of a site is called: a building, a unit (`@id`), or the site itself."""
        if area.startswith("@"):
            return self.units.get(area[1:], Text.plain(area[1:]))
        buildings = {one.id: one.name for one in self.sites[site].buildings}
        return buildings.get(area, self.sites[site].name)

    def desks_of(self, site: str) -> list[str]:
        """The desks that watch some or all of a site."""
        buildings = [one.id for one in self.sites[site].buildings]
        return [
            desk.id
            for desk in self.org.roster.desks
            if desk.fit(site, None) or any(desk.fit(site, one) for one in buildings)
        ]

    def subject(self, site: str, name: str) -> tuple[Text, Text | None]:
        """Name and place of a device, an agent, a building, or the hub: all are alerts' subjects.

        One that has left the registry since is called by its id.
        """
        device = self.devices[site].get(name)
        if device is not None:
            return device.name, device.place
        agent = self.agents[site].get(name)
        if agent is not None:
            return agent.name, agent.place
        building = next((one for one in self.sites[site].buildings if one.id == name), None)
        if building is not None:
            return building.name, None
        if name == HUB:
            return _HUB, None
        return Text.plain(name), None
