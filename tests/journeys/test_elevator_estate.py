"""A composed estate with an elevator: the shipped model in its child process looks at the car."""

import asyncio
import shutil
from pathlib import Path

import pytest

from gatehouse import composition
from gatehouse.composition import Plan, running_estate
from tests.simulators.cabin_pictures import draw_cabins

pytestmark = [pytest.mark.socket, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SITE = """
id = "court"
name = { zh = "测试院", en = "Test court" }
building_class = "residential-high-rise"

[[agent]]
id = "elevators"
name = { zh = "梯", en = "Lifts" }

[[agent.device]]
id = "lift-b1"
kind = "elevator-camera"
name = { zh = "1号梯", en = "Car 1" }
place = { zh = "1号楼1号梯", en = "Building 1, car 1" }
settings = { cabin = [[0.0, 0.3], [1.0, 0.3], [1.0, 1.0], [0.0, 1.0]] }
"""
SCENARIO = """
name = "ride"
site = "court"
duration_s = 20
nothing_may_alarm = true

[life]
rides_per_hour = 0

[[step]]
at_s = 0
do = "harmless-ride"
car = "lift-b1"
subject = "stroller"
floor = 2
"""


async def test_the_shipped_model_looks_at_a_harmless_ride_and_nothing_happens(
    tmp_path, monkeypatch
):
    configs = tmp_path / "configs"
    shutil.copytree(ROOT / "configs", configs)
    (configs / "sites" / "court.toml").write_text(SITE, encoding="utf-8")
    (configs / "scenarios" / "ride.toml").write_text(SCENARIO, encoding="utf-8")
    places = {"configs": configs, "models": ROOT / "models"}
    monkeypatch.setattr(composition, "shipped", places.__getitem__)
    monkeypatch.setattr(composition, "CABINS", draw_cabins(tmp_path / "cabins"))
    data = tmp_path / "data"
    data.mkdir()
    async with asyncio.timeout(110):
        async with running_estate(Plan("ride", data), lambda _: None) as running:
            await running.estate.run(20.0)
            client = running.examination._client
            counters = await client.counters("court")
            report = await running.examination.report()
    assert counters["frames_seen"] > 5
    assert running.estate.ledger.holds == []
    assert all(event["false"] == 0 for event in report["events"])
