"""The long run: `make soak ARGS="--kills 300 --power 50 --minutes 60"`.

Each round is one JSON line with its seed, commit and machine, appended to `--out`; `python -m
tests.faults.report` writes docs/reliability.md from such lines. Ends with 1 when a round found a
fault. A round of kills is cut into runs of `PER_RUN`, so that the judge reads a bounded store.
"""

import argparse
import asyncio
import json
import logging
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from bench.report import commit, machine
from simulators.mosquitto import Mosquitto
from tests.faults.endurance import overload, restart, week_offline
from tests.faults.mixed import Mixed
from tests.faults.nursery import Nursery
from tests.faults.partition import overtake, slow_line
from tests.faults.power import NoPowerDiskError, PowerDisk
from tests.faults.proxy import FaultProxy
from tests.faults.reconnect import reconnect
from tests.faults.shaken import Outcome, Plan, live_through, shake

PER_RUN = 60
MIXED_RUN_S = 600.0
FIGURES = Path(__file__).parents[2] / "docs" / "reliability.jsonl"

VICTIMS = {
    "hub": Plan(0, ("hub",)),
    "broker": Plan(0, ("broker",)),
    "agent": Plan(0, ("gates", "water")),
    "all": Plan(0, ("hub", "broker", "gates", "water"), together=True, every_s=(1.0, 4.0)),
}
MEASURES = {
    "restart": restart,
    "partition": overtake,
    "slow line": slow_line,
    "week offline": week_offline,
    "overload": overload,
    "reconnect": reconnect,
}
POWER = Plan(0, ("power",), every_s=(1.0, 4.0))


class Soak:
    """One run of the whole. emit: takes each round's figures."""

    def __init__(self, nursery: Nursery, emit: Callable[..., None]) -> None:
        self._nursery = nursery
        self._emit = emit
        self.failed = False

    async def kills(self, victim: str, count: int) -> None:
        await self._rounds("kills", victim, VICTIMS[victim], count)

    async def power(self, count: int) -> None:
        await self._rounds("power", "power", POWER, count)

    async def mixed(self, minutes: float) -> None:
        total, began = _Total(), time.monotonic()
        while (left := minutes * 60 - (time.monotonic() - began)) > 1:
            seed = secrets.token_hex(4)
            with _stand() as (folder, broker):
                async with FaultProxy(broker.port, seed=seed) as proxy:
                    trouble = Mixed(proxy, min(left, MIXED_RUN_S))
                    url = f"mqtt://127.0.0.1:{proxy.port}"
                    outcome = await live_through(
                        trouble, folder, broker, self._nursery.spawn, seed, broker_url=url
                    )
            total.add(outcome, seed)
        self._tell("mixed", "all", total, minutes=round((time.monotonic() - began) / 60, 1))

    async def measure(self, name: str, what: Callable[..., Awaitable[dict[str, Any]]]) -> None:
        with _stand() as (folder, broker):
            figures = await what(folder, broker, self._nursery)
        self.failed |= bool(figures.get("faults"))
        self._emit(round=name, **figures)

    async def _rounds(self, kind: str, victim: str, plan: Plan, count: int) -> None:
        total, began = _Total(), time.monotonic()
        while (left := count - total.killed.total()) > 0:
            seed = secrets.token_hex(4)
            now = Plan(min(left, PER_RUN), plan.victims, plan.together, plan.every_s, plan.down_s)
            with _stand() as (folder, broker):
                if kind == "power":
                    with PowerDisk(folder, mib=256) as disk:
                        outcome = await shake(
                            folder, broker, self._nursery.spawn, seed, now, disk=disk
                        )
                else:
                    outcome = await shake(folder, broker, self._nursery.spawn, seed, now)
            total.add(outcome, seed)
        self._tell(kind, victim, total, seconds=round(time.monotonic() - began))

    def _tell(self, kind: str, victim: str, total: "_Total", **figures: Any) -> None:
        self.failed |= bool(total.faults)
        self._emit(
            round=kind,
            victim=victim,
            kills=total.killed.total(),
            by_kind=dict(total.killed),
            records=total.records,
            alarms=total.alarms,
            faults=total.faults,
            seeds=total.seeds,
            **figures,
        )


class _Total:
    def __init__(self) -> None:
        self.killed: Counter[str] = Counter()
        self.records = self.alarms = 0
        self.faults: dict[str, Any] = {}
        self.seeds: list[str] = []

    def add(self, outcome: Outcome, seed: str) -> None:
        self.killed += outcome.killed
        self.records += outcome.records
        self.alarms += outcome.alarms
        self.seeds.append(seed)
        if outcome.faults:
            self.faults[seed] = {name: str(found)[:400] for name, found in outcome.faults.items()}


@contextmanager
def _stand() -> Iterator[tuple[Path, Mosquitto]]:
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        with Mosquitto(folder) as broker:
            yield folder, broker


async def run(wish: argparse.Namespace) -> bool:
    """Whether nothing was found."""
    command = "make soak" + (f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else "")
    about = {"command": command, "commit": commit()}

    def emit(**figures: Any) -> None:
        stamp = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime())
        line = json.dumps({"date": stamp, **about, "machine": machine(), **figures})
        print(line, flush=True)  # noqa: T201 - a program that prints JSON lines
        with wish.out.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    with Nursery() as nursery:
        soak = Soak(nursery, emit)
        for name, what in MEASURES.items():
            if wish.measure in {name, "all"}:
                await soak.measure(name, what)
        for victim in VICTIMS if wish.kills else ():
            await soak.kills(victim, wish.kills)
        if wish.power:
            try:
                await soak.power(wish.power)
            except NoPowerDiskError as error:
                emit(round="power", victim="power", kills=0, skipped=str(error))
        if wish.minutes:
            await soak.mixed(wish.minutes)
    return not soak.failed


def main() -> None:
    """Parse, run, and say by the exit code whether anything was lost."""
    ask = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    ask.add_argument("--kills", type=int, default=300, help="of hub, broker, agent, and all three")
    ask.add_argument("--power", type=int, default=50, help="power losses (root)")
    ask.add_argument("--minutes", type=float, default=60.0, help="of mixed faults")
    ask.add_argument("--measure", choices=[*MEASURES, "all", "none"], default="all")
    ask.add_argument("--out", type=Path, default=FIGURES, help="JSON lines are appended here")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sys.exit(0 if asyncio.run(run(ask.parse_args())) else 1)


if __name__ == "__main__":
    main()
