import asyncio
import time
from collections import Counter
from pathlib import Path

import pytest
from aiohttp import web

from edge.drivers.elevator_car import ElevatorCarSettings
from edge.drivers.facade_camera import FacadeCameraSettings
from edge.drivers.http_barrier import HttpBarrierSettings
from edge.drivers.http_gate import HttpGateSettings
from edge.drivers.http_panel import HttpPanelSettings
from edge.drivers.modbus_pressure import ModbusPressureSettings
from edge.modbus.bus import Bus
from simulators import scenario, site
from simulators.errors import SimulatorError
from simulators.estate import Estate
from simulators.ledger import Ledger
from tests.simulators.cabin_pictures import SHIPPED
from wire import Clock

pytestmark = pytest.mark.socket

CONFIGS = Path(__file__).parents[2] / "configs"
NOON = 1_700_020_800_000  # 12:00 on an estate at UTC+8


class Edge:
    """Takes pushes as an agent does."""

    def __init__(self):
        self.records = []

    async def __aenter__(self):
        app = web.Application()
        app.router.add_post("/{family:gate|barrier|panel}/{device}/events", self._events)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *error):
        await self._runner.cleanup()

    async def _events(self, request):
        device = request.match_info["device"]
        self.records += [(device, one) for one in (await request.json())["records"]]
        return web.json_response({"stored": 1, "repeated": 0})


def estate(name, ledger, *, rate=20.0, **changes):
    loaded = scenario.load(CONFIGS / "scenarios" / f"{name}.toml").model_copy(update=changes)
    place = site.load(CONFIGS / "sites" / f"{loaded.site}.toml")
    clock = Clock(time.monotonic, NOON, time.monotonic(), rate)
    return Estate(place, loaded, clock=clock, ledger=ledger, elevators=SHIPPED)


def attach(built, edge):
    built.attach({agent.id: edge.url for agent in built.site.agent})


async def read_all(built, folder):
    """Read every sensor's register, as the edge's driver is told to by the wiring."""
    for tables in built.edge_wiring(folder).values():
        for table in tables:
            if table["type"] != "modbus-pressure":
                continue
            settings = ModbusPressureSettings.model_validate(table)
            bus = Bus(settings.host, settings.port, rtu=False, timeout_s=5.0)
            for device in settings.device:
                words = await bus.read(device.unit_id, device.pressure)
                yield device.id, device.pressure.mpa(words)
            bus.close()


@pytest.fixture
async def edge():
    async with Edge() as made:
        yield made


async def test_demo_shows_each_of_its_truths_within_its_first_minute(edge, tmp_path):
    with Ledger(tmp_path / "truth.jsonl") as ledger:
        async with estate("demo", ledger) as built:
            attach(built, edge)
            await built.run(60.0)
            readings = {sensor: mpa async for sensor, mpa in read_all(built, tmp_path)}
            assert await built.hush() == 0
    assert built.sim_s == pytest.approx(60.0, abs=5.0)
    found = {(one.kind, one.device) for one in ledger.truths}
    assert found == {
        ("pressure-low", "fw-b2-top"),
        ("door-forced", "door-b1"),
        ("tailgating", "barrier-in"),
        ("barrier-struck", "barrier-out"),
        ("door-held-open", "gate-garage"),
        ("door-denied-repeatedly", "gate-west"),
        ("camera-blind", "cam-b2-south"),
        ("falling-object", "cam-b2-south"),
        ("ebike-in-elevator", "lift-b1"),
    }
    assert all(one.shown is not None for one in ledger.truths)
    assert readings["fw-b2-top"] == pytest.approx(0.03, abs=0.005)
    assert len(readings) == 10


async def test_every_record_in_the_ledger_is_pushed_and_only_cameras_repeat_themselves(
    edge, tmp_path
):
    with Ledger(tmp_path / "truth.jsonl") as ledger:
        async with estate("demo", ledger) as built:
            attach(built, edge)
            await built.run(60.0)
            assert await built.hush() == 0
    pushed = Counter((device, one["record_id"]) for device, one in edge.records)
    written = {(device, one) for device, ids in ledger.records.items() for one in ids}
    assert set(pushed) == written
    repeated = {device for (device, _), count in pushed.items() if count > 1}
    assert repeated
    assert repeated <= set(built.barriers)
    assert {one["event"] for _, one in edge.records} >= {"granted", "opened", "closed", "state"}
    assert {one["event"] for _, one in edge.records} >= {"seen", "passed", "struck", "manual-open"}
    assert not any(one.get("historical") for _, one in edge.records)


async def test_quiet_day_has_no_truth_and_all_pressures_within_limits(edge, tmp_path):
    with Ledger() as ledger:
        async with estate("quiet-day", ledger, rate=60.0) as built:
            attach(built, edge)
            await built.run(90.0)
            readings = {sensor: mpa async for sensor, mpa in read_all(built, tmp_path)}
            await built.hush()
    assert ledger.truths == []
    limits = {
        name: built.site.sensor(device).limit_mpa()
        for name, device in built.site.devices("water-pressure").items()
    }
    assert all(limits[name] + 0.04 < mpa < 1.0 for name, mpa in readings.items())


async def test_wiring_is_what_the_edges_drivers_take(tmp_path):
    with Ledger() as ledger:
        async with estate("demo", ledger) as built:
            wiring = built.edge_wiring(tmp_path / "tokens")
    models = {
        "modbus-pressure": ModbusPressureSettings,
        "http-gate": HttpGateSettings,
        "http-barrier": HttpBarrierSettings,
        "http-panel": HttpPanelSettings,
        "facade-camera": FacadeCameraSettings,
        "elevator-car": ElevatorCarSettings,
    }
    read = [models[table["type"]].model_validate(table) for one in wiring.values() for table in one]
    assert sorted(device.id for table in read for device in table.device) == sorted(
        device.id for agent in built.site.agent for device in agent.device
    )
    tokens = list((tmp_path / "tokens").iterdir())
    assert len(tokens) == 12
    assert {token.stat().st_mode & 0o777 for token in tokens} == {0o600}
    assert len({token.read_text() for token in tokens}) == 12


async def test_agent_without_an_address_is_refused_by_name(edge):
    with Ledger() as ledger:
        async with estate("demo", ledger) as built:
            with pytest.raises(SimulatorError, match="gates-buildings: door-b1 has no address"):
                built.attach({"gates-estate": edge.url})


async def test_hush_tells_how_many_records_could_not_be_delivered():
    with Ledger() as ledger:
        async with estate("demo", ledger) as built:
            async with asyncio.timeout(45):
                while not ledger.records:  # noqa: ASYNC110 - a ledger has no event
                    await asyncio.sleep(0.01)
            assert await built.hush(within_s=0.1) == sum(map(len, ledger.records.values()))
