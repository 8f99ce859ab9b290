"""A whole estate of simulated devices, built from a site file and brought to life by a scenario.

The order of use:

1. `async with Estate(…) as estate`: Modbus buses and gate controllers are listening.
2. `estate.edge_wiring(folder)`: what each edge agent needs to reach its devices.
3. `estate.attach({agent: url})`, once the agents' push servers are up.
4. `await estate.run(seconds)`: people live, the scenario plays.
5. `await estate.hush()`: nothing more is said; what was said has been delivered.
"""

import asyncio
import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

from simulators.director import Director
from simulators.errors import SimulatorError
from simulators.gate import GateController, Refusal
from simulators.gatepush import PushQueue, Target
from simulators.gateserver import GateServer
from simulators.ledger import Ledger
from simulators.life import Life
from simulators.modbus import ModbusBus, lay_out
from simulators.residents import Residents
from simulators.scenario import Scenario, check
from simulators.seeds import draw_from
from simulators.site import Agent, Site
from simulators.watches import DoorWatch, PressureWatch
from simulators.water import WaterNetwork
from simulators.wiring import allowed_open_s, gate_driver, pressure_driver
from wire import Clock

STATE_EVERY_S = 25.0
"""Controllers owe a sign of life every 30 s (docs/protocols/gate-http.md)."""

_WATCH_EVERY_S = 0.1
_WATCH_AT_LEAST_REAL_S = 0.02
_CLOCK_ERROR_S = 0.3


class Estate:
    """The devices of one site.

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
    ) -> None:
        check(scenario, site)
        self.site = site
        self.scenario = scenario
        self.seed = scenario.seed if seed is None else seed
        self.ledger = ledger
        self.buses: dict[str, ModbusBus] = {}
        self.gates: dict[str, GateController] = {}
        self.sim_s = 0.0
        self.wall_s = 0.0
        self._clock = clock
        self._tokens: dict[str, str] = {}
        self._queues: dict[str, PushQueue] = {}
        self._stack = AsyncExitStack()
        self._background: list[asyncio.Task[None]] = []
        self._server: GateServer | None = None

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

        folder: where each gate's token file is written, mode 0600.
        """
        wiring: dict[str, list[dict[str, Any]]] = {}
        for agent in self.site.agent:
            tables = wiring.setdefault(agent.id, [])
            if (bus := self.buses.get(agent.id)) is not None:
                tables.append(pressure_driver(bus, sample_s=self.scenario.sample_s))
            gates = [device.id for device in agent.device if device.id in self.gates]
            if gates and self._server is not None:
                tokens = {gate: self._tokens[gate] for gate in gates}
                tables.append(gate_driver(self._server, tokens, folder))
        return wiring

    def attach(self, urls: Mapping[str, str]) -> None:
        """Tell the controllers where their agents' push servers are: agent -> `http://host:port`.

        Raises SimulatorError for an agent with gates that is missing.
        """
        for agent in self.site.agent:
            gates = [device.id for device in agent.device if device.id in self.gates]
            if gates and agent.id not in urls:
                raise SimulatorError(f"agent {agent.id} has gates, but no address to push to")
            for gate in gates:
                self._queues[gate].attach(Target(urls[agent.id], self._tokens[gate]))

    async def run(self, duration_s: float | None = None) -> None:
        """Live for `duration_s` of simulated time; None goes on until cancelled.

        Truth is still watched and told afterwards, until the estate is closed.
        """
        real_s = None if duration_s is None else self._clock.real_seconds(duration_s)
        began_s, began_real_s = self._clock.monotonic(), self.ledger.read()
        try:
            async with asyncio.timeout(real_s), asyncio.TaskGroup() as group:
                group.create_task(self._life.go_about(), name="residents")
                group.create_task(self._director.play(), name="director")
        except TimeoutError:
            pass  # lived its time
        finally:
            self.sim_s = self._clock.monotonic() - began_s
            self.wall_s = self.ledger.read() - began_real_s

    async def hush(self, *, within_s: float = 10.0) -> int:
        """Stop reporting, and wait (real seconds) until what was reported is delivered.

        Returns how many records could not be delivered in time.
        """
        self._reporting = False
        for bus in self.buses.values():
            bus.muted = True
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await asyncio.gather(*(queue.drained() for queue in self._queues.values()))
        return sum(queue.waiting for queue in self._queues.values())

    async def _build(self, stack: AsyncExitStack) -> None:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        self._build_people()
        self._build_water()
        for agent in self.site.agent:
            await self._build_agent(agent, stack, session)
        self._server = await stack.enter_async_context(GateServer(self.gates, self._tokens))
        self._build_story()
        group = await stack.enter_async_context(asyncio.TaskGroup())
        for queue in self._queues.values():
            self._background.append(group.create_task(queue.run()))
        self._background.append(group.create_task(self._keep_watch(), name="watch"))
        self._background.append(group.create_task(self._report_states(), name="states"))

    def _build_people(self) -> None:
        gates = self.site.devices("gate").values()
        doors: dict[str, list[str]] = {one.id: [] for one in self.site.building}
        for gate in gates:
            if gate.building is not None:
                doors.setdefault(gate.building, []).append(gate.id)
        outer = [gate.id for gate in gates if gate.building is None]
        self._residents = Residents(doors, outer, seed=self.seed)

    def _build_water(self) -> None:
        devices = self.site.devices("water-pressure").values()
        sensors = [self.site.sensor(device) for device in devices]
        self._water = WaterNetwork.build(sensors, seed=self.seed)
        self._pressure_watch = PressureWatch(self._water, self.ledger)

    async def _build_agent(
        self, agent: Agent, stack: AsyncExitStack, session: aiohttp.ClientSession
    ) -> None:
        sensors = [device.id for device in agent.device if device.kind == "water-pressure"]
        if sensors:
            self.buses[agent.id] = await stack.enter_async_context(
                ModbusBus(
                    lay_out(sensors),
                    measure=lambda sensor: self._water.measure(sensor, self._life.local_s),
                    shown=self._show_pressure,
                    now=self._clock.now,
                    ledger=self.ledger,
                )
            )
        for device in agent.device:
            if device.kind == "gate":
                self._build_gate(device.id, session)

    def _build_gate(self, gate: str, session: aiohttp.ClientSession) -> None:
        drift = draw_from(f"clock-{gate}", self.seed).uniform(-_CLOCK_ERROR_S, _CLOCK_ERROR_S)
        queue = PushQueue(gate, clock=self._clock, session=session)
        self._queues[gate] = queue
        self._tokens[gate] = secrets.token_urlsafe(24)
        self.gates[gate] = GateController(
            gate,
            clock=self._clock,
            ledger=self.ledger,
            put=queue.put,
            admits=self._admit,
            clock_error_s=self.scenario.clock_error_s.get(gate, drift),
        )

    def _build_story(self) -> None:
        gates = self.site.devices("gate")
        allowed_s = {name: allowed_open_s(device) for name, device in gates.items()}
        self._door_watch = DoorWatch(self.gates, self.ledger, allowed_s, self._clock.rate)
        self._life = Life(
            self._clock,
            self.gates,
            self._water,
            self._residents,
            self.scenario.life.trips_per_hour,
            draw_from("life", self.seed),
        )
        self._director = Director(
            self.scenario,
            self._life,
            limits_mpa={name: one.limit_mpa() for name, one in self._water.sensors.items()},
            allowed_s=allowed_s,
            draw=draw_from("incidents", self.seed),
        )
        self._reporting = True

    def _admit(self, card: str) -> Refusal | None:
        return None if card in self._residents.cards else Refusal("unknown-credential")

    def _show_pressure(self, sensor: str, mpa: float) -> None:
        self._pressure_watch.check(self._clock.now(), local_s=self._life.local_s)
        self._pressure_watch.answered(sensor, mpa)

    async def _keep_watch(self) -> None:
        pause_s = max(_WATCH_AT_LEAST_REAL_S, self._clock.real_seconds(_WATCH_EVERY_S))
        while True:
            now = self._clock.now()
            self._pressure_watch.check(now, local_s=self._life.local_s)
            self._door_watch.check(now)
            await asyncio.sleep(pause_s)

    async def _report_states(self) -> None:
        while True:
            for gate in self.gates.values():
                if self._reporting:
                    gate.report_state()
            await self._life.sleep(STATE_EVERY_S)
