"""A day of an estate of 2,000 households, as fast as the simulator can live it.

    python -m bench.day [--hours H]

People and cars come and go by the hour, controllers give their signs of life every 25 s, each
pressure sensor is read every 10 s, and the ledger looks for what has become true every second.
Nothing is sent: this is what the simulator itself costs.
"""

import argparse
import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bench.report import emit
from simulators.fasttime import run_fast
from simulators.ledger import Ledger
from simulators.scenario import Life, Scenario
from simulators.site import Agent, Building, Device, Site
from simulators.world import World
from wire import Clock, Text

BUILDINGS: Final = 34
HOUSEHOLDS: Final = 2_040
DAY_S: Final = 86_400.0
SAMPLE_S: Final = 10.0
WATCH_S: Final = 1.0
MIDNIGHT: Final = 1_760_025_600_000 - 8 * 3_600_000
"""Of a day in October 2025, local time."""

NAME: Final = Text(zh="测", en="Bench")
LIFE: Final = Life(trips_per_hour=2_000, cars_per_hour=400, rides_per_hour=0)


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--hours", type=float, default=24.0, help="from midnight on")
    emit("day", "2,000 households", **measure(parser.parse_args().hours))


def measure(hours: float) -> dict[str, Any]:
    """Live so many hours; figures. A shorter day's are stretched to a whole one in `day_s`."""
    with TemporaryDirectory() as folder:
        began, cpu = time.perf_counter(), time.process_time()
        counts = run_fast(_live(Path(folder) / "ledger.jsonl", hours * 3600.0))
        took_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return {
        "hours": hours,
        "households": HOUSEHOLDS,
        **counts,
        "seconds": round(took_s, 2),
        "cpu_s": round(cpu_s, 2),
        "day_s": round(took_s * 24 / hours, 2),
        "day_cpu_s": round(cpu_s * 24 / hours, 2),
    }


async def _live(ledger: Path, seconds: float) -> dict[str, int]:
    loop = asyncio.get_running_loop()
    clock = Clock(loop.time, MIDNIGHT, loop.time())
    records = 0
    readings = 0

    def put(_device: str, _record: dict[str, Any]) -> None:
        nonlocal records
        records += 1

    async def sample() -> None:
        nonlocal readings
        while True:
            for sensor in world.water.sensors:
                world.measure(sensor)
                readings += 1
            await asyncio.sleep(SAMPLE_S)

    with Ledger(ledger) as book:
        world = World(estate(), SCENARIO, seed=1, clock=clock, ledger=book, put=put)
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                group.create_task(world.live())
                group.create_task(world.keep_watch(every_s=WATCH_S))
                group.create_task(world.report_states())
                group.create_task(sample())
        except TimeoutError:
            pass  # the day is over
    return {"records": records, "readings": readings}


SCENARIO: Final = Scenario(name="a-day", site="estate", duration_s=DAY_S, life=LIFE)


def estate() -> Site:
    """34 towers of 60 households, each with two doors and two sensors; six gates, four lanes."""
    towers = [f"b{number}" for number in range(1, BUILDINGS + 1)]
    gates = [_device(f"gate-{number}", "gate") for number in range(1, 7)]
    lanes = [
        _device(f"lane-{number}", "barrier", settings={"way": way})
        for number, way in enumerate(("in", "out", "in", "out"), start=1)
    ]
    doors = [_device(f"{one}-door-{side}", "gate", one) for one in towers for side in ("n", "s")]
    sensors = [
        _device(
            f"{one}-water-{place}",
            "water-pressure",
            one,
            {"elevation_m": elevation, "protects_to_m": 75.0},
        )
        for one in towers
        for place, elevation in (("roof", 76.0), ("cellar", -3.0))
    ]
    return Site(
        id="estate",
        name=NAME,
        building=tuple(Building(id=one, name=NAME, floors=26) for one in towers),
        agent=(Agent(id="all", device=(*gates, *lanes, *doors, *sensors)),),
    )


def _device(
    name: str, kind: str, building: str | None = None, settings: dict[str, Any] | None = None
) -> Device:
    return Device(
        id=name, kind=kind, name=NAME, place=NAME, building=building, settings=settings or {}
    )


if __name__ == "__main__":
    main()
