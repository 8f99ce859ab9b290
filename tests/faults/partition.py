"""An agent is cut off, keeps what it is told, and is back: does life safety overtake the backlog?

The agent's own parts run in this process (outbox, link, clock), so that what is handed in and what
is freed can be timed; broker and hub are processes, and a fault proxy stands between.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from edge.agent import Agent
from edge.config import load
from simulators.mosquitto import Mosquitto
from simulators.scorecard import percentile
from tests.faults.nursery import Nursery
from tests.faults.proxy import FaultProxy
from tests.faults.town import a_gate_agent, a_hub, all_items, client_of, write_site
from tests.faults.truth import Stored, Truth
from wire import Clock, ContentType, Lane, Observation
from wire.observation import encode_observations

BACKLOG = 20_000
SLOW_BACKLOG = 10_000
SLOW_LINE = {"latency_s": 0.2, "bandwidth": 8_000.0}
"""64 kbit/s each way, and 400 ms for there and back."""

LIVE_EVERY_S = 0.1
CHUNK = 200
WITHIN_S = 240.0
GATE, SENSOR = "gate-1", "fw-1"


async def partition(
    folder: Path,
    broker: Mosquitto,
    nursery: Nursery,
    *,
    backlog: int = BACKLOG,
    toxics: dict[str, Any] | None = None,
    line: dict[str, Any] | None = None,
    allowed_s: float | None = None,
) -> dict[str, Any]:
    """Figures and faults.

    toxics: of the partition; unplugged without. line: toxics afterwards. allowed_s: what life
    safety may take at p99.
    """
    write_site(folder, {"gates": {GATE: "gate", SENSOR: "water-pressure"}})
    truth = Truth()
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(FaultProxy(broker.port))
        url = f'mqtt://127.0.0.1:{proxy.port}"\nkeepalive_s = 2\n#"'
        process, _, _ = a_gate_agent(folder, url, "gates", [GATE])
        hub = a_hub(folder, broker, spawn=nursery.spawn)
        await asyncio.to_thread(hub.start)
        stack.callback(hub.kill)
        await asyncio.to_thread(hub.wait_ready)
        clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
        agent = await stack.enter_async_context(Agent(load(process._config), clock))
        await _until(agent.connected.is_set)
        if toxics:
            proxy.poison(**toxics)
        else:
            proxy.enabled = False
        await _fill(agent, truth, clock, backlog)
        assert agent.outbox.backlog(Lane.EVENT) == backlog  # nothing got through
        proxy.enabled = True
        proxy.poison(**(line or {}))
        began = time.monotonic()
        await _until(lambda: agent.outbox.backlog(Lane.EVENT) < backlog)
        first = time.monotonic()
        latencies, overtook = await _live_until_drained(agent, clock)
        seconds = time.monotonic() - first
        client = await stack.enter_async_context(client_of(hub))
        items = await all_items(client, "observations", cursor="after", device=GATE)
        verdict = truth.judge(Stored({GATE: [item["source_id"] for item in items]}))
    faults = dict(verdict.faults)
    p99 = percentile(sorted(latencies), 99)
    if allowed_s is not None and p99 > allowed_s:
        faults["life p99 s"] = round(p99, 3)
    return {
        "backlog": backlog,
        "reconnected_s": round(first - began, 2),
        "drain_s": round(seconds, 2),
        "drained_per_s": round(backlog / seconds),
        "life_messages": len(latencies),
        "overtook": overtook,
        "life_p50_s": round(percentile(sorted(latencies), 50), 3),
        "life_p99_s": round(p99, 3),
        "life_max_s": round(max(latencies), 3),
        "faults": faults,
    }


async def overtake(folder: Path, broker: Mosquitto, nursery: Nursery) -> dict[str, Any]:
    """After a partition, on a line that is whole again."""
    return await partition(folder, broker, nursery, allowed_s=2.0)


async def slow_line(folder: Path, broker: Mosquitto, nursery: Nursery) -> dict[str, Any]:
    """After a partition, over a line that carries next to nothing."""
    return await partition(
        folder, broker, nursery, backlog=SLOW_BACKLOG, line=SLOW_LINE, allowed_s=5.0
    )


async def _fill(agent: Agent, truth: Truth, clock: Clock, count: int) -> None:
    """Events that the agent's driver could not have told of in any other way."""
    for first in range(0, count, CHUNK):
        numbers = range(first, min(first + CHUNK, count))
        bodies = []
        for number in numbers:
            record, at = f"r{number}", clock.now()
            truth.say(GATE, record)
            bodies.append(
                Observation(
                    device=GATE, kind="gate", at=at, seen=at, source_id=record,
                    signals={"event": "state"},
                )
            )  # fmt: skip
        rows = (encode_observations([one]) for one in bodies)
        await asyncio.gather(
            *(agent.outbox.append(Lane.EVENT, ContentType.OBSERVATIONS, row, 1) for row in rows)
        )
        truth.acknowledge(GATE, [one.source_id for one in bodies])


async def _live_until_drained(agent: Agent, clock: Clock) -> tuple[list[float], int]:
    """Speak of life safety ten times a second: (seconds to each durable ack, how many overtook)."""
    latencies: list[float] = []
    overtook = 0
    while agent.outbox.backlog(Lane.EVENT) or len(latencies) < 10:
        at, began = clock.now(), time.monotonic()
        pressure = 0.30 if len(latencies) % 2 else 0.20
        said = Observation(
            device=SENSOR, kind="water-pressure", at=at, seen=at, signals={"pressure": pressure}
        )
        body = encode_observations([said])
        seq = await agent.outbox.append(Lane.LIFE, ContentType.OBSERVATIONS, body, 1)
        await _until(lambda number=seq: agent.outbox.floor(Lane.LIFE) > number)
        latencies.append(time.monotonic() - began)
        overtook += agent.outbox.backlog(Lane.EVENT) > 0
        await asyncio.sleep(LIVE_EVERY_S)
    return latencies, overtook


async def _until(met: Any) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not met():
        assert time.monotonic() < deadline, "not in time"
        await asyncio.sleep(0.005)
