"""Elevators on a simulated estate: wired for a real agent, moved by a scenario."""

import asyncio
import time
from pathlib import Path

import pytest

from edge.config import EdgeConfig
from simulators.errors import ConfigError, SimulatorError
from simulators.estate import Elevators, Estate
from simulators.ledger import Ledger
from simulators.scenario import Scenario, check
from simulators.site import Site
from tests.simulators.cabin_pictures import draw_cabins
from wire import Clock, Text

pytestmark = pytest.mark.socket

MESSAGE = Path(__file__).parents[2] / "configs" / "voice" / "ebike-turn-back.toml"
NAME = Text(zh="梯", en="Lift")


@pytest.fixture
def clock():
    return Clock(time.monotonic, 1_800_000_000_000, time.monotonic(), 20.0)


@pytest.fixture
def site():
    cars = [
        {"id": name, "kind": "elevator-camera", "name": NAME, "place": NAME}
        for name in ("lift-1", "lift-2", "lift-3")
    ]
    return Site.model_validate(
        {"id": "court", "name": NAME, "agent": [{"id": "a", "device": cars}]}
    )


def scenario(*steps):
    life = {"trips_per_hour": 0, "cars_per_hour": 0, "rides_per_hour": 0}
    table = {"name": "x", "site": "court", "duration_s": 60, "life": life, "step": steps}
    return Scenario.model_validate(table)


@pytest.fixture
def elevators(tmp_path):
    return Elevators(draw_cabins(tmp_path / "scenes", cabins=("s01", "s02")), MESSAGE)


async def test_an_agent_can_be_configured_from_the_wiring(tmp_path, site, clock, elevators):
    async with Estate(
        site, scenario(), clock=clock, ledger=Ledger(), elevators=elevators
    ) as estate:
        tables = estate.edge_wiring(tmp_path)["a"]
        config = EdgeConfig.model_validate(
            {
                "site": "court",
                "agent": "a",
                "data": tmp_path,
                "mqtt": {"url": "mqtt://127.0.0.1"},
                "driver": tables,
            }
        )
    (driver,) = config.driver
    assert driver.type == "elevator-car"
    assert [one.contacts.unit_id for one in driver.device] == [1, 2, 3]
    assert len({one.speaker.token_file.read_text() for one in driver.device}) == 3


async def test_steps_let_bikes_and_harmless_things_ride(site, clock, elevators):
    steps = (
        {"do": "ebike-enters", "at_s": 1, "car": "lift-1", "floor": 2},
        {"do": "ebike-rides", "at_s": 1, "car": "lift-2", "floor": 2},
        {"do": "harmless-ride", "at_s": 1, "car": "lift-3", "subject": "stroller", "floor": 2},
    )
    ledger = Ledger()
    async with Estate(
        site, scenario(*steps), clock=clock, ledger=ledger, elevators=elevators
    ) as estate:
        running = asyncio.create_task(estate.run(40.0))
        async with asyncio.timeout(45):
            while len(ledger.truths) < 2:  # noqa: ASYNC110  a ledger tells no event
                await asyncio.sleep(0.01)
        await running
    assert {(one.kind, one.device) for one in ledger.truths} == {
        ("ebike-in-elevator", "lift-1"),
        ("ebike-in-elevator", "lift-2"),
    }


def test_elevators_without_pictures_are_refused(site, clock):
    with pytest.raises(SimulatorError, match="pictures"):
        Estate(site, scenario(), clock=clock, ledger=Ledger())


def test_a_step_in_a_car_that_is_not_there_is_refused(site):
    with pytest.raises(ConfigError, match="car"):
        check(scenario({"do": "ebike-rides", "car": "lift-9"}), site)
