"""Elevator cars: a camera together with the contact that holds the door, and the speaker."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated, Literal

import aiohttp
from pydantic import Field

from edge.drivers.base import DriverType
from edge.drivers.camera_settings import CameraDevice, CameraSettings
from edge.drivers.cameras import CameraDriver, opener
from edge.elevator.car import Car
from edge.elevator.contacts import Contacts, ContactSettings
from edge.elevator.speaker import Speaker, SpeakerSettings
from edge.station import Station
from wire import Command
from wire.kinds import load as load_kinds

KIND = load_kinds()["elevator-camera"]

_open_cameras = opener(KIND.id, lambda _: True)


class CarDevice(CameraDevice):
    """One car: its camera, and what else it has."""

    contacts: ContactSettings | None = None
    speaker: SpeakerSettings | None = None

    def below(self, folder: Path) -> "CarDevice":
        """See `CameraDevice`."""
        placed = super().below(folder)
        speaker = None if self.speaker is None else self.speaker.below(folder)
        return self.model_copy(update={"url": placed.url, "speaker": speaker})


class ElevatorCarSettings(CameraSettings):
    """Cameras in elevator cars that can also be held and spoken to."""

    type: Literal["elevator-car"] = "elevator-car"
    device: Annotated[tuple[CarDevice, ...], Field(min_length=1, max_length=64)]


class ElevatorDriver:
    """The cars of one `[[driver]]` table."""

    def __init__(self, cameras: CameraDriver, cars: Mapping[str, Car]) -> None:
        self._cameras = cameras
        self._cars = cars

    async def run(self) -> None:
        """Serve cameras and contacts until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._cameras.run(), name="elevator cameras")
            for device, car in self._cars.items():
                group.create_task(car.run(), name=f"car {device}")

    async def execute(
        self,
        device: str,
        action: str,
        *,
        command: str,
        lease_s: float,  # noqa: ARG002  the agent's lease table ends it
    ) -> None:
        """See `Driver`."""
        await self._cars[device].execute(action, command=command)

    async def request(self, command: Command) -> None:
        """See `TakesRequests`."""
        await self._cameras.request(command)


@asynccontextmanager
async def _open(settings: ElevatorCarSettings, station: Station) -> AsyncIterator[ElevatorDriver]:
    """The doors are let go before the driver starts, and again when it has ended."""
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(trust_env=False))
        cars = {one.id: _car(one, station, session, stack) for one in settings.device}
        for car in cars.values():
            stack.push_async_callback(car.let_go)
        await asyncio.gather(*(car.let_go() for car in cars.values()))
        cameras = await stack.enter_async_context(_open_cameras(settings, station))
        yield ElevatorDriver(cameras, cars)


def _car(
    device: CarDevice, station: Station, session: aiohttp.ClientSession, stack: AsyncExitStack
) -> Car:
    contacts = None
    if device.contacts is not None:
        contacts = Contacts(device.contacts, station.clock)
        stack.callback(contacts.close)
    speaker = None if device.speaker is None else Speaker(device.speaker, session)
    return Car(
        device.id,
        KIND.id,
        clock=station.clock,
        recorder=station.recorder,
        board=station.board,
        contacts=contacts,
        speaker=speaker,
    )


DRIVER = DriverType(id="elevator-car", kind=KIND.id, settings=ElevatorCarSettings, open=_open)
