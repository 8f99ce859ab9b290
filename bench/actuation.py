"""From a click to what it does: the API's call to the door's lock, each part a process of its own.

    python -m bench.actuation [--clicks N] [--rate R]

A person orders one door after the other to open: API, signed command, MQTT, edge agent, HTTP, and
the controller that frees the lock, which is the moment that counts. Under the background load of
`bench.latency`. Told too: until the receipt shows on the stream.
"""

import argparse
import asyncio
import secrets
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.latency import AGENTS, LAST_WITHIN_S, WARM_UP_S, WINDOW, figures
from bench.report import emit
from bench.stand import PROBE, broker_and_hub
from simulators.errors import HubError
from simulators.gate import GateController
from simulators.gateserver import GateServer
from simulators.hubclient import HubClient
from simulators.ledger import Ledger
from simulators.load import SITE, Load, LoadReport, run
from simulators.processes import EdgeProcess, HubProcess, free_port
from wire import Clock

DOORS: Final = 10
PAUSE_S: Final = 0.15
"""Between two clicks: a person is no quicker, and none waits for the one before."""

READY_WITHIN_S: Final = 60.0


@dataclass(slots=True)
class Door:
    """A controller, and when each command had freed its lock: id -> monotonic s."""

    controller: GateController
    freed: dict[str, float]

    def command(self, action: str, command_id: str, lease_s: float | None = None) -> bool:
        """As the controller does."""
        done = self.controller.command(action, command_id, lease_s)
        if done and not self.controller.locked:
            self.freed.setdefault(command_id, time.monotonic())
        return done


@dataclass(slots=True)
class Times:
    """By command, monotonic s."""

    clicked: dict[str, float] = field(default_factory=dict)
    freed: dict[str, float] = field(default_factory=dict)
    shown: dict[str, float] = field(default_factory=dict)


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--clicks", type=int, default=200)
    parser.add_argument("--rate", type=float, default=1000.0, help="background messages per second")
    wish = parser.parse_args()
    seconds = wish.clicks * PAUSE_S + WARM_UP_S + 5.0
    with (
        broker_and_hub(AGENTS, doors=DOORS) as (broker, hub),
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
    ):
        load = Load(AGENTS, wish.rate, seconds, broker.url, window=WINDOW)
        times, background = asyncio.run(_measure(hub, load, wish.clicks, Path(folder)))
    emit(
        "actuation",
        f"click to lock, {wish.rate:.0f}/s",
        clicks=len(times.clicked),
        freed=sum(one in times.freed for one in times.clicked),
        latency_s=figures(_apart(times.clicked, times.freed)),
        receipt_s=figures(_apart(times.clicked, times.shown)),
        background_rate=background["rate"],
    )


async def _measure(
    hub: HubProcess, load: Load, clicks: int, folder: Path
) -> tuple[Times, LoadReport]:
    if hub.login is None:
        raise RuntimeError("the hub showed no first login")
    name, password = hub.login
    times = Times()
    async with AsyncExitStack() as stack:
        ledger = stack.enter_context(Ledger())
        doors = {f"door-{n}": _door(f"door-{n}", times, ledger) for n in range(1, DOORS + 1)}
        tokens = {door: secrets.token_urlsafe(24) for door in doors}
        server = await stack.enter_async_context(GateServer(doors, tokens))
        port = free_port()
        config = _edge(folder, hub, load.broker, port, server, tokens)
        stack.enter_context(EdgeProcess(config, port=port))
        client = await stack.enter_async_context(HubClient(hub.url, name=name, password=password))
        await _until_it_obeys(client, times)
        screen = asyncio.create_task(_watch(client, times, clicks))
        background = asyncio.create_task(asyncio.to_thread(run, load))
        await asyncio.sleep(WARM_UP_S)
        for number in range(clicks):
            began = time.monotonic()
            command = await _open(client, f"door-{number % DOORS + 1}")
            times.clicked[command] = began
            await asyncio.sleep(PAUSE_S)
        report = await background
        await asyncio.wait([screen], timeout=LAST_WITHIN_S)
        screen.cancel()
        await asyncio.wait([screen])
    return times, report


def _door(name: str, times: Times, ledger: Ledger) -> Door:
    clock = Clock(time.monotonic, time.time_ns() // 1_000_000, time.monotonic())
    controller = GateController(
        name, clock=clock, ledger=ledger, put=lambda _: None, admits=lambda _: None
    )
    return Door(controller, times.freed)


def _edge(
    folder: Path,
    hub: HubProcess,
    broker: str,
    port: int,
    server: GateServer,
    tokens: dict[str, str],
) -> Path:
    text = [
        f'site = "{SITE}"\nagent = "{PROBE}"\ndata = "edge"\nhub_key = "{hub.key}"',
        f'[mqtt]\nurl = "{broker}"\n[http]\nlisten = "127.0.0.1:{port}"',
        '[[driver]]\ntype = "http-gate"',
    ]
    text += [
        f'[[driver.device]]\nid = "{door}"\ntoken = "{token}"\ncontroller = "{server.url(door)}"'
        for door, token in tokens.items()
    ]
    config = folder / "edge.toml"
    config.write_text("\n".join(text) + "\n", encoding="utf-8")
    return config


async def _open(client: HubClient, door: str) -> str:
    wish = {"action": "open", "reason": "measured"}
    sent = await client.post(f"/api/sites/{SITE}/devices/{door}/commands", wish)
    return str(sent["id"])


async def _until_it_obeys(client: HubClient, times: Times) -> None:
    """The hub has to know one of the agent's nonces first."""
    async with asyncio.timeout(READY_WITHIN_S):
        while not times.freed:
            with suppress(HubError):  # it does not yet
                await _open(client, "door-1")
            await asyncio.sleep(1.0)


async def _watch(client: HubClient, times: Times, clicks: int) -> None:
    """Note when each command first shows as executed; ends with the last of them."""
    cursor = (await client.snapshot(SITE))["cursor"]
    async for event in client.stream(SITE, after=cursor):
        if event.name == "command" and event.data["body"]["state"] == "executed":
            times.shown.setdefault(event.data["body"]["id"], time.monotonic())
        if len(times.clicked) == clicks and times.clicked.keys() <= times.shown.keys():
            return


def _apart(since: dict[str, float], until: dict[str, float]) -> list[float]:
    return [until[one] - at for one, at in since.items() if one in until]


if __name__ == "__main__":
    main()
