"""Hub, agents and broker are killed at random while devices go on; nothing may show of it.

A seed decides who is killed when; FAULTS_SEED=<seed> repeats a run as far as processes can be.
"""

import asyncio
import os
import random
import secrets
import time
from collections import Counter
from contextlib import AsyncExitStack

import aiohttp
import pytest

from simulators.errors import HubError
from simulators.gatepush import PushQueue, Target
from simulators.ledger import Ledger
from simulators.modbus import ModbusBus, Register
from simulators.mosquitto import Mosquitto, find_mosquitto
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
from wire import Clock

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(200)]

KILLS = 11
KILL_EVERY_S = (1.5, 5.0)
DOWN_S = (0.0, 1.5)
DRAINED_WITHIN_S = 90.0
JUDGED_WITHIN_S = 20.0
"""An opening waits for a grant on its way; longer where the hub was away meanwhile."""

BUSY = [f"gate-{number}" for number in range(1, 5)]
FORCED = [f"door-{number}" for number in range(1, 5)]
SENSOR = "fw-1"
GOOD_MPA, LOW_MPA = 0.30, 0.02


class Controller:
    """One gate's controller: makes records in order, and pushes each until it is answered 200.

    made: record ids, oldest first. forced: when its door opened with nobody let in, ms.
    """

    def __init__(self, gate: str, session, clock: Clock, draw: random.Random) -> None:
        self.gate, self.made, self.forced = gate, [], []
        self._clock, self._draw = clock, draw
        self._records: list[dict] = []
        self.queue = PushQueue(gate, clock=clock, session=session)

    def say(self, event: str, **fields) -> int:
        at = self._clock.now()
        record = {"record_id": f"{self.gate}-{len(self.made)}", "time": at, "event": event}
        self._records.append(record | fields)
        self.made.append(record["record_id"])
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
        """Openings further apart than the alarm's session (5 s), so that each is one of its own."""
        await asyncio.sleep(self._draw.uniform(0.5, 3.0))
        while True:
            self.forced.append(self.say("opened", open=True))
            await asyncio.sleep(self._draw.uniform(0.5, 1.5))
            self.say("closed", open=False)
            self.repeat_one()
            await asyncio.sleep(self._draw.uniform(6.5, 9.0))


async def kill_at_random(draw: random.Random, victims: dict) -> list[str]:
    """Each victim in turn of a shuffled order, again and again; started again a moment later."""
    order: list[str] = []
    while len(order) < KILLS:
        order += draw.sample(sorted(victims), len(victims))
    for name in order[:KILLS]:
        await asyncio.sleep(draw.uniform(*KILL_EVERY_S))
        await asyncio.to_thread(victims[name].kill)
        await asyncio.sleep(draw.uniform(*DOWN_S))
        await asyncio.to_thread(victims[name].start)
    return order[:KILLS]


async def drained(client, heads: dict[str, str]) -> dict[str, dict]:
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


@pytest.fixture
def broker(tmp_path):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with Mosquitto(tmp_path) as broker:
        yield broker


async def test_nothing_is_lost_or_doubled_when_hub_agents_and_broker_are_killed(tmp_path, broker):
    seed = os.environ.get("FAULTS_SEED") or secrets.token_hex(4)
    print(f"FAULTS_SEED={seed}")  # noqa: T201 - pytest shows it beside a failure
    draw = random.Random(seed)
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    gates = dict.fromkeys([*BUSY, *FORCED], "gate")
    write_site(tmp_path, {"gates": gates, "water": {SENSOR: "water-pressure"}})
    pressure = [GOOD_MPA]
    async with AsyncExitStack() as stack:
        bus = ModbusBus(
            {SENSOR: Register(100, "int16", "kPa", 1.0)},
            measure=lambda _: pressure[0],
            shown=lambda *_: None,
            now=clock.now,
            ledger=stack.enter_context(Ledger()),
        )
        await stack.enter_async_context(bus)
        hub = a_hub(tmp_path, broker)
        gate_agent, url, token = a_gate_agent(tmp_path, broker, "gates", gates)
        water_agent = a_pressure_agent(tmp_path, broker, "water", SENSOR, bus.port)
        processes = {"hub": hub, "gates": gate_agent, "water": water_agent}
        for process in processes.values():
            process.start()
            stack.callback(process.kill)
        for process in processes.values():
            await asyncio.to_thread(process.wait_ready)
        client = await stack.enter_async_context(client_of(hub))

        session = await stack.enter_async_context(aiohttp.ClientSession())
        controllers = [
            Controller(gate, session, clock, random.Random(draw.random())) for gate in gates
        ]
        async with asyncio.TaskGroup() as tasks:
            pushing = [tasks.create_task(one.queue.run()) for one in controllers]
            living = []
            for one in controllers:
                one.queue.attach(Target(url, token))
                life = one.be_forced() if one.gate in FORCED else one.let_people_in()
                living.append(tasks.create_task(life))
            asyncio.get_running_loop().call_later(12, pressure.__setitem__, 0, LOW_MPA)
            killed = await kill_at_random(draw, {**processes, "broker": broker})
            for task in living:
                task.cancel()
            for process in processes.values():
                await asyncio.to_thread(process.wait_ready)
            async with asyncio.timeout(DRAINED_WITHIN_S):
                for one in controllers:
                    await one.queue.drained()
            for task in pushing:
                task.cancel()
        bus.muted = True  # so that what the agent last said still holds
        agents = await drained(client, {"gates": "event", "water": "telemetry"})
        records = sum(len(one.made) for one in controllers)
        print(f"killed: {' '.join(killed)}; records: {records}")  # noqa: T201

        await all_records_are_stored_once_in_order(client, controllers)
        await every_number_is_accounted_for(client, agents)
        await alerts_are_those_that_had_to_be(client, controllers)
        assert {name: process.stop() for name, process in processes.items()} == dict.fromkeys(
            processes, 0
        )
    for file in ("hub/hub.db", "gates/outbox.db", "water/outbox.db"):
        assert is_whole(tmp_path / file), file


async def all_records_are_stored_once_in_order(client, controllers) -> None:
    for one in controllers:
        stored = await all_items(client, "observations", cursor="after", device=one.gate)
        ids = [item["source_id"] for item in stored]
        assert [id_ for id_, times in Counter(ids).items() if times > 1] == []
        assert sorted(set(one.made) - set(ids)) == []
        assert ids == one.made, f"{one.gate}: order by seq"


async def every_number_is_accounted_for(client, agents) -> None:
    for agent in agents.values():
        for lane, line in agent["lanes"].items():
            assert (line["dropped"], line["declared_dropped"], line["dead"]) == (0, 0, 0), lane
    # one sensor on the bus: each of its envelopes is one observation
    water = agents["water"]["lanes"]
    assert water["telemetry"]["stored"] == water["telemetry"]["head"] > 0
    urgent = await all_items(client, "observations", cursor="after", agent="water", lane="life")
    assert [item["seq"] for item in urgent] == [*range(1, water["life"]["head"] + 1)]


async def alerts_are_those_that_had_to_be(client, controllers) -> None:
    truth = sorted((one.gate, at) for one in controllers for at in one.forced)
    deadline = time.monotonic() + JUDGED_WITHIN_S
    while True:
        alerts = await all_items(client, "alerts", cursor="before", state="all")
        forced = sorted((a["device"], a["at"]) for a in alerts if a["condition"] == "door-forced")
        if forced == truth or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.25)
    assert forced == truth
    low = [a for a in alerts if a["condition"] == "pressure-low"]
    assert [(a["device"], a["state"]) for a in low] == [(SENSOR, "unacknowledged")]
    keys = Counter((a["device"], a["condition"], a["occurrence"]) for a in alerts)
    assert max(keys.values()) == 1
