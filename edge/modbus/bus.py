"""One Modbus connection, shared by the devices behind it."""

import asyncio
import logging
from collections.abc import Sequence

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusTcpClient

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
        await self._connect()
        request = (
            self._client.read_input_registers
            if register.table == "input"
            else self._client.read_holding_registers
        )
        try:
            async with asyncio.timeout(self._timeout_s * 2):
                answer = await request(register.address, count=register.words, device_id=unit_id)
        except (ModbusException, OSError, TimeoutError):
            self._client.close()
            raise DeviceError(f"no answer from unit {unit_id} at {self._name}") from None
        if answer.isError():
            code = getattr(answer, "exception_code", 0)
            raise DeviceError(f"unit {unit_id} answers Modbus exception {code}")
        if len(answer.registers) != register.words:
            raise DeviceError(f"unit {unit_id} answers {len(answer.registers)} registers")
        return answer.registers

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
