"""Events that are injected into a living estate, in a loop whose time jumps to what is due next."""

import asyncio
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pytest

from simulators import scenario, site
from simulators.elevator.scenes import CabinScenes
from simulators.errors import SimulatorError
from simulators.fasttime import run_fast
from simulators.injectable import places
from simulators.injectables import INJECTABLES
from simulators.ledger import Ledger
from simulators.world import World
from tests.simulators.cabin_pictures import SHIPPED
from wire import Clock

pytestmark = pytest.mark.socket  # an event loop has a pair of its own

CONFIGS = Path(__file__).parents[2] / "configs"
NOON = 1_700_020_800_000  # 12:00 on an estate at UTC+8
JINXIU = site.load(CONFIGS / "sites" / "jinxiu.toml")
BY_ID = {one.id: one for one in INJECTABLES}
SCORED_BY_THEMSELVES = ["force-door", "prop-door", "deny", "strike-barrier", "tailgate", "silence"]
"""Those whose truth needs no camera's real time."""


def loaded(name):
    return scenario.load(CONFIGS / "scenarios" / f"{name}.toml")


def steps(event, device=None, **options):
    injectable = BY_ID[event]
    where = places(JINXIU, injectable.place)
    return injectable.steps(JINXIU, where[device or min(where)], options)


def lived(act, *, playing="quiet-day", for_s=400.0):
    """The ledger and all (device, record) of an estate to which `act(world)` is done at once."""
    records = []

    async def living():
        loop = asyncio.get_running_loop()
        with Ledger(read=loop.time) as ledger:
            world = World(
                JINXIU,
                loaded(playing),
                seed=3,
                clock=Clock(loop.time, NOON, 0.0),
                ledger=ledger,
                put=lambda device, record: records.append((device, record)),
                cabins=CabinScenes(SHIPPED.scenes),
            )
            with suppress(TimeoutError):
                async with asyncio.timeout(for_s), asyncio.TaskGroup() as group:
                    group.create_task(world.live())
                    group.create_task(world.keep_watch(every_s=0.5))
                    group.create_task(world.report_states())
                    await asyncio.sleep(60)
                    act(world)
            return ledger

    return run_fast(living()), records


def inject(event, device=None, **options):
    return lambda world: world.inject(steps(event, device, **options)[0][0], lambda: None)


@pytest.mark.parametrize("injectable", INJECTABLES, ids=lambda one: one.id)
def test_everything_can_happen_wherever_it_is_offered_with_its_usual_options(injectable):
    where = places(JINXIU, injectable.place)
    assert where
    for device in where.values():
        assert injectable.steps(JINXIU, device, {})


@pytest.mark.parametrize(
    ("event", "options"),
    [
        ("force-door", {"open_s": 1e9}),
        ("force-door", {"nothing": 1}),
        ("throw", {"what": "piano"}),
        ("throw", {"floor": "top"}),
        ("deny", {"tries": 1}),
    ],
)
def test_options_that_there_are_not_are_refused(event, options):
    with pytest.raises(SimulatorError):
        steps(event, **options)


@pytest.mark.parametrize("event", SCORED_BY_THEMSELVES)
def test_an_injected_event_becomes_one_truth_at_its_device(event):
    ledger, _ = lived(inject(event))
    due = {(kind, min(places(JINXIU, BY_ID[event].place))) for kind in BY_ID[event].raises}
    assert {(one.kind, one.device) for one in ledger.truths} == due
    assert len(ledger.truths) == 1


def test_a_forced_door_was_used_by_nobody_shortly_before_and_begins_soon():
    ledger, records = lived(inject("force-door", "gate-east"), playing="demo", for_s=200)
    forced = [
        one for one in ledger.truths if (one.kind, one.device) == ("door-forced", "gate-east")
    ]
    assert len(forced) == 1
    used = [
        record["time"]
        for device, record in records
        if device == "gate-east" and record["event"] in {"granted", "exit-button"}
    ]
    assert all(forced[0].at - one > 5000 for one in used if one < forced[0].at)
    assert forced[0].at - (NOON + 60_000) < 60_000


def test_a_silent_device_says_nothing_until_its_silence_is_over():
    ledger, records = lived(inject("silence", "gate-west", for_s=150))
    times = [record["time"] for device, record in records if device == "gate-west"]
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert max(gaps) == pytest.approx(150_000, abs=100)
    assert sorted(gaps)[-2] <= 30_000
    assert [one.kind for one in ledger.truths] == ["device-silent"]


def test_another_scenario_lets_nothing_more_of_the_first_begin():
    ledger, _ = lived(lambda world: world.play(loaded("quiet-day")), playing="demo", for_s=3600)
    assert ledger.truths
    assert all(one.at < NOON + 120_000 for one in ledger.truths)


def test_nothing_is_injected_into_an_estate_that_does_not_live():
    async def stillborn():
        with Ledger() as ledger:
            world = World(
                JINXIU,
                loaded("quiet-day"),
                seed=1,
                clock=Clock(asyncio.get_running_loop().time, NOON, 0.0),
                ledger=ledger,
                put=lambda *_: None,
                cabins=CabinScenes(SHIPPED.scenes),
            )
            with pytest.raises(SimulatorError, match="does not live"):
                inject("force-door")(world)

    asyncio.run(stillborn())
