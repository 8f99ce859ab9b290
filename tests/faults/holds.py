"""A door is held, and something fails: how soon is it free?

    python -m tests.faults.holds [--trials N] [--seed S]

Hub, agent and broker are processes; between agent and broker, and between agent and I/O module,
stands a proxy that can cut the line. A person at the console's API holds the door and renews the
hold; at a moment that a seed draws, one part is killed or cut off. The contact's own ledger says
when it opened. Prints one JSON object; exit code 1 where a door stayed held.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulators.elevator.car import ElevatorCar
from simulators.elevator.iomodule import IoModules
from simulators.errors import HubError
from simulators.hubclient import HubClient
from simulators.ledger import Ledger
from simulators.mosquitto import Mosquitto
from simulators.processes import EdgeProcess, HubProcess
from tests.faults.nursery import Nursery
from tests.faults.proxy import FaultProxy
from tests.faults.town import SITE, a_hub, client_of, write_site
from wire import Clock

LIFT = "lift-1"
LEASE_S = 3.0
WATCHDOG_S = 2.0
"""Of the I/O module; 10 s at a site (docs/hardware/elevator-hold.md)."""

BY_LEASE = ("hub-killed", "broker-killed", "line-cut", "line-unplugged")
BY_WATCHDOG = ("agent-killed", "agent-restarted", "bus-cut")
FAULTS = BY_LEASE + BY_WATCHDOG
WITHIN_S = 60.0


def allowed_s(fault: str, lease_s: float) -> float:
    """What docs/hardware/elevator-hold.md promises, from the fault on."""
    return (lease_s if fault in BY_LEASE else WATCHDOG_S) + 1.0


@dataclass
class Street:
    """All parts of one run."""

    car: ElevatorCar
    ledger: Ledger
    clock: Clock
    broker: Mosquitto
    hub: HubProcess
    agent: EdgeProcess
    line: FaultProxy
    bus: FaultProxy
    client: HubClient
    lease_s: float

    async def trial(self, fault: str, draw: random.Random) -> float:
        """One hold, one fault; seconds from the fault until the contact is open."""
        while not self.car.held:  # on a busy machine a renewal may come too late
            await self._hold(renewals=draw.randrange(3))
            await asyncio.sleep(draw.uniform(0.0, self.lease_s * 0.6))
        began = self.clock.now()
        await self._break(fault)
        await until(lambda: not self.car.held)
        opened = self.ledger.holds[-1].until
        await self._mend(fault)
        return max(0, (opened or began) - began) / 1000

    async def _hold(self, *, renewals: int) -> None:
        """Order a hold, as soon as hub and agent hear one another, and renew it."""
        lease = None
        deadline = time.monotonic() + WITHIN_S
        while lease is None:
            assert not self.car.held, "a door is held that nobody asked for"
            assert time.monotonic() < deadline, "no order gets through"
            lease = await self._order()
            end = time.monotonic() + self.lease_s * 2
            while lease and not self.car.held:
                if time.monotonic() > end:
                    lease = None  # it was under way when the line broke
                await asyncio.sleep(0.01)
            if lease is None:
                await asyncio.sleep(0.1)
        for _ in range(renewals):
            await asyncio.sleep(self.lease_s * 0.3)
            await self._order(lease)

    async def _order(self, renews: str | None = None) -> str | None:
        order = {"action": "hold", "lease_s": self.lease_s, "renews": renews, "reason": "drill"}
        try:
            made = await self.client.post(f"/api/sites/{SITE}/devices/{LIFT}/commands", order)
        except HubError:
            return None  # the hub is not back yet, or does not hear the agent yet
        return str(made["id"])

    async def _break(self, fault: str) -> None:
        if fault == "hub-killed":
            await asyncio.to_thread(self.hub.kill)
        elif fault == "broker-killed":
            await asyncio.to_thread(self.broker.kill)
        elif fault == "line-cut":
            self.line.poison(blackhole=True)
        elif fault == "line-unplugged":
            self.line.enabled = False
        elif fault == "bus-cut":
            self.bus.poison(blackhole=True)
        else:
            await asyncio.to_thread(self.agent.kill)
            if fault == "agent-restarted":
                await asyncio.to_thread(self.agent.start)

    async def _mend(self, fault: str) -> None:
        self.line.enabled = True
        self.line.heal()
        self.bus.heal()
        if fault == "hub-killed":
            await asyncio.to_thread(self.hub.start)
            await asyncio.to_thread(self.hub.wait_ready)
        elif fault == "broker-killed":
            await asyncio.to_thread(self.broker.start)
        elif fault == "agent-killed":
            await asyncio.to_thread(self.agent.start)
        elif fault in {"line-cut", "bus-cut"}:
            (self.line if fault == "line-cut" else self.bus).reset_peer()


async def run(
    folder: Path,
    nursery: Nursery,
    *,
    trials: int,
    seed: str,
    lease_s: float = LEASE_S,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """The figures of so many trials, the faults in turn."""
    draw = random.Random(seed)
    took: dict[str, list[float]] = defaultdict(list)
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    ledger = Ledger()
    car = ElevatorCar(LIFT, clock=clock, ledger=ledger)
    write_site(folder, {"lifts": {LIFT: "elevator-camera"}})
    async with AsyncExitStack() as stack:
        broker = stack.enter_context(Mosquitto(folder))
        modules = await stack.enter_async_context(IoModules([car], watchdog_s=WATCHDOG_S))
        line = await stack.enter_async_context(FaultProxy(broker.port))
        bus = await stack.enter_async_context(FaultProxy(modules.port))
        hub = a_hub(folder, broker, spawn=nursery.spawn)
        stack.callback(hub.kill)
        await asyncio.to_thread(hub.start)
        await asyncio.to_thread(hub.wait_ready)
        agent = EdgeProcess(_agent(folder, line.port, bus.port, hub.key), spawn=nursery.spawn)
        stack.callback(agent.kill)
        await asyncio.to_thread(agent.start)
        client = await stack.enter_async_context(client_of(hub))
        street = Street(car, ledger, clock, broker, hub, agent, line, bus, client, lease_s)
        for number in range(trials):
            fault = FAULTS[number % len(FAULTS)]
            took[fault].append(await street.trial(fault, draw))
            progress(f"{number + 1:3} {fault:16} {took[fault][-1]:.2f} s")
    late = {
        name: sum(one > allowed_s(name, lease_s) for one in all_) for name, all_ in took.items()
    }
    return {
        "seed": seed,
        "trials": trials,
        "released": sum(map(len, took.values())),
        "late": sum(late.values()),
        "faults": {
            name: {
                "trials": len(all_),
                "longest_s": round(max(all_), 2),
                "promised_s": allowed_s(name, lease_s),
                "late": late[name],
            }
            for name, all_ in took.items()
        },
    }


def _agent(folder: Path, broker_port: int, bus_port: int, key: str) -> Path:
    config = folder / "lifts.toml"
    config.write_text(f"""
site = "{SITE}"
agent = "lifts"
data = "lifts"
hub_key = "{key}"
heartbeat_s = 0.5
[mqtt]
url = "mqtt://127.0.0.1:{broker_port}"
keepalive_s = 2
[[driver]]
type = "elevator-car"
[[driver.device]]
id = "{LIFT}"
url = "http://127.0.0.1:9/no-camera-here"
[driver.device.contacts]
host = "127.0.0.1"
port = {bus_port}
coil = 0
timeout_s = 0.5
""")
    return config


async def until(condition: Any) -> None:
    """Wait for it. Raises AssertionError after a minute."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline, "the door stayed held"
        await asyncio.sleep(0.01)


def main() -> int:
    """Run it, print the figures."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--trials", type=int, default=100)
    ask.add_argument("--seed", default="1")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder, Nursery() as nursery:
        drill = run(
            Path(folder),
            nursery,
            trials=given.trials,
            seed=given.seed,
            progress=lambda line: print(line, file=sys.stderr, flush=True),  # noqa: T201
        )
        figures = asyncio.run(drill)
    print(json.dumps(figures, indent=2))  # noqa: T201 - that is what it is for
    return 0 if figures["released"] == given.trials else 1


if __name__ == "__main__":
    sys.exit(main())
