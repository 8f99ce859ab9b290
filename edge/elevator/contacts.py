"""One car's contacts on a Modbus I/O module: the coil that holds the door, and what is read back.

The coil stands in parallel with the car's door-open button, so that the controller keeps all of
its own protections; nothing here speaks to the controller itself (GB/T 42616 keeps a monitoring
terminal from controlling it). A coil that is on means that the button is pressed.
"""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Final, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field

from edge.errors import DeviceError
from edge.modbus.bus import Bus
from edge.modbus.registers import Register
from wire import Clock
from wire.command import MAX_LEASE_S

log = structlog.get_logger()

REST_S: Final = 10.0
"""After the longest hold the door stays free this long, whatever is ordered."""

Address = Annotated[int, Field(ge=0, le=65535)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Input(_Table):
    """A discrete input. inverted: a contact that is open when what it tells of is so."""

    address: Address
    inverted: bool = False


class ContactSettings(_Table):
    """One car's I/O module on Modbus TCP, or RTU behind a serial server.

    coil: holds the door. door, moving, fire: inputs, each where it is wired. floor: a register
        that holds the floor's number. poll_s: between looks at the inputs.
    timeout_s: real seconds, whatever the clock's rate.
    """

    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 502
    framing: Literal["tcp", "rtu"] = "tcp"
    unit_id: Annotated[int, Field(ge=0, le=255)] = 1
    coil: Address
    door: Input | None = None
    moving: Input | None = None
    fire: Input | None = None
    floor: Register | None = None
    poll_s: Annotated[float, Field(ge=0.05, le=10)] = 0.25
    timeout_s: Annotated[float, Field(gt=0, le=10)] = 1.0


@dataclass(frozen=True, slots=True)
class Told:
    """What the module says; None for what is not wired. held: the coil itself, read back."""

    held: bool
    door_open: bool | None
    moving: bool | None
    fire: bool | None
    floor: float | None


class Contacts:
    """One car. The coil is off unless `hold` has just been asked for, and never on for long."""

    def __init__(self, settings: ContactSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._bus = Bus(
            settings.host,
            settings.port,
            rtu=settings.framing == "rtu",
            timeout_s=settings.timeout_s,
        )
        self._one_at_a_time = asyncio.Lock()
        self._wanted = False
        self._since: float | None = None
        self._rest_until = float("-inf")

    @property
    def poll_s(self) -> float:
        """Seconds between looks."""
        return self._settings.poll_s

    def close(self) -> None:
        """Close the connection."""
        self._bus.close()

    async def hold(self) -> None:
        """Switch the coil on and read it back. Raises DeviceError; the coil is off then."""
        async with self._one_at_a_time:
            now = self._clock.monotonic()
            if now < self._rest_until:
                raise DeviceError(f"the door was held for {MAX_LEASE_S:g} s: it has to rest")
            if await self._fire():
                await self._drop()
                raise DeviceError("fire input is active")
            if self._since is None:
                self._since = now
            self._wanted = True
            try:
                await self._switch(on=True)
            except DeviceError:
                self._wanted, self._since = False, None
                raise

    async def release(self) -> None:
        """Switch the coil off and read it back. Raises DeviceError: try again."""
        async with self._one_at_a_time:
            await self._drop()

    async def look(self) -> Told:
        """Read what is wired, and have the coil off where nobody wants it on. Raises DeviceError.

        Fire and the longest hold switch it off here, whatever lease there is.
        """
        async with self._one_at_a_time:
            fire = await self._fire()
            if fire:
                self._wanted, self._since = False, None
            elif self._since is not None and self._clock.monotonic() - self._since >= MAX_LEASE_S:
                log.warning("elevator.hold_capped", seconds=MAX_LEASE_S)
                self._rest_until = self._clock.monotonic() + REST_S
                self._wanted, self._since = False, None
            if await self._coil() and not self._wanted:
                await self._drop()
            return await self._told(fire)

    async def _told(self, fire: bool | None) -> Told:  # noqa: FBT001 - a value read before
        wired = self._settings
        floor = None
        if wired.floor is not None:
            floor = wired.floor.value(await self._bus.read(wired.unit_id, wired.floor))
        return Told(
            held=await self._coil(),
            door_open=await self._input(wired.door),
            moving=await self._input(wired.moving),
            fire=fire,
            floor=floor,
        )

    async def _drop(self) -> None:
        self._wanted, self._since = False, None
        await self._switch(on=False)

    async def _switch(self, *, on: bool) -> None:
        settings = self._settings
        await self._bus.write_coil(settings.unit_id, settings.coil, on=on)
        if await self._coil() is not on:
            raise DeviceError(f"the coil did not switch {'on' if on else 'off'}")

    async def _coil(self) -> bool:
        return await self._bus.read_bit(self._settings.unit_id, self._settings.coil, table="coil")

    async def _fire(self) -> bool | None:
        return await self._input(self._settings.fire)

    async def _input(self, wired: Input | None) -> bool | None:
        if wired is None:
            return None
        bit = await self._bus.read_bit(self._settings.unit_id, wired.address, table="discrete")
        return bit is not wired.inverted
