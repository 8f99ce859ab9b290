"""A building's devices send 10,000 events in a minute, and twenty P0 happen among them.

    python -m bench.storm [--seconds S]

Real time; the hub's inside with its ticks and its database, no broker in between (`bench.latency`
has one). Printed: how long each P0 took from its first reading below the limit until a reader of
the database sees it (the alarm's own on-delay of 1 s included), and how much else was told.
"""

import argparse
import asyncio
import random
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, select

from bench.report import emit
from bench.storm_site import AGENTS, EVENTS, GATES, SENSORS, site_file
from hub.app.composition import wall_clock
from hub.app.estate import read_estate
from hub.app.line import Line, open_line
from hub.config import load_hub
from hub.pipeline import Incoming, StreamAck, read
from hub.store.schema import alert, annunciation, observation
from hub.store.secrets import load_secrets
from wire import ContentType, Envelope, Header, Lane, Observation, SignalValue, topics
from wire.observation import encode_observations

CONFIGS: Final = Path(__file__).parents[1] / "configs"
PERIOD_S: Final = 0.1
WATER_EVERY: Final = 5
"""Periods between two reports of the sensors: 0.5 s."""

LOW_MPA: Final = 0.01
GOOD_MPA: Final = 0.3
WORDS: Final = {"state": 28, "opened": 3, "closed": 1}
"""What gates say, and how often: mostly that nothing has changed."""

LOOK_S: Final = 0.05
BOOT: Final = "00000000000000aa"


class Storm:
    """Everything that is said; `fell` is when each sensor's first low reading was handed in, ms."""

    def __init__(self, line: Line, seconds: float) -> None:
        self._line = line
        self._seconds = seconds
        self._rng = random.Random(20)
        self._seqs = {f"floor-{number}": count(1) for number in range(AGENTS)} | {"water": count(1)}
        self._falls = [self._rng.uniform(0.1, 0.8) * seconds for _ in range(SENSORS)]
        self.fell: dict[str, int] = {}
        self.seen: dict[str, int] = {}

    async def run(self) -> None:
        """Say it all, then wait for the last P0 to be shown, 10 s at most."""
        watching = asyncio.create_task(self._watch())
        started = time.monotonic()
        steps = round(self._seconds / PERIOD_S)
        noise = EVENTS - SENSORS * len(range(0, steps, WATER_EVERY))
        taken: list[asyncio.Future[list[StreamAck]]] = []
        for step in range(steps):
            now = self._line.clock.now()
            if step % WATER_EVERY == 0:
                taken.append(self._hand([self._water(step * PERIOD_S, now)], now))
            said = self._doors(noise * (step + 1) // steps - noise * step // steps, now)
            taken.append(self._hand(said, now))
            await asyncio.sleep(max(0.0, started + (step + 1) * PERIOD_S - time.monotonic()))
        await asyncio.gather(*taken)
        for _ in range(round(10 / LOOK_S)):
            if len(self.seen) == SENSORS:
                break
            await asyncio.sleep(LOOK_S)
        watching.cancel()

    def _hand(self, messages: list[Incoming], now: int) -> "asyncio.Future[list[StreamAck]]":
        return asyncio.wrap_future(self._line.pipeline.handle(messages, now))

    def _doors(self, events: int, now: int) -> list[Incoming]:
        said: dict[str, list[Observation]] = {}
        for _ in range(events):
            number = self._rng.randrange(GATES)
            event = self._rng.choices(list(WORDS), list(WORDS.values()))[0]
            one = _said(f"gate-{number}", "gate", now, event=event, open=event == "opened")
            said.setdefault(f"floor-{number % AGENTS}", []).append(one)
        return [self._message(agent, Lane.EVENT, each, now) for agent, each in said.items()]

    def _water(self, at_s: float, now: int) -> Incoming:
        said = []
        for number, falls in enumerate(self._falls):
            if at_s >= falls:
                self.fell.setdefault(f"fw-{number}", now)
            value = LOW_MPA if at_s >= falls else GOOD_MPA
            said.append(_said(f"fw-{number}", "water-pressure", now, pressure=value))
        return self._message("water", Lane.LIFE, said, now)

    def _message(self, agent: str, lane: Lane, said: list[Observation], now: int) -> Incoming:
        header = Header(
            boot=BOOT,
            lane=lane,
            seq=next(self._seqs[agent]),
            floor=1,
            sent_at=now,
            type=ContentType.OBSERVATIONS,
        )
        payload = Envelope(header, encode_observations(said)).encode()
        return read(topics.up("court", agent, lane), payload, now)

    async def _watch(self) -> None:
        reader = self._line.store.reader
        while True:
            for device in await asyncio.to_thread(_shown, reader):
                self.seen.setdefault(device, self._line.clock.now())
            await asyncio.sleep(LOOK_S)


def _said(device: str, kind: str, now: int, **signals: SignalValue) -> Observation:
    return Observation(device=device, kind=kind, at=now, seen=now, signals=signals)


def _shown(reader: Engine) -> list[str]:
    query = select(alert.c.device).where(
        alert.c.condition == "pressure-low", alert.c.annunciation == "alone"
    )
    with reader.connect() as connection:
        return [*connection.scalars(query)]


async def measure(seconds: float) -> dict[str, object]:
    """Run the storm; its figures."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        (folder / "site.toml").write_text(site_file(), encoding="utf-8")
        config_file = folder / "hub.toml"
        config_file.write_text(
            'data = "hub"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1883"\n',
            encoding="utf-8",
        )
        config = load_hub(config_file, shipped=CONFIGS)
        keys = load_secrets(config.data / "secrets")
        async with open_line(config, read_estate(config), keys, wall_clock()) as line:
            storm = Storm(line, seconds)
            await storm.run()
            took = sorted(storm.seen[name] - at for name, at in storm.fell.items())
            with line.store.reader.connect() as reader:
                told = reader.scalar(select(func.count()).select_from(annunciation))
                sounds = reader.scalar(
                    select(func.count()).where(annunciation.c.rationed.is_(True))
                )
                stored = reader.scalar(select(func.count()).select_from(observation))
                alarms = reader.scalar(select(func.count()).select_from(alert))
    return {
        "events_stored": stored,
        "p0_shown": len(took),
        "p0_of": SENSORS,
        "p0_median_ms": took[len(took) // 2],
        "p0_p99_ms": took[-1],
        "other_sounds": sounds,
        "alarms_told": told,
        "alerts": alarms,
    }


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60.0)
    seconds = parser.parse_args().seconds
    figures = asyncio.run(measure(seconds))
    emit("storm", f"{EVENTS} events in {seconds:g} s", **figures)


if __name__ == "__main__":
    main()
