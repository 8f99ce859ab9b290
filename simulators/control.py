"""What a person can do to a living estate: start a scenario, inject an event, see how it stands."""

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from simulators import toml
from simulators.errors import ConfigError, SimulatorError
from simulators.estate import Estate
from simulators.examination import Examination
from simulators.injectable import Injectable, Steps, Value, places
from simulators.injectables import INJECTABLES
from simulators.livecount import LiveCount, SoFar
from simulators.scenario import Scenario
from simulators.site import Device
from simulators.timeline import Timeline, timeline

REMEMBERED: Final = 50
AT_ONCE: Final = 20
"""Injected events that may be under way: more are a mistake, or a joke."""


@dataclass(slots=True)
class Injected:
    """An event that somebody asked for. asked_at, begun_at: simulated ms."""

    number: int
    event: str
    device: str
    by: str
    asked_at: int
    begun_at: int | None = None
    state: Literal["waiting", "running", "over"] = "waiting"


class Control:
    """One run under control. scenarios: the folder that they are chosen from.

    scenario_at: since when the present one plays, simulated ms.
    """

    def __init__(
        self, estate: Estate, examination: Examination, count: LiveCount, scenarios: Path
    ) -> None:
        self.estate = estate
        self.began_at = self.scenario_at = estate.now()
        self.injected: deque[Injected] = deque(maxlen=REMEMBERED)
        self._examination = examination
        self._count = count
        self._scenarios = _of_site(scenarios, estate)
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def scenarios(self) -> list[Scenario]:
        """Those of this site, in the order of their names."""
        return list(self._scenarios.values())

    @property
    def injectables(self) -> list[tuple[Injectable, Mapping[str, Device]]]:
        """What can happen here, and where."""
        found = [(one, places(self.estate.site, one.place)) for one in INJECTABLES]
        return [(one, where) for one, where in found if where]

    def busy(self, device: str) -> bool:
        """Something that was injected there is not over."""
        return any(one.device == device and one.state != "over" for one in self.injected)

    def start(self, name: str) -> None:
        """Play a scenario from its beginning. Raises SimulatorError."""
        scenario = self._scenarios.get(name)
        if scenario is None:
            raise SimulatorError(f"there is no scenario {name!r} for this site")
        self.estate.play(scenario)
        self.scenario_at = self.estate.now()

    def inject(self, event: str, device: str, given: Mapping[str, Value], *, by: str) -> Injected:
        """Let something happen as soon as the place is free. Raises SimulatorError."""
        found = {one.id: (one, where) for one, where in self.injectables}
        if event not in found:
            raise SimulatorError(f"{event!r} cannot be made to happen here")
        injectable, where = found[event]
        if device not in where:
            raise SimulatorError(f"{event!r} cannot be made to happen at {device!r}")
        if self.busy(device):
            raise SimulatorError(f"something is still going on at {device!r}")
        if sum(one.state != "over" for one in self.injected) >= AT_ONCE:
            raise SimulatorError(f"{AT_ONCE} events are under way already")
        steps = injectable.steps(self.estate.site, where[device], given)
        self._number += 1
        injected = Injected(self._number, event, device, by, self.estate.now())
        first, *rest = steps
        task = self.estate.inject(first[0], lambda: self._begun(injected))
        self.injected.appendleft(injected)
        watch = asyncio.create_task(
            self._to_its_end(injected, task, first[1], rest), name=f"injected {self._number}"
        )
        self._tasks.add(watch)
        watch.add_done_callback(self._tasks.discard)
        return injected

    def timeline(self) -> Timeline:
        """What was true since the start, and what the hub said of it."""
        estate = self.estate
        return timeline(
            estate.ledger.truths,
            self._examination.seen,
            now_s=estate.ledger.read(),
            real_s=estate.real_s,
            every=estate.scenario.nothing_may_alarm,
        )

    async def so_far(self) -> SoFar:
        """What was handed over since the start, and what the hub has. Raises HubError."""
        return await self._count.so_far()

    def _begun(self, injected: Injected) -> None:
        injected.state, injected.begun_at = "running", self.estate.now()

    async def _to_its_end(
        self, injected: Injected, task: asyncio.Task[None], pause_s: float, rest: Steps
    ) -> None:
        """The estate may end before the event does; then there is nothing left to do."""
        try:
            await asyncio.wait({task})
            for incident, next_pause_s in rest:
                await asyncio.sleep(pause_s / self.estate.speed)
                await asyncio.wait({self.estate.inject(incident, _nothing)})
                pause_s = next_pause_s
        except SimulatorError:
            pass
        finally:
            injected.state = "over"


def _nothing() -> None:
    return None


def _of_site(folder: Path, estate: Estate) -> dict[str, Scenario]:
    """What can be read of this site's scenarios, and the one that plays."""
    found = {estate.scenario.name: estate.scenario}
    for path in sorted(folder.glob("*.toml")):
        try:
            scenario = toml.read(path, Scenario)
        except ConfigError:
            continue  # whoever starts it by its name is told why
        if scenario.site == estate.site.id:
            found.setdefault(scenario.name, scenario)
    return found
