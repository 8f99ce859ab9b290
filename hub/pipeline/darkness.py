"""A building without power or network: told by everything in it that has fallen silent together.

Witnesses of a building are its agents, and its devices that an agent elsewhere speaks for. When two
or more can be heard from at all and every one of them is silent, the building is dark; as soon as
one speaks, it is not. Devices behind an agent that is itself silent bear no witness.
"""

from collections.abc import Mapping
from typing import Final

from hub.alerts import Alert
from hub.config import AlarmType
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.rules import Finding
from hub.store.write.alerts import active_alerts

DARK: Final = "building-dark"
AGENT_SILENT: Final = "agent-silent"
SILENCE: Final = (AGENT_SILENT, "device-silent")

LEAST: Final = 2
"""One that is silent is just that; two that nothing but their building connects tell of it."""


class Darkness:
    """Holds nothing but the configuration."""

    def __init__(self, registry: Registry, alarms: Mapping[str, AlarmType]) -> None:
        self._registry = registry
        self._known = DARK in alarms

    def after(self, work: Work, changed: Alert) -> Finding | None:
        """What an alert that began or ended says of its building; None for nothing new."""
        if not self._known or changed.late or changed.condition not in SILENCE:
            return None
        site = changed.site
        building = self._registry.building(site, changed.device)
        if building is None:
            return None
        silent, witnesses = self._heard(work, site, building)
        dark = len(witnesses) >= LEAST and witnesses <= silent
        stands = bool(active_alerts(work.settled(), site, [building], [DARK]))
        if dark == stands:
            return None
        at = changed.at if dark else work.now
        detail = {"silent": len(witnesses & silent), "of": len(witnesses)}
        return Finding(DARK, building, active=dark, at=at, detail=detail)

    def _heard(self, work: Work, site: str, building: str) -> tuple[set[str], set[str]]:
        """Who is silent, and who bears witness."""
        candidates = self._registry.witnesses(site, building)
        agents = {agent for agent in candidates.values() if agent is not None}
        subjects = [*candidates, *agents]
        found = active_alerts(work.settled(), site, subjects, SILENCE)
        silent = {one.device for one in found if one.returned_at is None}
        gone = {one.device for one in found if one.condition == AGENT_SILENT}
        return silent, {name for name, agent in candidates.items() if agent not in gone}
