"""A town that lives while its hub, its agents and its broker are killed, and what is left of it.

Devices speak the real protocols to real processes on a real Mosquitto at its defaults, which loses
all that it acknowledged when it is killed. A seed decides who dies when.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from simulators.errors import HubError
from simulators.gatepush import PushQueue, Target
from simulators.hubclient import HubClient
from simulators.ledger import Ledger
from simulators.modbus import ModbusBus, Register
from simulators.mosquitto import Mosquitto
from simulators.processes import Spawn
from tests.faults.power import PowerDisk
from tests.faults.town import (
    SITE,
    a_gate_agent,
    a_hub,
    a_pressure_agent,
    all_items,
    client_of,
    is_whole,
    write_site,
)
from tests.faults.truth import Alarm, Stored, Truth, Verdict
from wire import Clock

BUSY = [f"gate-{number}" for number in range(1, 5)]
FORCED = [f"door-{number}" for number in range(1, 13)]
SENSOR = "fw-1"
GOOD_MPA, LOW_MPA = 0.30, 0.02
LOW_AFTER_S = 8.0
DRAINED_WITHIN_S = 90.0
JUDGED_WITHIN_S = 30.0
"""An opening waits for a grant on its way; longer where the hub was away meanwhile."""


class ToldQueue(PushQueue):
    """Writes down what its device was told is stored."""

    def __init__(self, device: str, truth: Truth, **options: Any) -> None:
        super().__init__(device, **options)
        self._truth = truth

    async def _push(self, target: Target, records: list[dict[str, Any]]) -> bool:
        told = await super()._push(target, records)
        if told:
            self._truth.acknowledge(self._device, [one["record_id"] for one in records])
        return told


class Controller:
    """One gate's controller: makes records in order, and pushes each until it is answered 200."""

    def __init__(self, gate: str, truth: Truth, session, clock: Clock, draw: random.Random) -> None:
        self.gate, self._truth, self._clock, self._draw = gate, truth, clock, draw
        self._records: list[dict] = []
        self.queue = ToldQueue(gate, truth, clock=clock, session=session)

    def say(self, event: str, **fields) -> int:
        at = self._clock.now()
        record = {"record_id": f"{self.gate}-{len(self._records)}", "time": at, "event": event}
        self._truth.say(self.gate, record["record_id"])
        self._records.append(record | fields)
        self.queue.put(self._records[-1])
        return at

    def repeat_one(self) -> None:
        """What has long been answered is pushed once more, as many a controller does."""
        self.queue.put(self._draw.choice(self._records))

    async def let_people_in(self) -> None:
        while True:
            self.say("granted", card=f"card-{self._draw.randrange(1000)}", direction="in")
            self.say("opened", open=True)
            await asyncio.sleep(self._draw.uniform(0.05, 0.3))
            self.say("closed", open=False)
            if self._draw.random() < 0.3:
                self.repeat_one()
            await asyncio.sleep(self._draw.uniform(0.05, 0.3))

    async def be_forced(self) -> None:
        """So far apart that each is an alarm of its own: three within a minute are one chatter."""
        await asyncio.sleep(self._draw.uniform(0.5, 25.0))
        while True:
            at = self.say("opened", open=True)
            self._truth.alarm(self.gate, "door-forced", at)
            await asyncio.sleep(self._draw.uniform(0.5, 1.5))
            self.say("closed", open=False)
            self.repeat_one()
            await asyncio.sleep(self._draw.uniform(31.0, 40.0))


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is killed how often. together: all of them at the same moment, each time.

    every_s, down_s: from and to; between two kills, and until the killed is started again.
    """

    kills: int
    victims: Collection[str] = ("hub", "gates", "water", "broker")
    together: bool = False
    every_s: tuple[float, float] = (0.4, 1.6)
    down_s: tuple[float, float] = (0.0, 0.6)


@dataclass
class Outcome:
    """killed: by name. faults: everything that is wrong; see `Verdict`, and by name besides."""

    killed: Counter[str] = field(default_factory=Counter)
    records: int = 0
    alarms: int = 0
    faults: dict[str, Any] = field(default_factory=dict)


@dataclass
class PowerCut:
    """The disk that holds the data of all processes loses power, and they die with it."""

    disk: PowerDisk
    processes: dict[str, Any]

    def kill(self) -> None:
        self.disk.cut()
        for process in self.processes.values():
            process.kill()

    def start(self) -> None:
        self.disk.restore()
        for process in self.processes.values():
            process.start()


@dataclass
class Town:
    """A running town."""

    truth: Truth
    processes: dict[str, Any]
    broker: Mosquitto
    client: HubClient
    controllers: list[Controller]
    bus: ModbusBus
    pressure: list[float]
    power: PowerCut | None = None

    async def kill(self, plan: Plan, draw: random.Random) -> Counter[str]:
        """Each victim in turn of a shuffled order, again and again; who died how often."""
        killed: Counter[str] = Counter()
        order: list[str] = []
        while not plan.together and len(order) < plan.kills:
            order += draw.sample(sorted(plan.victims), len(plan.victims))
        for turn in range(plan.kills):
            names = sorted(plan.victims) if plan.together else [order[turn]]
            await asyncio.sleep(draw.uniform(*plan.every_s))
            for name in names:
                await asyncio.to_thread(self._victim(name).kill)
            await asyncio.sleep(draw.uniform(*plan.down_s))
            for name in names:
                await asyncio.to_thread(self._victim(name).start)
            killed.update(["all" if plan.together else names[0]])
        return killed

    async def settle(self) -> dict[str, dict]:
        """Wait until all devices were answered and no agent holds anything; the agents' lanes."""
        for process in self.processes.values():
            await asyncio.to_thread(process.wait_ready)
        async with asyncio.timeout(DRAINED_WITHIN_S):
            for one in self.controllers:
                await one.queue.drained()
        self.bus.muted = True  # so that what the agent last said still holds
        return await drained(self.client, {"gates": "event", "water": "telemetry"})

    async def faults(self, agents: dict[str, dict]) -> dict[str, Any]:
        """Everything that is wrong."""
        verdict = await self._judged()
        found = dict(verdict.faults)
        for name, agent in agents.items():
            for lane, line in agent["lanes"].items():
                odd = {key: line[key] for key in ("dropped", "declared_dropped", "dead")}
                if any(odd.values()):
                    found[f"{name}/{lane}"] = odd
        # one sensor on the bus: each of its envelopes is one observation
        water = agents["water"]["lanes"]
        if not water["telemetry"]["stored"] == water["telemetry"]["head"] > 0:
            found["telemetry"] = water["telemetry"]
        urgent = await all_items(self.client, "observations", cursor="after", agent="water")
        if [item["seq"] for item in urgent] != [*range(1, water["life"]["head"] + 1)]:
            found["urgent"] = len(urgent), water["life"]["head"]
        return found

    async def _judged(self) -> Verdict:
        deadline = time.monotonic() + JUDGED_WITHIN_S
        while True:
            verdict = self.truth.judge(await self._stored())
            if not verdict.alarms_missing or time.monotonic() > deadline:
                return verdict
            await asyncio.sleep(0.5)

    async def _stored(self) -> Stored:
        records = {}
        for one in self.controllers:
            items = await all_items(self.client, "observations", cursor="after", device=one.gate)
            records[one.gate] = [item["source_id"] for item in items]
        alerts = await all_items(self.client, "alerts", cursor="before", state="all")
        return Stored(records, [self._alarm(one) for one in alerts if _is_ours(one)])

    def _alarm(self, alert: dict[str, Any]) -> Alarm:
        # A pressure's alert is dated by the sample that showed it, which only the agent knows.
        at = 0 if alert["device"] == SENSOR else alert["at"]
        return alert["device"], alert["condition"], at

    def _victim(self, name: str) -> Any:
        others = {"broker": self.broker, "power": self.power}
        return others.get(name) or self.processes[name]


def _is_ours(alert: dict[str, Any]) -> bool:
    """Agents and devices that were dead for a while may be said to be silent, and rightly so."""
    return alert["condition"] in {"door-forced", "pressure-low"}


@asynccontextmanager
async def a_town(
    folder: Path,
    broker: Mosquitto,
    spawn: Spawn,
    draw: random.Random,
    *,
    disk: PowerDisk | None = None,
    broker_url: str | None = None,
) -> AsyncIterator[Town]:
    """Hub, two agents, sixteen gates and a sensor, all of them well.

    disk: holds all data. broker_url: where agents find the broker, if not at its own address.
    """
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    truth = Truth(folder / "truth.jsonl")
    gates = dict.fromkeys([*BUSY, *FORCED], "gate")
    write_site(folder, {"gates": gates, "water": {SENSOR: "water-pressure"}})
    pressure = [GOOD_MPA]
    for name in ("hub", "gates", "water") if disk else ():
        (disk.folder / name).mkdir(mode=0o700)
        (folder / name).symlink_to(disk.folder / name)
    url = broker_url or broker.url
    async with AsyncExitStack() as stack:
        bus = ModbusBus(
            {SENSOR: Register(100, "int16", "kPa", 1.0)},
            measure=lambda _: pressure[0],
            shown=lambda *_: None,
            now=clock.now,
            ledger=stack.enter_context(Ledger()),
        )
        await stack.enter_async_context(bus)
        hub = a_hub(folder, broker, spawn=spawn)
        agent, push, token = a_gate_agent(folder, url, "gates", gates, spawn=spawn)
        water = a_pressure_agent(folder, url, "water", SENSOR, bus.port, spawn=spawn)
        processes = {"hub": hub, "gates": agent, "water": water}
        for process in processes.values():
            process.start()
            stack.callback(process.kill)
        for process in processes.values():
            await asyncio.to_thread(process.wait_ready)
        client = await stack.enter_async_context(client_of(hub))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        controllers = [
            Controller(gate, truth, session, clock, random.Random(draw.random())) for gate in gates
        ]
        for one in controllers:
            one.queue.attach(Target(push, token))
        power = PowerCut(disk, processes) if disk else None
        yield Town(truth, processes, broker, client, controllers, bus, pressure, power)


Trouble = Callable[[Town, random.Random], Awaitable[Counter[str]]]
"""Does its worst to a living town; what it did how often."""


async def shake(
    folder: Path, broker: Mosquitto, spawn: Spawn, seed: str, plan: Plan, **options: Any
) -> Outcome:
    """Let a town live, kill as planned, let it come to rest, and judge."""

    async def kill(town: Town, draw: random.Random) -> Counter[str]:
        return await town.kill(plan, draw)

    return await live_through(kill, folder, broker, spawn, seed, **options)


async def live_through(
    trouble: Trouble, folder: Path, broker: Mosquitto, spawn: Spawn, seed: str, **options: Any
) -> Outcome:
    """Let a town live while trouble comes, let it come to rest, and judge.

    options: see `a_town`.
    """
    draw, outcome = random.Random(seed), Outcome()
    async with a_town(folder, broker, spawn, draw, **options) as town:
        async with asyncio.TaskGroup() as tasks:
            pushing = [tasks.create_task(one.queue.run()) for one in town.controllers]
            living = [
                tasks.create_task(one.be_forced() if one.gate in FORCED else one.let_people_in())
                for one in town.controllers
            ]
            town.truth.alarm(SENSOR, "pressure-low", 0)
            loop = asyncio.get_running_loop()
            loop.call_later(LOW_AFTER_S, town.pressure.__setitem__, 0, LOW_MPA)
            low_at = loop.time() + LOW_AFTER_S
            outcome.killed = await trouble(town, draw)
            await asyncio.sleep(max(0.0, low_at + 3.0 - loop.time()))
            for task in living:
                task.cancel()
            agents = await town.settle()
            for task in pushing:
                task.cancel()
        outcome.records = sum(map(len, town.truth.said.values()))
        outcome.alarms = len(town.truth.alarms)
        outcome.faults = await town.faults(agents)
        for name, process in town.processes.items():
            code = await asyncio.to_thread(process.stop)
            if code != 0:
                outcome.faults[f"{name} ended with"] = code
        for file in ("hub/hub.db", "gates/outbox.db", "water/outbox.db"):
            if not is_whole(folder / file):
                outcome.faults[file] = "not whole"
    return outcome


async def drained(client: HubClient, heads: dict[str, str]) -> dict[str, dict]:
    """Wait until every agent has said, after now, that nothing waits in it; the agents' lanes.

    heads: agent -> a lane that must hold something.
    """
    since = time.time() * 1000 + 2000
    deadline = time.monotonic() + DRAINED_WITHIN_S
    while True:
        try:
            agents = {one["id"]: one for one in await client.agents(SITE)}
        except HubError:
            agents = {}
        if agents and all(_is_empty(agents[name], lane, since) for name, lane in heads.items()):
            return agents
        assert time.monotonic() < deadline, f"not drained: {agents}"
        await asyncio.sleep(0.25)


def _is_empty(agent: dict, lane: str, since: float) -> bool:
    heard = agent["state"] == "online" and (agent["last_seen"] or 0) > since
    lanes = agent["lanes"]
    return heard and lane in lanes and not any(one["backlog"] for one in lanes.values())
