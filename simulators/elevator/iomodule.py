"""A Modbus TCP I/O module beside each car: the other end of the edge's contacts.

Unit n is the n-th car. Coil 0 is the contact in parallel with its door-open button; discrete
input 0 is on while the door is open, 1 while the car moves, 2 while the fire input is active; input
register 0 holds the floor. A module that hears nothing for a while switches its coil off, as the
watchdog of a real one does (docs/hardware/elevator-hold.md).
"""

import asyncio
import time
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

WATCHDOG_S = 10.0

_READ_COILS, _READ_DISCRETE, _READ_INPUT, _WRITE_COIL = 1, 2, 4, 5


class IoModules:
    """One server on an ephemeral loopback port. port: 0 lets the system choose one.

    answers: False makes every module silent, as a broken one is.
    watchdog_s: real seconds without any request after which a coil goes off; None never.
    """

    def __init__(
        self,
        cars: Sequence[ElevatorCar],
        *,
        port: int = 0,
        watchdog_s: float | None = WATCHDOG_S,
    ) -> None:
        self.host = "127.0.0.1"
        self.port = port
        self.answers = True
        self.units = {car.device: place for place, car in enumerate(cars, start=1)}
        self._cars = list(cars)
        self._watchdog_s = watchdog_s
        self._heard_s = {car.device: time.monotonic() for car in cars}
        self._watching: asyncio.Task[None] | None = None
        self._server: ModbusTcpServer | None = None

    async def __aenter__(self) -> Self:
        devices = [self._module(self.units[car.device], car) for car in self._cars]
        self._server = ModbusTcpServer(devices, address=(self.host, self.port))
        await self._server.serve_forever(background=True)
        listening = getattr(self._server.transport, "sockets", None)
        if not listening:
            raise SimulatorError("the I/O modules have no listening socket")
        self.port = listening[0].getsockname()[1]
        if self._watchdog_s is not None:
            watching = self._watch(self._watchdog_s)
            self._watching = asyncio.create_task(watching, name="modules' watchdogs")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._server is not None:
            await self._server.shutdown()  # type: ignore[no-untyped-call]
            self._server = None

    async def _watch(self, limit_s: float) -> None:
        """Each module is one of its own: it hears what is meant for its unit."""
        while True:
            await asyncio.sleep(min(0.1, limit_s / 5))
            now_s = time.monotonic()
            for car in self._cars:
                if car.held and now_s - self._heard_s[car.device] > limit_s:
                    car.set_contact(closed=False)

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
        self._heard_s[car.device] = time.monotonic()
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
