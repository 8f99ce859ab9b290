"""Whole days on the estate, in a loop whose time jumps to whatever is due next."""

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from simulators import scenario, site
from simulators.elevator.scenes import CabinScenes
from simulators.ledger import Ledger
from simulators.scorecard import SCORED
from simulators.world import World
from tests.simulators.cabin_pictures import SHIPPED
from wire import Clock

pytestmark = pytest.mark.socket  # an event loop has a pair of its own

CONFIGS = Path(__file__).parents[2] / "configs"
MIDNIGHT = 1_699_977_600_000  # 00:00 on an estate at UTC+8
HOUR_S = 3600.0


class JumpingLoop(asyncio.SelectorEventLoop):
    """Nothing here waits for anything but time, so time need not be waited for."""

    def __init__(self):
        super().__init__()
        self.seconds = 0.0

    def time(self):
        return self.seconds

    def _run_once(self):
        if not self._ready and self._scheduled:
            self.seconds = max(self.seconds, self._scheduled[0].when())
        super()._run_once()


def lived(name, *, hours, seed=None, from_hour=0.0, watch_every_s=1.0):
    """The ledger, and all (gate, record), of so many hours."""
    loop = JumpingLoop()
    records = []
    loaded = scenario.load(CONFIGS / "scenarios" / f"{name}.toml")
    place = site.load(CONFIGS / "sites" / f"{loaded.site}.toml")
    with Ledger(read=loop.time) as ledger:
        world = World(
            place,
            loaded,
            seed=loaded.seed if seed is None else seed,
            clock=Clock(loop.time, MIDNIGHT + round(from_hour * HOUR_S * 1000), 0.0),
            ledger=ledger,
            put=lambda gate, record: records.append((gate, record)),
            cabins=CabinScenes(SHIPPED.scenes),
        )

        async def live():
            with suppress(TimeoutError):
                async with asyncio.timeout(hours * HOUR_S), asyncio.TaskGroup() as group:
                    group.create_task(world.live())
                    group.create_task(world.keep_watch(every_s=watch_every_s))
                    group.create_task(world.report_states())

        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(live())
    return ledger, records


@pytest.mark.parametrize("seed", [7, 8])
def test_whole_quiet_day_has_no_truth(seed):
    ledger, records = lived("quiet-day", hours=24, seed=seed, watch_every_s=5.0)
    assert ledger.truths == []
    events = Counter(one["event"] for name, one in records if not name.startswith("barrier"))
    assert events["granted"] > 300
    assert events["exit-button"] > 300
    assert 5 < events["denied"] < 50
    assert events["opened"] == events["closed"]
    cars = Counter(one["event"] for name, one in records if name.startswith("barrier"))
    assert cars["passed"] > 150
    assert 0 <= cars["opened"] - cars["closed"] <= 2
    assert 3 < cars["manual-open"] < cars["passed"] / 5


def test_signs_of_life_of_every_gate_come_at_least_every_30_s():
    _, records = lived("quiet-day", hours=1)
    for gate in {gate for gate, _ in records}:
        times = [one["time"] for name, one in records if name == gate and one["event"] == "state"]
        assert all(later - earlier <= 30_000 for earlier, later in pairwise(times))


def test_demo_goes_on_with_incidents_of_every_sort_on_changing_devices():
    ledger, records = lived("demo", hours=6, from_hour=10)
    kinds = Counter(one.kind for one in ledger.truths)
    seen_by_cameras = ("camera", "ebike", "falling", "drifting")
    assert min(kinds[kind] for kind in SCORED if not kind.startswith(seen_by_cameras)) >= 4
    assert kinds["falling-object"] + kinds["drifting-object"] >= 4
    for kind in kinds:
        if kind.startswith(seen_by_cameras):  # there is one of each
            continue
        most = 2 if kind in {"barrier-struck", "tailgating"} else 3
        assert len({one.device for one in ledger.truths if one.kind == kind}) >= most
    assert Counter(record["event"] for _, record in records)["denied"] > 20


def test_first_minute_of_the_demo_is_the_same_with_any_seed():
    for seed in range(5):
        ledger, _ = lived("demo", hours=1 / 60, from_hour=12, seed=seed)
        assert sorted((one.kind, one.device) for one in ledger.truths) == [
            ("barrier-struck", "barrier-out"),
            ("camera-blind", "cam-b2-south"),
            ("door-denied-repeatedly", "gate-west"),
            ("door-forced", "door-b1"),
            ("door-held-open", "gate-garage"),
            ("ebike-in-elevator", "lift-b1"),
            ("falling-object", "cam-b2-south"),
            ("pressure-low", "fw-b2-top"),
            ("tailgating", "barrier-in"),
        ]


def test_forced_door_was_not_used_shortly_before():
    ledger, records = lived("demo", hours=3, from_hour=7)
    for truth in ledger.truths:
        if truth.kind != "door-forced":
            continue
        allowed = [
            one["time"]
            for gate, one in records
            if gate == truth.device and one["event"] in {"granted", "exit-button"}
        ]
        assert all(truth.at - time > 10_000 for time in allowed if time <= truth.at)


def test_same_seed_gives_the_same_day_to_the_millisecond():
    assert lived("demo", hours=1, from_hour=8)[1] == lived("demo", hours=1, from_hour=8)[1]
    other = lived("demo", hours=1, from_hour=8, seed=99)[1]
    assert lived("demo", hours=1, from_hour=8)[1] != other
