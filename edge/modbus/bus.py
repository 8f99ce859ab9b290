"""One Modbus connection, shared by the devices behind it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusTcpClient
from pymodbus.pdu import ModbusPDU

from edge.errors import DeviceError
from edge.modbus.registers import Register

# What a device does not answer is told on the device board, once; the library would tell it to
# stderr at every try.
logging.getLogger("pymodbus.logging").setLevel(logging.CRITICAL)


class Bus:
    """Modbus TCP, or Modbus RTU frames through a serial server, one request at a time.

    timeout_s: real seconds for a connection, and again for an answer.
    """

    def __init__(self, host: str, port: int, *, rtu: bool, timeout_s: float) -> None:
        self._name = f"{host}:{port}"
        self._timeout_s = timeout_s
        self._refuse_until = 0.0
        self._client = AsyncModbusTcpClient(
            host,
            port=port,
            framer=FramerType.RTU if rtu else FramerType.SOCKET,
            timeout=timeout_s,
            retries=0,
            reconnect_delay=0,
        )

    async def read(self, unit_id: int, register: Register) -> Sequence[int]:
        """The words of one register. Raises DeviceError.

        A connection on which an answer stayed out is closed: the answer that comes too late must
        not be taken for that of the next request.
        """
        request = (
            self._client.read_input_registers
            if register.table == "input"
            else self._client.read_holding_registers
        )
        answer = await self._ask(
            unit_id, lambda: request(register.address, count=register.words, device_id=unit_id)
        )
        if len(answer.registers) != register.words:
            raise DeviceError(f"unit {unit_id} answers {len(answer.registers)} registers")
        return answer.registers

    async def read_bit(
        self, unit_id: int, address: int, *, table: Literal["coil", "discrete"]
    ) -> bool:
        """One coil or discrete input, by its protocol address from 0. Raises DeviceError."""
        request = self._client.read_coils if table == "coil" else self._client.read_discrete_inputs
        answer = await self._ask(unit_id, lambda: request(address, count=1, device_id=unit_id))
        if not answer.bits:
            raise DeviceError(f"unit {unit_id} answers no bit")
        return bool(answer.bits[0])

    async def write_coil(self, unit_id: int, address: int, *, on: bool) -> None:
        """Switch one coil; that it did is read back elsewhere. Raises DeviceError."""
        await self._ask(unit_id, lambda: self._client.write_coil(address, on, device_id=unit_id))

    async def _ask(self, unit_id: int, request: Callable[[], Awaitable[ModbusPDU]]) -> ModbusPDU:
        await self._connect()
        try:
            async with asyncio.timeout(self._timeout_s * 2):
                answer = await request()
        except (ModbusException, OSError, TimeoutError):
            self._client.close()
            _pass_on_cancellation()
            raise DeviceError(f"no answer from unit {unit_id} at {self._name}") from None
        _pass_on_cancellation()
        if answer.isError():
            code = getattr(answer, "exception_code", 0)
            raise DeviceError(f"unit {unit_id} answers Modbus exception {code}")
        return answer

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    async def _connect(self) -> None:
        """Connect when needed; a bus that just refused is left alone for a moment.

        Otherwise each of its devices would wait for the same time-out in turn.
        """
        if self._client.connected:
            return
        now = asyncio.get_running_loop().time()
        if now >= self._refuse_until:
            self._client.close()
            if await self._client.connect():
                return
            self._client.close()
            self._refuse_until = asyncio.get_running_loop().time() + self._timeout_s
        raise DeviceError(f"no connection to {self._name}")


def _pass_on_cancellation() -> None:
    """Undo what the library does to a cancellation of its caller.

    It makes an error of its own of it; or loses it, when the answer comes at the same moment (in
    Python 3.11 `asyncio.wait_for` does).
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
