"""A Modbus TCP bus of pressure transmitters: the other end of the edge's pressure driver."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from simulators.errors import SimulatorError
from simulators.ledger import Ledger

READ_HOLDING_REGISTERS = 3
_SIGN_BIT = 0x8000
_FULL_SCALE = {"int16": (-32768, 32767), "uint16": (0, 65535)}


@dataclass(frozen=True, slots=True)
class Register:
    """How a transmitter puts its pressure in one holding register.

    type: `int16` or `uint16`. unit: `kPa` or `MPa`. scale: units per count, so that
    `value * scale` is the pressure in `unit`.
    """

    address: int
    type: str
    unit: str
    scale: float

    def encode(self, mpa: float) -> int:
        """The register's 16 bits for a pressure; beyond full scale it stays at full scale."""
        low, high = _FULL_SCALE[self.type]
        counts = round(mpa / self._mpa_per_count())
        return min(max(counts, low), high) & 0xFFFF

    def decode(self, word: int) -> float:
        """The pressure, MPa, that a reader takes from the register's 16 bits."""
        signed = word - 0x10000 if self.type == "int16" and word & _SIGN_BIT else word
        return signed * self._mpa_per_count()

    def _mpa_per_count(self) -> float:
        return self.scale * (0.001 if self.unit == "kPa" else 1.0)


class ModbusBus:
    """One Modbus TCP server on an ephemeral loopback port, unit 1, with one register per sensor.

    measure: sensor id -> MPa, called once per answered read.
    shown: told (sensor id, MPa as a reader decodes it) just before the answer leaves.
    now: simulated time, ms.
    """

    unit = 1

    def __init__(
        self,
        registers: dict[str, Register],
        *,
        measure: Callable[[str], float],
        shown: Callable[[str, float], None],
        now: Callable[[], int],
        ledger: Ledger,
    ) -> None:
        self.registers = registers
        self.host = "127.0.0.1"
        self.port = 0
        self.muted = False
        self._measure = measure
        self._shown = shown
        self._now = now
        self._ledger = ledger
        self._server: ModbusTcpServer | None = None

    async def __aenter__(self) -> Self:
        first = min(one.address for one in self.registers.values())
        last = max(one.address for one in self.registers.values())
        data = SimData(first, values=[0] * (last - first + 1), datatype=DataType.REGISTERS)
        device = SimDevice(self.unit, simdata=[data], action=self._answer)
        self._server = ModbusTcpServer(device, address=(self.host, 0))
        await self._server.serve_forever(background=True)
        self.port = _bound_port(self._server)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]
            self._server = None

    async def _answer(
        self,
        function: int,
        start: int,
        address: int,
        count: int,
        words: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        """Refresh the registers that are being read; nothing on this bus can be written."""
        if values is not None or function != READ_HOLDING_REGISTERS:
            return ExcCodes.ILLEGAL_FUNCTION
        if self.muted:
            return ExcCodes.DEVICE_BUSY
        asked = range(address, address + count)
        sensors = [name for name, one in self.registers.items() if one.address in asked]
        self._ledger.write_answer(sensors, self._now())
        for name in sensors:
            register = self.registers[name]
            word = register.encode(self._measure(name))
            self._shown(name, register.decode(word))
            words[register.address - start] = word
        return None


def lay_out(sensors: Iterable[str]) -> dict[str, Register]:
    """Registers for a bus as fitters leave them: ten apart, two makes of transmitter in turn."""
    makes = (("int16", "kPa", 1.0), ("uint16", "MPa", 0.0001))
    return {
        name: Register(100 + 10 * place, *makes[place % len(makes)])
        for place, name in enumerate(sensors)
    }


def _bound_port(server: ModbusTcpServer) -> int:
    listening = getattr(server.transport, "sockets", None)
    if not listening:
        raise SimulatorError("the Modbus server has no listening socket")
    port: int = listening[0].getsockname()[1]
    return port
