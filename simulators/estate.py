"""A whole estate of simulated devices, built from a site file and brought to life by a scenario.

The order of use:

1. `async with Estate(…) as estate`: Modbus buses, gates and barriers are listening.
2. `estate.edge_wiring(folder)`: what each edge agent needs to reach its devices.
3. `estate.attach({agent: url})`, once the agents' push servers are up.
4. `await estate.run(seconds)`: people live, the scenario plays.
5. `await estate.hush()`: nothing more is said; what was said has been delivered.
"""

import asyncio
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from simulators.barrier import BarrierController
from simulators.camera import CameraServer
from simulators.cars import Cars
from simulators.elevator.scenes import CabinScenes
from simulators.errors import SimulatorError
from simulators.facade.view import Polygon
from simulators.gate import GateController
from simulators.gatepush import Habit, PushQueue, Target
from simulators.gateserver import GateServer
from simulators.ledger import Ledger
from simulators.modbus import ModbusBus, lay_out
from simulators.residents import Residents
from simulators.scenario import Incident, Scenario, check
from simulators.seeds import draw_from
from simulators.site import CAMERA_KINDS, Agent, Site
from simulators.wiring import camera_driver, controller_driver, pressure_driver
from simulators.world import World
from wire import Clock

ELEVATOR_KIND = "elevator-camera"
_PLATE_BATCH = 4
"""Records with a picture each: few fit into one push."""

_REPUSHES = 4
_LOST_ANSWERS = 0.15


@dataclass(frozen=True, slots=True)
class Elevators:
    """scenes: see `simulators.elevator.scenes`. message: a file of `configs/voice`."""

    scenes: Path
    message: Path


class Estate:
    """The devices of one site.

    elevators: pictures of cabins, and what their speakers say; for sites with elevator cameras.
    seed: None takes the scenario's own. sim_s, wall_s: how long the last `run` was, in simulated
        and in real seconds.
    """

    def __init__(
        self,
        site: Site,
        scenario: Scenario,
        *,
        clock: Clock,
        ledger: Ledger,
        seed: int | None = None,
        elevators: Elevators | None = None,
    ) -> None:
        check(scenario, site)
        self._elevators = elevators
        self.site = site
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.ledger = ledger
        self.sim_s = 0.0
        self.wall_s = 0.0
        self.buses: dict[str, ModbusBus] = {}
        self._clock = clock
        self._world = World(
            site,
            scenario,
            seed=self.seed,
            clock=clock,
            ledger=ledger,
            put=self._deliver,
            cabins=None if elevators is None else CabinScenes(elevators.scenes),
        )
        pushing = (*self.controllers, *self._world.panels)
        self._tokens = {device: secrets.token_urlsafe(24) for device in pushing}
        self._server = GateServer(self.controllers, self._tokens)
        self._cameras = CameraServer(self._world.cameras)
        self._queues: dict[str, PushQueue] = {}
        self._background: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()

    @property
    def gates(self) -> Mapping[str, GateController]:
        """The gate controllers, by device."""
        return self._world.gates

    @property
    def barriers(self) -> Mapping[str, BarrierController]:
        """The barrier controllers, by device."""
        return self._world.barriers

    @property
    def residents(self) -> Residents:
        """Who lives here."""
        return self._world.residents

    @property
    def cars(self) -> Cars:
        """Whose cars come and go."""
        return self._world.cars

    @property
    def controllers(self) -> Mapping[str, GateController | BarrierController]:
        """All that push records and take commands, by device."""
        return {**self.gates, **self.barriers}

    @property
    def record_prefixes(self) -> dict[str, str]:
        """What the ids of this run's records begin with, of all that push some, by device."""
        pushing = {**self.controllers, **self._world.panels}
        return {device: one.record_prefix for device, one in pushing.items()}

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self._build(stack)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        for task in self._background:
            task.cancel()
        await self._stack.aclose()

    def edge_wiring(self, folder: Path) -> dict[str, list[dict[str, Any]]]:
        """By agent, the `[[driver]]` tables of its edge configuration.

        folder: where each controller's token file is written, mode 0600.
        """
        wiring: dict[str, list[dict[str, Any]]] = {}
        for agent in self.site.agent:
            tables = wiring.setdefault(agent.id, [])
            if (bus := self.buses.get(agent.id)) is not None:
                tables.append(pressure_driver(bus, sample_s=self.scenario.sample_s))
            for kind in ("gate", "barrier", "elevator-panel"):
                tokens = {one.id: self._tokens[one.id] for one in agent.device if one.kind == kind}
                if tokens:
                    tables.append(controller_driver(kind, self._server, tokens, folder))
            for kind in sorted(CAMERA_KINDS):
                cameras = [
                    one.id
                    for one in agent.device
                    if one.kind == kind and one.id in self._world.cameras
                ]
                if cameras and kind == ELEVATOR_KIND:
                    tables.append(self._elevator_driver(cameras, folder))
                elif cameras:
                    tables.append(camera_driver(kind, self._cameras, cameras, self._windows()))
        return wiring

    def _elevator_driver(self, cars: Sequence[str], folder: Path) -> dict[str, Any]:
        if self._elevators is None:
            raise SimulatorError("elevator cars need pictures of their cabins")
        message = self._elevators.message
        lifts = self._world.lifts
        devices = [lifts.device(car, self._cameras.url(car), message, folder) for car in cars]
        return {"type": "elevator-car", "device": devices}

    def _windows(self) -> dict[str, list[Polygon]]:
        facades = self._world.facades.items()
        return {name: facade.scene.view.masks() for name, facade in facades}

    def now(self) -> int:
        """The estate's clock, ms."""
        return self._clock.now()

    def attach(self, urls: Mapping[str, str]) -> None:
        """Tell the controllers where their agents' push servers are: agent -> `http://host:port`.

        Raises SimulatorError for an agent with controllers that is missing.
        """
        for agent in self.site.agent:
            pushing = self._pushing(agent)
            if pushing and agent.id not in urls:
                raise SimulatorError(f"agent {agent.id}: {pushing[0]} has no address to push to")
            for device in pushing:
                self._queues[device].attach(Target(urls[agent.id], self._tokens[device]))

    async def run(self, duration_s: float | None = None) -> None:
        """Live for `duration_s` of simulated time; None goes on until cancelled.

        Truth is still watched and told afterwards, until the estate is closed.
        """
        real_s = None if duration_s is None else self._clock.real_seconds(duration_s)
        began_s, began_real_s = self._clock.monotonic(), self.ledger.read()
        try:
            async with asyncio.timeout(real_s):
                await self._world.live()
        except TimeoutError:
            pass  # lived its time
        finally:
            self.sim_s = self._clock.monotonic() - began_s
            self.wall_s = self.ledger.read() - began_real_s

    def play(self, scenario: Scenario) -> None:
        """Play another scenario from now on, see `World.play`. Raises ConfigError too.

        Nothing is expected of it any more: what people choose as they go along may be anything.
        """
        self._world.play(scenario)
        usual = {"expect": None, "nothing_may_alarm": False}
        self.scenario = scenario.model_copy(update=usual)

    def inject(self, incident: Incident, begun: Callable[[], None]) -> asyncio.Task[None]:
        """Let an incident happen, see `World.inject`."""
        return self._world.inject(incident, begun)

    def settles_in_s(self, place: str) -> float:
        """How long a place has still to be left alone before something is injected there."""
        return max(0.0, self._world.life.settles_in_s(place))

    def moment(self, real_s: float) -> int:
        """The simulated time, ms, of a moment on the ledger's clock."""
        ago_s = self.ledger.read() - real_s
        return self.now() - round(1000 * ago_s * self._clock.rate)

    def real_s(self, at: int) -> float:
        """The moment on the ledger's clock of a simulated time, ms."""
        return self.ledger.read() - (self.now() - at) / 1000 / self._clock.rate

    @property
    def speed(self) -> float:
        """Simulated seconds per real second."""
        return self._clock.rate

    async def hush(self, *, within_s: float = 10.0) -> int:
        """Stop reporting, and wait (real seconds) until what was reported is delivered.

        Returns how many records could not be delivered in time.
        """
        self._world.reporting = False
        for bus in self.buses.values():
            bus.muted = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await asyncio.gather(*(queue.drained() for queue in self._queues.values()))
        return sum(queue.waiting for queue in self._queues.values())

    async def _build(self, stack: AsyncExitStack) -> None:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        for gate in self.gates:
            self._queues[gate] = PushQueue(gate, clock=self._clock, session=session)
        for barrier in self.barriers:
            self._queues[barrier] = PushQueue(
                barrier, clock=self._clock, session=session, habit=self._plate_camera(barrier)
            )
        for panel in self._world.panels:
            self._queues[panel] = PushQueue(
                panel, clock=self._clock, session=session, habit=Habit(path="panel")
            )
        for agent in self.site.agent:
            sensors = [one.id for one in agent.device if one.kind == "water-pressure"]
            if sensors:
                self.buses[agent.id] = await stack.enter_async_context(self._bus(sensors))
        await stack.enter_async_context(self._server)
        await stack.enter_async_context(self._world.lifts)
        await stack.enter_async_context(self._cameras)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for work in (self._world.keep_watch(), self._world.report_states()):
            self._background.append(group.create_task(work))
        for queue in self._queues.values():
            self._background.append(group.create_task(queue.run()))

    def _bus(self, sensors: list[str]) -> ModbusBus:
        return ModbusBus(
            lay_out(sensors),
            measure=self._world.measure,
            shown=self._world.show,
            now=self._clock.now,
            ledger=self.ledger,
        )

    def _plate_camera(self, barrier: str) -> Habit:
        """Plate cameras push again when no answer comes, and keep what they cannot deliver."""
        draw = draw_from(f"answers-{barrier}", self.seed)
        return Habit(
            path="barrier",
            batch=_PLATE_BATCH,
            loses_answer=lambda: draw.random() < _LOST_ANSWERS,
            offline_after=_REPUSHES,
        )

    def _pushing(self, agent: Agent) -> list[str]:
        return [device.id for device in agent.device if device.id in self._tokens]

    def _deliver(self, device: str, record: dict[str, Any]) -> None:
        self._queues[device].put(record)
