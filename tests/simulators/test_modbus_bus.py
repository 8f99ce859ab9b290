import json

import pytest
from pymodbus.client import AsyncModbusTcpClient

from simulators.ledger import Ledger
from simulators.modbus import ModbusBus, Register, lay_out

pytestmark = pytest.mark.socket


@pytest.fixture
async def client_of():
    clients = []

    async def connect(bus):
        client = AsyncModbusTcpClient(bus.host, port=bus.port)
        await client.connect()
        clients.append(client)
        return client

    yield connect
    for client in clients:
        client.close()


def bus(ledger, *, pressures, shown=None):
    return ModbusBus(
        lay_out(pressures),
        measure=lambda sensor: pressures[sensor],
        shown=shown or (lambda sensor, mpa: None),
        now=lambda: 1234,
        ledger=ledger,
    )


@pytest.mark.parametrize(
    ("register", "mpa", "word"),
    [
        (Register(0, "int16", "kPa", 1.0), 0.1484, 148),
        (Register(0, "int16", "kPa", 1.0), -0.002, 0xFFFE),
        (Register(0, "uint16", "MPa", 0.0001), 0.1484, 1484),
        (Register(0, "uint16", "MPa", 0.0001), -0.002, 0),
        (Register(0, "uint16", "MPa", 0.0001), 9.0, 65535),
        (Register(0, "int16", "kPa", 1.0), 99.0, 32767),
    ],
)
def test_register_holds_the_scaled_pressure_and_stays_at_full_scale(register, mpa, word):
    assert register.encode(mpa) == word


@pytest.mark.parametrize("mpa", [0.0, 0.07, 0.9374, -0.05])
def test_int16_register_reads_back_within_half_a_count(mpa):
    register = Register(0, "int16", "kPa", 1.0)
    assert register.decode(register.encode(mpa)) == pytest.approx(mpa, abs=0.0005)


async def test_real_client_reads_each_sensor_at_its_address(client_of):
    pressures = {"p1": 0.148, "p2": 0.5321}
    with Ledger() as ledger:
        async with bus(ledger, pressures=pressures) as served:
            client = await client_of(served)
            for sensor, register in served.registers.items():
                answer = await client.read_holding_registers(register.address, count=1, device_id=1)
                assert register.decode(answer.registers[0]) == pytest.approx(pressures[sensor])
            assert ledger.answered == {"p1": 1, "p2": 1}


async def test_block_read_counts_every_sensor_in_it(client_of):
    with Ledger() as ledger:
        async with bus(ledger, pressures={"p1": 0.1, "p2": 0.2, "p3": 0.3}) as served:
            client = await client_of(served)
            answer = await client.read_holding_registers(100, count=21, device_id=1)
            assert [answer.registers[place] for place in (0, 10, 20)] == [100, 2000, 300]
            assert ledger.answered == {"p1": 1, "p2": 1, "p3": 1}


async def test_ledger_has_the_answer_before_it_leaves(tmp_path, client_of):
    path = tmp_path / "truth.jsonl"
    on_disk = []

    def shown(sensor, mpa):
        on_disk.append((sensor, mpa, [json.loads(one) for one in path.read_text().splitlines()]))

    with Ledger(path) as ledger:
        async with bus(ledger, pressures={"p1": 0.1}, shown=shown) as served:
            client = await client_of(served)
            await client.read_holding_registers(100, count=1, device_id=1)
    assert on_disk == [("p1", 0.1, [{"answer": ["p1"], "at": 1234}])]


async def test_muted_bus_answers_busy_and_counts_nothing(client_of):
    with Ledger() as ledger:
        async with bus(ledger, pressures={"p1": 0.1}) as served:
            client = await client_of(served)
            served.muted = True
            assert (await client.read_holding_registers(100, count=1, device_id=1)).isError()
            assert ledger.generated == 0


async def test_nothing_on_the_bus_can_be_written(client_of):
    with Ledger() as ledger:
        async with bus(ledger, pressures={"p1": 0.1}) as served:
            client = await client_of(served)
            assert (await client.write_register(100, 7, device_id=1)).isError()
            answer = await client.read_holding_registers(100, count=1, device_id=1)
            assert answer.registers == [100]
