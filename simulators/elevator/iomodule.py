"""A Modbus TCP I/O module beside each car: the other end of the edge's contacts.

Unit n is the n-th car. Coil 0 is the contact in parallel with its door-open button; discrete
input 0 is on while the door is open, 1 while the car moves, 2 while the fire input is active; input
register 0 holds the floor.
"""

from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Self

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from simulators.elevator.car import ElevatorCar
from simulators.errors import SimulatorError

COIL = 0
DOOR, MOVING, FIRE = 0, 1, 2
FLOOR = 0

_READ_COILS, _READ_DISCRETE, _READ_INPUT, _WRITE_COIL = 1, 2, 4, 5


class IoModules:
    """One server on an ephemeral loopback port. port: 0 lets the system choose one.

    answers: False makes every module silent, as a broken one is.
    """

    def __init__(self, cars: Sequence[ElevatorCar], *, port: int = 0) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.answers = True
        self.units = {car.device: place for place, car in enumerate(cars, start=1)}
        self._cars = list(cars)
        self._server: ModbusTcpServer | None = None

    async def __aenter__(self) -> Self:
        devices = [self._module(self.units[car.device], car) for car in self._cars]
        self._server = ModbusTcpServer(devices, address=(self.host, self.port))
        await self._server.serve_forever(background=True)
        listening = getattr(self._server.transport, "sockets", None)
        if not listening:
            raise SimulatorError("the I/O modules have no listening socket")
        self.port = listening[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]
            self._server = None

    def _module(self, unit: int, car: ElevatorCar) -> SimDevice:
        bits = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        inputs = [SimData(0, values=[False] * 16, datatype=DataType.BITS)]
        words = [SimData(0, values=[0] * 4, datatype=DataType.REGISTERS)]
        floors = [SimData(0, values=[0] * 4, datatype=DataType.REGISTERS)]
        return SimDevice(
            unit, simdata=(bits, inputs, words, floors), action=partial(self._answer, car)
        )

    async def _answer(
        self,
        car: ElevatorCar,
        function: int,
        start: int,
        address: int,
        count: int,
        words: list[int],
        values: list[int] | list[bool] | None,
    ) -> ExcCodes | None:
        if not self.answers:
            return ExcCodes.DEVICE_BUSY
        if function == _WRITE_COIL and values is not None and address == COIL:
            car.set_contact(closed=bool(values[0]))
            return None
        if function in {_READ_COILS, _WRITE_COIL}:  # a write is answered with what then stands
            _put(words, start, COIL, car.held)
        elif function == _READ_DISCRETE:
            for place, on in ((DOOR, car.door_open), (MOVING, car.moving), (FIRE, car.fire)):
                _put(words, start, place, on)
        elif function == _READ_INPUT:
            words[FLOOR - start] = car.floor & 0xFFFF
        else:
            return ExcCodes.ILLEGAL_FUNCTION
        _ = count
        return None


def _put(words: list[int], start: int, place: int, on: bool) -> None:  # noqa: FBT001 - a bit
    """Set one bit of a block of bits: sixteen lie in each word, the lowest first."""
    word, bit = divmod(place, 16)
    mask = 1 << bit
    index = word - start
    words[index] = words[index] | mask if on else words[index] & ~mask
