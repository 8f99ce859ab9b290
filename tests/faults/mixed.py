"""An hour of everything that goes wrong at once: kills, stops, and a network that misbehaves."""

import asyncio
import random
import signal
from collections import Counter
from dataclasses import dataclass

from tests.faults.proxy import FaultProxy
from tests.faults.shaken import Plan, Town

PAUSE_S = (0.3, 2.5)
LASTS_S = (0.3, 6.0)

NETWORK = {
    "latency": {"latency_s": 0.3, "jitter_s": 0.3},
    "bandwidth": {"bandwidth": 8_000},
    "blackhole": {"blackhole": True},
    "half-open": {"half_open": True},
    "slicer": {"slicer": 11},
    "slow-close": {"slow_close_s": 1.0},
    "limit-data": {"limit_data": 4_000},
}
STOPPED = ("hub", "gates", "water")


@dataclass(frozen=True, slots=True)
class Mixed:
    """Trouble for `seconds`; `proxy` stands between agents and broker."""

    proxy: FaultProxy
    seconds: float

    async def __call__(self, town: Town, draw: random.Random) -> Counter[str]:
        done: Counter[str] = Counter()
        loop = asyncio.get_running_loop()
        until = loop.time() + self.seconds
        while loop.time() < until:
            kind = draw.choice(["kill", "kill all", "stop", "reset", "unplug", *NETWORK])
            done[kind] += 1
            await self._do(kind, town, draw)
            self.proxy.heal()
            await asyncio.sleep(draw.uniform(*PAUSE_S))
        return done

    async def _do(self, kind: str, town: Town, draw: random.Random) -> None:
        lasts = draw.uniform(*LASTS_S)
        if kind in NETWORK:
            self.proxy.poison(**NETWORK[kind])
            await asyncio.sleep(lasts)
        elif kind == "kill":
            await town.kill(Plan(1), draw)
        elif kind == "kill all":
            await town.kill(Plan(1, together=True), draw)
        elif kind == "reset":
            self.proxy.reset_peer()
        elif kind == "unplug":
            self.proxy.enabled = False
            await asyncio.sleep(lasts)
            self.proxy.enabled = True
        else:
            process = town.processes[draw.choice(STOPPED)]._process
            process.send_signal(signal.SIGSTOP)
            await asyncio.sleep(lasts)
            process.send_signal(signal.SIGCONT)
