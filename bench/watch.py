"""From a passage to the alarm that somebody is watched for: MQTT publish to server-sent event.

    python -m bench.watch [--seconds S] [--rate R] [--entries N]

One person asks for the entries of the watchlist, another approves them; then one of those who are
watched for passes a door, ten times a second, each door once, under the background load of
`bench.latency`.
"""

import argparse
import asyncio
import time
from contextlib import AsyncExitStack
from typing import Final

from bench.latency import AGENTS, LAST_WITHIN_S, WARM_UP_S, WINDOW, Probe, figures, watch_alerts
from bench.report import emit
from bench.stand import broker_and_hub
from simulators.hubclient import HubClient
from simulators.load import SITE, Load, LoadReport, run
from simulators.processes import HubProcess

PASSAGES_PER_S: Final = 10
DAY_MS: Final = 24 * 3_600_000


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0, help="in which they pass")
    parser.add_argument("--rate", type=float, default=1000.0, help="background messages per second")
    parser.add_argument("--entries", type=int, default=20, help="people on the watchlist")
    wish = parser.parse_args()
    doors = round(wish.seconds * PASSAGES_PER_S)
    with broker_and_hub(AGENTS, doors=doors) as (broker, hub):
        load = Load(AGENTS, wish.rate, wish.seconds + WARM_UP_S + 2.0, broker.url, window=WINDOW)
        spoke, seen, background = asyncio.run(_measure(hub, broker.port, load, doors, wish.entries))
    emit(
        "watch",
        f"watchlist hit, {wish.rate:.0f}/s",
        hits=len(spoke),
        seen=sum(door in seen for door in spoke),
        latency_s=figures([seen[door] - at for door, at in spoke.items() if door in seen]),
        entries=wish.entries,
        background_rate=background["rate"],
        seconds=wish.seconds,
    )


async def _measure(
    hub: HubProcess, port: int, load: Load, doors: int, entries: int
) -> tuple[dict[str, float], dict[str, float], LoadReport]:
    """When each door spoke, when its alert was seen (monotonic s), and the background's report."""
    if hub.login is None:
        raise RuntimeError("the hub showed no first login")
    name, password = hub.login
    seen: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(HubClient(hub.url, name=name, password=password))
        await _watch_for(hub.url, client, entries)
        probe = Probe(port)
        stack.callback(probe.close)
        screen = asyncio.create_task(watch_alerts(client, seen, doors))
        background = asyncio.create_task(asyncio.to_thread(run, load))
        await asyncio.sleep(WARM_UP_S)
        for number in range(1, doors + 1):
            door = f"door-{number}"
            probe.spoke[door] = time.monotonic()
            probe.say(door, "granted", credential=_card(number % entries))
            await asyncio.sleep(1 / PASSAGES_PER_S)
        await asyncio.wait([screen], timeout=LAST_WITHIN_S)
        report = await background
        screen.cancel()
        await asyncio.wait([screen])
    return probe.spoke, seen, report


async def _watch_for(url: str, asks: HubClient, entries: int) -> None:
    """Put them on the list, as two people do."""
    account = {"name": "second", "role": "admin", "sites": ["*"]}
    password = (await asks.post("/api/users", account))["password"]
    path, until = f"/api/sites/{SITE}/watchlist", time.time_ns() // 1_000_000 + DAY_MS
    async with HubClient(url, name="second", password=password) as approves:
        for number in range(entries):
            entry = await asks.post(
                path,
                {
                    "sort": "credential",
                    "value": _card(number),
                    "reason": "measured",
                    "until": until,
                },
            )
            await approves.post(f"{path}/{entry['id']}/actions/approve", {})


def _card(number: int) -> str:
    return f"card-{number:08d}"


if __name__ == "__main__":
    main()
