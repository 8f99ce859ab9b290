"""Two thousand agents that come back at once, as a test and as a measure."""

import asyncio
import contextlib
import random
import secrets
import time
from pathlib import Path
from typing import Any

from simulators.errors import HubError
from simulators.hubclient import HubClient
from simulators.mosquitto import Mosquitto
from tests.faults.crowd import Crowded
from tests.faults.nursery import Nursery
from tests.faults.town import SITE, a_hub, client_of, write_site

AGENTS = 2_000
BACK_WITHIN_S = 120.0
"""The aim, for a machine that does nothing else; `make soak` judges by it."""

PATIENCE_S = 400.0
"""For one that is busy with other tests."""


async def reconnect(folder: Path, broker: Mosquitto, nursery: Nursery) -> dict[str, Any]:
    """The broker dies; from its start until all are back and all that they said is stored."""
    seed = secrets.token_hex(4)
    back_s, most_connects = await come_back(folder, broker, nursery, random.Random(seed))
    return {
        "agents": AGENTS,
        "back_s": round(back_s, 1),
        "allowed_s": BACK_WITHIN_S,
        "most_connects": most_connects,
        "faults": {} if back_s <= BACK_WITHIN_S else {"back": back_s},
    }


async def come_back(
    folder: Path, broker: Mosquitto, nursery: Nursery, draw: random.Random
) -> tuple[float, int]:
    """Seconds that it took, and how often an agent connected at most. Asserts: all is stored."""
    names = [f"c{number}" for number in range(AGENTS)]
    write_site(folder, {name: {f"{name}-gate": "gate"} for name in names})
    hub = a_hub(folder, broker, spawn=nursery.spawn)
    await asyncio.to_thread(hub.start)
    try:
        await asyncio.to_thread(hub.wait_ready)
        crowd = [Crowded(name, broker.port, draw) for name in names]
        async with _running(crowd):
            await _say_all(crowd, "came")
            await asyncio.to_thread(broker.kill)
            for one in crowd:
                one.say()
            await asyncio.to_thread(broker.start)
            began = time.monotonic()
            await _until_all(crowd, "came back")
            back_s = max(one.back_at or 0.0 for one in crowd) - began
            async with client_of(hub) as client:
                await _judge(client, 2 * len(crowd))
            return back_s, max(one.connects for one in crowd)
    finally:
        await asyncio.to_thread(hub.stop)


@contextlib.asynccontextmanager
async def _running(crowd: list[Crowded]):
    running = [asyncio.create_task(one.run()) for one in crowd]
    try:
        yield
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _say_all(crowd: list[Crowded], what: str) -> None:
    for one in crowd:
        one.say()
    await _until_all(crowd, what)


async def _judge(client: HubClient, said: int) -> None:
    agents = await _all_online(client)
    counters = await client.counters(SITE)
    assert counters["stored"] == said
    assert sum(one["lanes"]["event"]["stored"] for one in agents) == said
    assert counters["dead"] == counters["declared_dropped"] == 0


async def _all_online(client: HubClient) -> list[dict[str, Any]]:
    """The agents, once the hub has taken in what each said of itself."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(HubError):  # slow to answer while it takes all of them in
            agents = await client.agents(SITE)
            if {one["state"] for one in agents} == {"online"}:
                return agents
        assert time.monotonic() < deadline, "not all are online"
        await asyncio.sleep(0.5)


async def _until_all(crowd: list[Crowded], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while left := [one.name for one in crowd if one.back_at is None]:
        assert time.monotonic() < deadline, f"{len(left)} of {len(crowd)} never {what}"
        await asyncio.sleep(0.1)
