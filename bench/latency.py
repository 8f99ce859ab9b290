"""From a device's speaking to a screen: MQTT publish to server-sent event, under background load.

    python -m bench.latency [--seconds S] [--rate R] [--screens N] [--flood]

`door-denied-repeatedly` is decided by the report itself, so its figure is the line's own latency.
`door-forced` waits by design for a grant that may be on its way (0.5 s, configs/rules/door.toml)
and for the next tick of the rules (every 0.5 s): its figure is what a guard sees. Each door alarms
once.

`--screens` holds so many more live streams open. `--flood` lets no window hold the background up:
it sends what it can, and the broker drops what the hub cannot take (agents would send it again).
"""

import argparse
import asyncio
import secrets
import time
from contextlib import AsyncExitStack
from itertools import count
from typing import Final

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from bench.report import emit
from bench.screens import open_screens
from bench.stand import PROBE, broker_and_hub
from bench.usage import Usage
from simulators.hubclient import HubClient
from simulators.load import SITE, Load, LoadReport, run
from simulators.processes import HubProcess
from simulators.scorecard import percentile
from wire import ContentType, Envelope, Header, Lane, Observation, SignalValue, topics
from wire.observation import encode_observations

AGENTS: Final = 50
DOORS_PER_S: Final = 20
WARM_UP_S: Final = 4.0
"""The generator's processes start, connect, and load the hub before the first door is measured."""

LAST_WITHIN_S: Final = 10.0
WINDOW: Final = 900
"""Messages of each generator process that may wait, as with real agents."""

TRIES: Final = 5
CONDITIONS: Final = ("door-denied-repeatedly", "door-forced")


class Probe:
    """An agent whose doors alarm when told to. spoke: door -> monotonic s of its publishing."""

    def __init__(self, port: int) -> None:
        self.spoke: dict[str, float] = {}
        self._boot = secrets.token_hex(8)
        self._seqs = count(1)
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, "bench-probe")
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()

    def close(self) -> None:
        """Disconnect."""
        self._client.disconnect()
        self._client.loop_stop()

    def alarm(self, door: str, condition: str) -> None:
        """Publish one envelope that must raise `condition`."""
        self.spoke[door] = time.monotonic()
        if condition == "door-forced":
            self.say(door, "opened")
        else:
            self.say(door, "denied", TRIES)

    def say(self, door: str, event: str, times: int = 1, **more: SignalValue) -> None:
        """Publish one envelope in which a door tells of this, so many times. more: its signals."""
        now = time.time_ns() // 1_000_000
        signals: dict[str, SignalValue] = {"event": event, **more}
        said = Observation(device=door, kind="gate", at=now, seen=now, signals=signals)
        body = encode_observations([said] * times)
        header = Header(
            boot=self._boot,
            lane=Lane.EVENT,
            seq=next(self._seqs),
            floor=1,
            sent_at=now,
            type=ContentType.OBSERVATIONS,
        )
        self._client.publish(
            topics.up(SITE, PROBE, Lane.EVENT), Envelope(header, body).encode(), qos=1
        )


def main() -> None:
    """Print a line for each condition."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=12.0, help="in which doors alarm")
    parser.add_argument("--rate", type=float, default=1000.0, help="background messages per second")
    parser.add_argument("--screens", type=int, default=0, help="live streams besides the measured")
    parser.add_argument("--flood", action="store_true", help="no window holds the load up")
    wish = parser.parse_args()
    doors = round(wish.seconds * DOORS_PER_S)
    case = f"{wish.rate:.0f}/s" + (f", {wish.screens} streams" if wish.screens else "")
    with broker_and_hub(AGENTS, doors=doors) as (broker, hub):
        load = Load(
            AGENTS,
            wish.rate,
            wish.seconds + WARM_UP_S + 2.0,
            broker.url,
            window=None if wish.flood else WINDOW,
            wait_s=2.0 if wish.flood else 30.0,
        )
        spoke, seen, background = asyncio.run(_measure(hub, broker.port, load, doors, wish.screens))
        usage = Usage.of(hub.pid)
    if wish.flood:
        case = f"flood, {case}"
    for condition in CONDITIONS:
        mine = [door for door in spoke if _condition(door) == condition]
        emit(
            "latency",
            f"{condition}, {case}",
            alarms=len(mine),
            seen=sum(door in seen for door in mine),
            latency_s=figures([seen[door] - spoke[door] for door in mine if door in seen]),
            background_rate=background["rate"],
            background_sent=background["sent"],
            background_acked=background["acked"],
            hub_rss_mb=usage.rss_mb,
            hub_peak_mb=usage.peak_mb,
            background_ack_latency_s=background["ack_latency_s"],
            seconds=wish.seconds,
        )


async def _measure(
    hub: HubProcess, port: int, load: Load, doors: int, screens: int
) -> tuple[dict[str, float], dict[str, float], LoadReport]:
    """When each door spoke, when its alert was seen (monotonic s), and the background's report."""
    if hub.login is None:
        raise RuntimeError("the hub showed no first login")
    name, password = hub.login
    seen: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(HubClient(hub.url, name=name, password=password))
        probe = Probe(port)
        stack.callback(probe.close)
        await stack.enter_async_context(open_screens(hub.url, client, SITE, screens))
        screen = asyncio.create_task(watch_alerts(client, seen, doors))
        background = asyncio.create_task(asyncio.to_thread(run, load))
        await asyncio.sleep(WARM_UP_S)
        for number in range(1, doors + 1):
            door = f"door-{number}"
            probe.alarm(door, _condition(door))
            await asyncio.sleep(1 / DOORS_PER_S)
        await asyncio.wait([screen], timeout=LAST_WITHIN_S)
        report = await background
        screen.cancel()
        await asyncio.wait([screen])
    return probe.spoke, seen, report


async def watch_alerts(client: HubClient, seen: dict[str, float], doors: int) -> None:
    """Note when each door's alert first shows; ends with the last of them."""
    cursor = (await client.snapshot(SITE))["cursor"]
    async for event in client.stream(SITE, after=cursor):
        if event.name == "alert":
            seen.setdefault(event.data["body"]["device"], time.monotonic())
        if len(seen) == doors:
            return


def _condition(door: str) -> str:
    return CONDITIONS[int(door.rpartition("-")[2]) % len(CONDITIONS)]


def figures(latencies: list[float]) -> dict[str, float | None]:
    """Their median, their 99th percentile, and the slowest, s."""
    ordered = sorted(latencies)
    return {
        f"p{share}": round(percentile(ordered, share), 4) if ordered else None
        for share in (50, 99, 100)
    }


if __name__ == "__main__":
    main()
