"""Modes in force: what they change in what is about to happen, read within its transaction."""

from collections.abc import Mapping
from typing import Final

from hub.alerts.modes import alarm_in, change_in
from hub.cases import Case
from hub.config import AlarmType, CaseChange, Catalogue, Mode
from hub.config.org import Org
from hub.pipeline.registry import Registry
from hub.pipeline.work import Work
from hub.store.write.modes import in_force

NO_MODES: Final[Mapping[str, Mode]] = {}


class Modes:
    """Holds nothing but the configuration."""

    def __init__(
        self,
        *,
        modes: Mapping[str, Mode],
        registry: Registry,
        catalogue: Catalogue,
        org: Org,
    ) -> None:
        self._org = org
        self._modes = modes
        self._registry = registry
        self._catalogue = catalogue

    def alarm(self, work: Work, site: str, device: str, alarm: AlarmType) -> AlarmType:
        """The alarm type as it is for this device now."""
        return alarm_in(self.at(work, site, device), alarm)

    def change(self, work: Work, case: Case) -> CaseChange | None:
        """What is different for this case now."""
        category = self._catalogue.categories.get(case.category)
        if category is None:
            return None
        return change_in(self._in(work, case.site, self._registry.building_of(case)), category)

    def at(self, work: Work, site: str, device: str) -> list[Mode]:
        """The modes in force where a device stands."""
        if not self._modes:
            return []
        return self._in(work, site, self._registry.building(site, device))

    def _in(self, work: Work, site: str, building: str | None) -> list[Mode]:
        """The modes in force in a building; None for a place that stands in none."""
        if not self._modes:
            return []
        if site not in work.modes:
            work.modes[site] = in_force(work.connection, site)
        if not work.modes[site]:
            return []
        areas = self._org.areas_of(site, building)
        return [
            mode
            for switch in work.modes[site]
            if switch.until > work.now
            and switch.covers(areas)
            and (mode := self._modes.get(switch.mode)) is not None
        ]
