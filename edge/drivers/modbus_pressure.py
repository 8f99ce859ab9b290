"""Water pressure sensors on Modbus TCP, or on RTU behind a serial server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from edge.backoff import Backoff
from edge.drivers.base import DeviceSettings, DriverSettings, DriverType
from edge.errors import DeviceError
from edge.modbus.bus import Bus
from edge.modbus.registers import BatteryRegister, PressureRegister
from edge.schedule import every, finish
from edge.station import Station
from wire import Lane, Observation, SignalValue
from wire.kinds import load as load_kinds

KIND = load_kinds()["water-pressure"]

MOST_BACKOFF_S = 10.0
"""The longest pause after a failure: a sixth of what makes the hub call the sensor silent."""


class PressureDevice(DeviceSettings):
    """One sensor. unit_id: its Modbus address (slave id)."""

    unit_id: Annotated[int, Field(ge=0, le=255)] = 1
    pressure: PressureRegister
    battery: BatteryRegister | None = None


class ModbusPressureSettings(DriverSettings):
    """One bus and the sensors on it.

    framing: `rtu` for a serial server that passes RTU frames through unchanged.
    interval_s: between samples. battery_interval_s: between looks at the batteries.
    timeout_s: for a connection, and for an answer; real seconds, whatever the clock's rate.
    """

    type: Literal["modbus-pressure"] = "modbus-pressure"
    host: str
    port: Annotated[int, Field(ge=1, le=65535)] = 502
    framing: Literal["tcp", "rtu"] = "tcp"
    interval_s: Annotated[float, Field(ge=0.05, le=3600)] = 1.0
    battery_interval_s: Annotated[float, Field(ge=1, le=86400)] = 60.0
    timeout_s: Annotated[float, Field(gt=0, le=30)] = 1.0
    device: Annotated[tuple[PressureDevice, ...], Field(min_length=1, max_length=247)]


@dataclass(slots=True)
class _Sensor:
    settings: PressureDevice
    backoff: Backoff
    rest_until: float = 0.0
    battery_due: float = 0.0


class ModbusPressure:
    """Samples the sensors of one bus on a fixed grid; other buses have drivers of their own."""

    def __init__(self, settings: ModbusPressureSettings, station: Station, bus: Bus) -> None:
        self._settings = settings
        self._station = station
        self._bus = bus
        self._sensors = [
            _Sensor(device, Backoff(settings.interval_s, MOST_BACKOFF_S))
            for device in settings.device
        ]

    async def run(self) -> None:
        """Sample until cancelled; a round that has begun is brought to its end."""
        async for _ in every(self._settings.interval_s, self._station.clock):
            await finish(self._sample_all(), self._settings.timeout_s)

    async def execute(
        self,
        device: str,
        action: str,
        *,
        command: str,  # noqa: ARG002  the Driver protocol's
        lease_s: float,  # noqa: ARG002
    ) -> None:
        """A sensor obeys nothing. Raises DeviceError."""
        raise DeviceError(f"{device} is a sensor and cannot {action}")

    async def _sample_all(self) -> None:
        """One round: what is urgent goes out at once, the rest as one envelope at its end."""
        recorder = self._station.recorder
        calm: list[Observation] = []
        for sensor in self._sensors:
            observation = await self._sample(sensor)
            if observation is None:
                continue
            lane = recorder.lane(observation)
            if lane is Lane.LIFE:
                await recorder.record_or_count(lane, [observation])
            else:
                calm.append(observation)
        if calm:
            await recorder.record_or_count(KIND.lane, calm)

    async def _sample(self, sensor: _Sensor) -> Observation | None:
        device, clock = sensor.settings, self._station.clock
        if clock.monotonic() < sensor.rest_until:
            return None
        try:
            words = await self._bus.read(device.unit_id, device.pressure)
            pressure = device.pressure.mpa(words)
        except DeviceError as error:
            sensor.rest_until = clock.monotonic() + sensor.backoff.next()
            self._station.board.failed(device.id, str(error))
            return None
        sensor.backoff.reset()
        now = clock.now()
        if _is_possible(pressure):
            self._station.board.heard(device.id)
        else:
            self._station.board.failed(device.id, f"{pressure} MPa is beyond what a sensor reports")
        signals: dict[str, SignalValue] = {"pressure": pressure}
        signals |= await self._battery(sensor)
        return Observation(device=device.id, kind=KIND.id, at=now, seen=now, signals=signals)

    async def _battery(self, sensor: _Sensor) -> dict[str, SignalValue]:
        """The battery's voltage when a look is due; nothing when it cannot be read."""
        register, now = sensor.settings.battery, self._station.clock.monotonic()
        if register is None or now < sensor.battery_due:
            return {}
        sensor.battery_due = now + self._settings.battery_interval_s
        try:
            words = await self._bus.read(sensor.settings.unit_id, register)
            return {"battery": register.volt(words)}
        except DeviceError:
            return {}


def _is_possible(pressure: float) -> bool:
    spec = KIND.signal("pressure")
    low = spec.low if spec and spec.low is not None else float("-inf")
    high = spec.high if spec and spec.high is not None else float("inf")
    return low <= pressure <= high


@asynccontextmanager
async def _open(
    settings: ModbusPressureSettings, station: Station
) -> AsyncIterator[ModbusPressure]:
    bus = Bus(
        settings.host,
        settings.port,
        rtu=settings.framing == "rtu",
        timeout_s=settings.timeout_s,
    )
    try:
        yield ModbusPressure(settings, station, bus)
    finally:
        bus.close()


DRIVER = DriverType(id="modbus-pressure", kind=KIND.id, settings=ModbusPressureSettings, open=_open)
