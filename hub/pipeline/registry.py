"""Who may speak for what, and which rules watch it: the site files, bound once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from hub.cases import Case
from hub.config import Agent, AlarmType, Device, Site
from hub.pipeline.signals import Checks
from hub.rules import Rule, RuleSettings, Wishing, bind_agent, bind_device, bind_hub, bind_shared
from hub.rules.registry import load as load_rules
from wire import Text
from wire.kinds import Kind
from wire.kinds.camera import CLIP
from wire.topics import HUB

_LATE_AFTER_MS: Final = 300_000
"""For a device that no rule watches: nothing about it can sound an alarm anyway."""

AGENT_KIND: Final = "agent"
"""The kind of the readings that rules about agents are fed with."""


HUB_KIND: Final = "hub"
"""The kind of the readings that rules about the hub itself are fed with."""

Keyed = tuple[tuple[tuple[str, str, str], Rule[Any]], ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """A device or an agent of the registry with its rules.

    kind: None for an agent. keyed: the rules that watch it, each with the (site, rule, subject)
        that its state is kept by; the subject is the site where it watches others of it as well.
    checks: of its kind's signals.
    late_after_ms: a report older than this is late for every alarm that
        it could raise; alarms with a shorter limit of their own judge that themselves.
    camera: the device whose clips show what happens here: itself, or the one that sees it.
    building: in which it stands, where the site file says so.
    way: in which it is passed, `in` or `out`, where the site file says so.
    """

    site: str
    agent: str
    id: str
    kind: Kind | None
    checks: Checks
    keyed: Keyed
    late_after_ms: int
    place: Text | None
    camera: str | None = None
    building: str | None = None
    way: str | None = None


class Registry:
    """The estate as it is written down; it does not change while the hub runs."""

    def __init__(
        self,
        sites: Iterable[Site],
        *,
        kinds: Mapping[str, Kind],
        settings: RuleSettings,
        alarms: Mapping[str, AlarmType],
    ) -> None:
        self._devices: dict[tuple[str, str], Watched] = {}
        self._agents: dict[tuple[str, str], Watched] = {}
        self._hubs: dict[str, Watched] = {}
        self._above: dict[tuple[str, str], tuple[str, ...]] = {}
        self._below: dict[tuple[str, str], list[str]] = {}
        self._buildings: dict[str, frozenset[str]] = {}
        self._names: dict[tuple[str, str], Text] = {}
        self._witnesses: dict[tuple[str, str], dict[str, str | None]] = {}
        self.sites = frozenset(self._add(site, kinds, settings, alarms) for site in sites)
        self._rules = {
            key: rule
            for one in [*self._devices.values(), *self._agents.values(), *self._hubs.values()]
            for key, rule in one.keyed
        }
        self._wishing: dict[tuple[str, str, str], Wishing] = {
            key: rule for key, rule in self._rules.items() if isinstance(rule, Wishing)
        }

    def device(self, site: str, device: str) -> Watched | None:
        """A device; its `agent` is the only one that may speak for it."""
        return self._devices.get((site, device))

    def agent(self, site: str, agent: str) -> Watched | None:
        """An agent."""
        return self._agents.get((site, agent))

    def hubs(self) -> Iterable[Watched]:
        """The hub itself, once for each of its sites."""
        return self._hubs.values()

    def agents(self) -> list[tuple[str, str]]:
        """`(site, agent)` of all agents."""
        return list(self._agents)

    def rule(self, site: str, rule: str, subject: str) -> Rule[Any] | None:
        """The rule with that id, bound to that subject; None when it watches it no more."""
        return self._rules.get((site, rule, subject))

    def wishing(self, key: tuple[str, str, str]) -> Wishing | None:
        """The rule with that (site, rule, subject), if it is one that also wants things done."""
        return self._wishing.get(key)

    def rules(self) -> Iterable[tuple[tuple[str, str, str], Rule[Any]]]:
        """Every rule that watches something, by `(site, rule, subject)`."""
        return self._rules.items()

    def place(self, site: str, subject: str) -> Text | None:
        """Where a device or an agent is; of a building, its name."""
        found = self._devices.get((site, subject)) or self._agents.get((site, subject))
        return self._names.get((site, subject)) if found is None else found.place

    def building(self, site: str, subject: str) -> str | None:
        """In which building a device or an agent stands; a building stands for itself."""
        if subject in self.buildings(site):
            return subject
        found = self._devices.get((site, subject)) or self._agents.get((site, subject))
        return None if found is None else found.building

    def building_of(self, case: Case) -> str | None:
        """Where a case is: as it was said, or where its device stands."""
        if case.building is not None or case.device is None:
            return case.building
        return self.building(case.site, case.device)

    def buildings(self, site: str) -> frozenset[str]:
        """The buildings of a site, by id."""
        return self._buildings.get(site, frozenset())

    def above(self, site: str, subject: str) -> tuple[str, ...]:
        """What a device or an agent needs to reach the hub, the nearest first.

        Agents, then the buildings in which it and they stand, and in the end the hub itself.
        """
        return self._above.get((site, subject), ())

    def below(self, site: str, agent: str) -> list[str]:
        """What reaches the hub through an agent, or stands in a building; of the hub, all."""
        return self._below.get((site, agent), [])

    def witnesses(self, site: str, building: str) -> Mapping[str, str | None]:
        """By whose silence one knows of a building: its agents (None), and its devices.

        A device comes with its agent, which stands elsewhere.
        """
        return self._witnesses.get((site, building), {})

    def _add(
        self,
        site: Site,
        kinds: Mapping[str, Kind],
        settings: RuleSettings,
        alarms: Mapping[str, AlarmType],
    ) -> str:
        self._place(site)
        self._buildings[site.id] = frozenset(one.id for one in site.buildings)
        for agent in site.agents:
            keyed = _keyed(site, agent.id, bind_agent(site, agent, settings))
            self._agents[site.id, agent.id] = _watched(site, agent, None, None, keyed, alarms)
        itself = Agent(id=HUB)
        keyed = _keyed(site, HUB, bind_hub(site, settings))
        self._hubs[site.id] = _watched(site, itself, None, None, keyed, alarms)
        for agent, device in site.devices():
            kind = kinds[device.kind]
            own = _keyed(site, device.id, bind_device(site, device, kind, settings))
            shared = _keyed(site, site.id, bind_shared(site, device, kind, settings))
            watched = _watched(site, agent, device, kind, own + shared, alarms)
            self._devices[site.id, device.id] = watched
        return site.id

    def _place(self, site: Site) -> None:
        for building in site.buildings:
            self._names[site.id, building.id] = building.name
            self._above[site.id, building.id] = (HUB,)
        for agent in site.agents:
            chain = _chain(site, agent)
            stands = _buildings(site, chain)
            self._above[site.id, agent.id] = (*chain[1:], *stands, HUB)
            self._bears_witness(site, agent.building, agent.id, None)
            for device in agent.devices:
                own = () if device.building is None else (device.building,)
                self._above[site.id, device.id] = (*chain, *dict.fromkeys((*own, *stands)), HUB)
                if device.building != agent.building:
                    self._bears_witness(site, device.building, device.id, agent.id)
        for (where, subject), chain in self._above.items():
            if where == site.id:
                for name in chain:
                    self._below.setdefault((where, name), []).append(subject)

    def _bears_witness(
        self, site: Site, building: str | None, name: str, agent: str | None
    ) -> None:
        if building is not None:
            self._witnesses.setdefault((site.id, building), {})[name] = agent


def _buildings(site: Site, agents: Iterable[str]) -> tuple[str, ...]:
    """Where these agents stand, each building once."""
    found = [one.building for name in agents if (one := site.agent(name)) is not None]
    return tuple(dict.fromkeys(building for building in found if building is not None))


def _chain(site: Site, agent: Agent) -> tuple[str, ...]:
    """The agent, and those that it stands behind. `load_site` has refused a ring."""
    found = None if agent.behind is None else site.agent(agent.behind)
    return (agent.id,) if found is None else (agent.id, *_chain(site, found))


def _keyed(site: Site, subject: str, rules: Iterable[Rule[Any]]) -> Keyed:
    return tuple(((site.id, rule.id, subject), rule) for rule in rules)


def _watched(
    site: Site,
    agent: Agent,
    device: Device | None,
    kind: Kind | None,
    keyed: Keyed,
    alarms: Mapping[str, AlarmType],
) -> Watched:
    specs = load_rules()
    limits = [
        int(alarms[condition].late_after_s * 1000)
        for _, rule in keyed
        for condition in specs[rule.id].conditions
    ]
    return Watched(
        site=site.id,
        agent=agent.id,
        id=agent.id if device is None else device.id,
        kind=kind,
        checks=Checks(() if kind is None else kind.signals),
        keyed=keyed,
        late_after_ms=max(limits, default=_LATE_AFTER_MS),
        place=agent.place if device is None else device.place,
        camera=_camera(device, kind),
        building=agent.building if device is None else device.building,
        way=None if device is None else device.settings.get("way"),
    )


def _camera(device: Device | None, kind: Kind | None) -> str | None:
    if device is None or kind is None:
        return None
    return device.id if any(action.id == CLIP for action in kind.actions) else device.camera
