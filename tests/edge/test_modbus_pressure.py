"""The pressure driver against a real Modbus server on loopback."""

import asyncio
import struct
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from edge.board import DeviceBoard
from edge.drivers.modbus_pressure import DRIVER, ModbusPressureSettings
from edge.errors import DeviceError
from edge.media.evidence import EvidenceDesk
from edge.media.pictures import PictureQuota, PictureStore
from edge.modbus.registers import BatteryRegister, PressureRegister
from edge.outbox import Outbox
from edge.recorder import Recorder
from edge.schedule import every, finish
from edge.station import Station
from wire import Clock, Lane, Observation
from wire.kinds import load as load_kinds
from wire.observation import decode_observations

KIND = load_kinds()["water-pressure"]


@dataclass
class Slave:
    """A Modbus server whose registers the test sets; units in `busy` answer an exception."""

    words: dict[int, int] = field(default_factory=dict)
    busy: bool = False
    reads: int = 0
    port: int = 0

    async def answer(self, function, start, address, count, words, values):
        self.reads += 1
        if self.busy:
            return ExcCodes.DEVICE_BUSY
        for place in range(address, address + count):
            words[place - start] = self.words.get(place, 0)
        return None


@asynccontextmanager
async def serving(slave: Slave, port: int = 0) -> AsyncIterator[Slave]:
    data = SimData(0, values=[0] * 20, datatype=DataType.REGISTERS)
    server = ModbusTcpServer(
        SimDevice(1, simdata=[data], action=slave.answer), address=("127.0.0.1", port)
    )
    await server.serve_forever(background=True)
    slave.port = server.transport.sockets[0].getsockname()[1]
    try:
        yield slave
    finally:
        await server.shutdown()


@dataclass
class Bus:
    """A running driver and what it stored."""

    outbox: Outbox
    board: DeviceBoard

    async def stored(self, lane: Lane) -> list[Observation]:
        rows = await self.outbox.unacked(lane, 0, 10_000)
        return [seen for row in rows for seen in decode_observations(row.body)]

    async def wait_for(self, lane: Lane, rows: int) -> list[Observation]:
        end = time.monotonic() + 45
        while self.outbox.backlog(lane) < rows:
            assert time.monotonic() < end, "no observations came"
            await asyncio.sleep(0.005)
        return await self.stored(lane)

    async def wait_until(self, device: str, *, ok: bool) -> str:
        end = time.monotonic() + 45
        while self.board.statuses()[device].ok is not ok:
            assert time.monotonic() < end, "the device's state did not change"
            await asyncio.sleep(0.005)
        return self.board.statuses()[device].detail


@asynccontextmanager
async def driving(folder: Path, clock: Clock, *tables: dict[str, object]) -> AsyncIterator[Bus]:
    settings = [ModbusPressureSettings.model_validate(table) for table in tables]
    kinds = {device.id: KIND for table in settings for device in table.device}
    async with Outbox(folder / "o.db") as outbox:
        board = DeviceBoard(kinds, clock)
        recorder = Recorder(outbox, kinds, lambda device, active: None)
        pictures = PictureStore(folder / "pictures", PictureQuota())
        station = Station(
            clock=clock,
            outbox=outbox,
            recorder=recorder,
            board=board,
            routes=web.Application().router,
            pictures=pictures,
            evidence=EvidenceDesk(pictures, outbox, clock, folder / "scratch"),
            show=lambda frame: None,
        )
        tasks = []
        contexts = [DRIVER.open(table, station) for table in settings]
        for context in contexts:
            driver = await context.__aenter__()
            tasks.append(asyncio.create_task(driver.run()))
        try:
            yield Bus(outbox, board)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            for context in contexts:
                await context.__aexit__(None, None, None)
            assert all(task.cancelled() for task in tasks)


def table(port: int, *devices: dict[str, object], **more: object) -> dict[str, object]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "interval_s": 0.05,
        "timeout_s": 0.3,
        "device": list(devices),
        **more,
    }


def sensor(name: str = "p1", **register: object) -> dict[str, object]:
    settings = {"address": 0, "table": "holding", "type": "uint16", "unit": "kPa", **register}
    return {"id": name, "pressure": settings}


@pytest.mark.parametrize(
    ("register", "words", "mpa"),
    [
        ({"type": "uint16", "unit": "kPa"}, [350], 0.35),
        ({"type": "int16", "unit": "kPa"}, [0xFFF6], -0.01),
        ({"type": "uint16", "unit": "MPa", "scale": 0.001}, [70], 0.07),
        ({"type": "uint16", "unit": "bar", "scale": 0.1, "offset": -1.0}, [45], 0.35),
        ({"type": "uint16", "unit": "mH2O"}, [10], 0.0981),
        ({"type": "uint16", "unit": "psi"}, [50], 0.3447),
        (
            {"type": "float32", "unit": "MPa"},
            list(struct.unpack(">HH", struct.pack(">f", 0.42))),
            0.42,
        ),
        (
            {"type": "float32", "unit": "MPa", "word_order": "little"},
            list(struct.unpack(">HH", struct.pack(">f", 0.42)))[::-1],
            0.42,
        ),
        ({"type": "int32", "unit": "kPa", "scale": 0.001}, [0xFFFF, 0xD8F0], -0.01),
    ],
)
def test_register_becomes_mpa(register: dict[str, object], words: list[int], mpa: float) -> None:
    settings = PressureRegister.model_validate({"address": 0, **register})
    assert settings.mpa(words) == pytest.approx(mpa)
    assert settings.words == len(words)


def test_register_that_holds_nan_is_a_fault() -> None:
    settings = PressureRegister(address=3, type="float32", unit="MPa")
    with pytest.raises(DeviceError, match="register 3 does not hold a number"):
        settings.mpa([0x7FC0, 0])


def test_battery_in_millivolt() -> None:
    assert BatteryRegister(address=1, type="uint16", unit="mV").volt([3605]) == 3.605


@pytest.mark.socket
async def test_samples_travel_as_telemetry_with_the_battery_now_and_then(tmp_path, clock):
    async with serving(Slave({0: 350, 1: 3600})) as slave:
        device = sensor() | {
            "battery": {"address": 1, "type": "uint16", "unit": "mV", "table": "holding"}
        }
        async with driving(tmp_path, clock, table(slave.port, device)) as bus:
            seen = await bus.wait_for(Lane.TELEMETRY, 4)
            assert [one.signals for one in seen[:3]] == [
                {"pressure": 0.35, "battery": 3.6},
                {"pressure": 0.35},
                {"pressure": 0.35},
            ]
            assert all(one.at == one.seen and abs(one.at - clock.now()) < 10_000 for one in seen)
            assert bus.board.statuses()["p1"].ok


@pytest.mark.socket
async def test_sudden_fall_takes_the_life_lane(tmp_path, clock):
    async with (
        serving(Slave({0: 350})) as slave,
        driving(tmp_path, clock, table(slave.port, sensor())) as bus,
    ):
        await bus.wait_for(Lane.TELEMETRY, 2)
        slave.words[0] = 330
        urgent = await bus.wait_for(Lane.LIFE, 1)
        assert [one.signals for one in urgent] == [{"pressure": 0.33}]
        calm = bus.outbox.backlog(Lane.TELEMETRY)
        await bus.wait_for(Lane.TELEMETRY, calm + 3)
        assert bus.outbox.backlog(Lane.LIFE) == 1


@pytest.mark.socket
async def test_fault_is_shown_and_ends_by_itself(tmp_path, clock):
    async with (
        serving(Slave({0: 350}, busy=True)) as slave,
        driving(tmp_path, clock, table(slave.port, sensor())) as bus,
    ):
        end = time.monotonic() + 45
        while bus.board.statuses()["p1"].detail == "no report yet":
            assert time.monotonic() < end
            await asyncio.sleep(0.005)
        status = bus.board.statuses()["p1"]
        assert (status.ok, status.detail) == (False, "unit 1 answers Modbus exception 6")
        slave.busy = False
        await bus.wait_until("p1", ok=True)


@pytest.mark.socket
async def test_failing_device_is_asked_less_and_less(tmp_path, clock):
    async with (
        serving(Slave(busy=True)) as slave,
        driving(tmp_path, clock, table(slave.port, sensor())),
    ):
        began = time.monotonic()
        while slave.reads < 3 or time.monotonic() < began + 1.5:
            assert time.monotonic() < began + 45
            await asyncio.sleep(0.05)
        ticks = (time.monotonic() - began) / 0.05
        assert slave.reads <= ticks / 3  # each tick would be one


@pytest.mark.socket
async def test_bus_that_vanishes_comes_back(tmp_path, clock):
    slave = Slave({0: 350})
    async with serving(slave):
        port = slave.port
    async with driving(tmp_path, clock, table(port, sensor())) as bus:
        gone = f"no connection to 127.0.0.1:{port}"
        end = time.monotonic() + 45
        while bus.board.statuses()["p1"].detail != gone:
            assert time.monotonic() < end
            await asyncio.sleep(0.005)
        async with serving(slave, port):
            await bus.wait_until("p1", ok=True)


@contextmanager
def silent_server() -> Iterator[int]:
    """Accepts connections and never says a word."""
    import socket  # noqa: PLC0415  the only user of a raw socket here

    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.socket
async def test_bus_that_hangs_does_not_hold_up_another(tmp_path, clock):
    with silent_server() as dead:
        async with serving(Slave({0: 350})) as slave:
            tables = [table(dead, sensor("p-dead")), table(slave.port, sensor("p-live"))]
            async with driving(tmp_path, clock, *tables) as bus:
                await bus.wait_for(Lane.TELEMETRY, 20)
                statuses = bus.board.statuses()
                assert statuses["p-live"].ok
                assert statuses["p-dead"].detail == f"no answer from unit 1 at 127.0.0.1:{dead}"


@pytest.mark.socket
async def test_dead_unit_does_not_silence_its_neighbours_on_the_bus(tmp_path, clock):
    async with serving(Slave({0: 350})) as slave:
        dead = sensor("p-dead") | {"unit_id": 9}
        async with driving(tmp_path, clock, table(slave.port, dead, sensor("p-live"))) as bus:
            await bus.wait_for(Lane.TELEMETRY, 10)
            assert bus.board.statuses()["p-live"].ok
            assert not bus.board.statuses()["p-dead"].ok


@pytest.mark.socket
async def test_impossible_pressure_is_sent_and_shown_as_a_fault(tmp_path, clock):
    async with (
        serving(Slave({0: 65535})) as slave,
        driving(tmp_path, clock, table(slave.port, sensor())) as bus,
    ):
        seen = await bus.wait_for(Lane.TELEMETRY, 1)
        assert seen[0].signals == {"pressure": 65.535}
        assert "beyond what a sensor reports" in bus.board.statuses()["p1"].detail


async def test_ticks_do_not_drift_and_leave_out_what_was_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 0.0
    sleep = asyncio.sleep

    async def sleeping(seconds: float) -> None:
        nonlocal now
        now += seconds + 0.01  # no sleep ends on time
        await sleep(0)

    monkeypatch.setattr("edge.schedule.asyncio.sleep", sleeping)
    clock = Clock(lambda: now, 0, 0.0)
    moments: list[tuple[int, float]] = []
    async for tick in every(0.5, clock):
        moments.append((tick, now))
        if tick == 3:
            now += 1.2  # two ticks go by
        if tick > 8:
            break
    assert [tick for tick, _ in moments] == [0, 1, 2, 3, 6, 7, 8, 9]
    assert all(0 <= at - tick * 0.5 < 0.02 for tick, at in moments)


async def test_work_begun_is_finished_when_cancelled() -> None:
    done: list[str] = []

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append("stored")

    task = asyncio.create_task(finish(work(), 1.0))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled()
    assert done == ["stored"]
