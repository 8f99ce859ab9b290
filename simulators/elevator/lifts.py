"""All elevator cars of an estate, with the machines beside them."""

import asyncio
import random
import secrets
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from simulators.camera import SimulatedCamera
from simulators.elevator.car import ElevatorCar, Subject
from simulators.elevator.iomodule import COIL, DOOR, FIRE, FLOOR, MOVING, IoModules
from simulators.elevator.scenes import CabinScenes, CarScene
from simulators.elevator.speaker import SpeakerServer
from simulators.elevator.trips import Ride, Trips
from simulators.errors import SimulatorError
from simulators.ledger import Ledger
from simulators.wiring import write_token
from wire import Clock

PEOPLE: Final[tuple[Subject, ...]] = ("person", "two-people")
REDRAW_S: Final = 300.0
"""A longer wait is drawn again: exponential gaps have no memory."""


class Lifts:
    """An async context manager: I/O modules and speakers listen while it lasts.

    cabins: by device, the cabin of `scenes` that its camera looks into.
    scenes: None where there are no cars.
    cameras: to be served beside the estate's others.
    """

    def __init__(
        self,
        cabins: Mapping[str, str],
        scenes: CabinScenes | None,
        *,
        clock: Clock,
        ledger: Ledger,
    ) -> None:
        if cabins and scenes is None:
            raise SimulatorError("elevator cars need pictures of their cabins")
        self.cars = {name: ElevatorCar(name, clock=clock, ledger=ledger) for name in cabins}
        found = {
            name: CarScene(self.cars[name], scenes, cabin, clock.monotonic)
            for name, cabin in cabins.items()
            if scenes is not None
        }
        self.trips = {
            name: Trips(self.cars[name], scene, clock, ledger) for name, scene in found.items()
        }
        self.cameras = {name: SimulatedCamera(name, scene) for name, scene in found.items()}
        self._tokens = {name: secrets.token_urlsafe(24) for name in cabins}
        self._modules = IoModules(list(self.cars.values()))
        self._speakers = SpeakerServer(self.cars, self._tokens)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            if self.cars:
                await stack.enter_async_context(self._modules)
                await stack.enter_async_context(self._speakers)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ride(self, car: str, ride: Ride) -> None:
        """Let somebody ride, when the car is free."""
        await self.trips[car].ride(ride)

    def subjects(self, car: str) -> frozenset[str]:
        """Whom or what there are pictures of."""
        return self.trips[car].subjects

    async def go_about(
        self, clock: Clock, draw: random.Random, per_hour: float, busy: Callable[[str], bool]
    ) -> None:
        """People ride, until cancelled. busy: where something else is about to happen."""
        async with asyncio.TaskGroup() as group:
            for car in self.cars:
                group.create_task(self._go_about(car, clock, draw, per_hour, busy))

    async def _go_about(
        self,
        car: str,
        clock: Clock,
        draw: random.Random,
        per_hour: float,
        busy: Callable[[str], bool],
    ) -> None:
        people = [one for one in PEOPLE if one in self.subjects(car)]
        while True:
            gap_s = draw.expovariate(per_hour / 3600) if per_hour and people else REDRAW_S
            await asyncio.sleep(clock.real_seconds(min(gap_s, REDRAW_S)))
            if gap_s < REDRAW_S and people and not busy(car):
                await self.ride(car, Ride(draw.choice(people), draw.randint(2, 4)))

    def device(self, name: str, url: str, message: Path, folder: Path) -> dict[str, Any]:
        """A car's table for the edge's driver `elevator-car`; writes the speaker's token.

        url: of its camera's stream. message: what its speaker says. folder: for the token file.
        """
        return {
            "id": name,
            "url": url,
            "contacts": {
                "host": self._modules.host,
                "port": self._modules.port,
                "unit_id": self._modules.units[name],
                "coil": COIL,
                "door": {"address": DOOR},
                "moving": {"address": MOVING},
                "fire": {"address": FIRE},
                "floor": {"address": FLOOR, "table": "input", "type": "int16"},
            },
            "speaker": {
                "url": self._speakers.url(name),
                "token_file": str(
                    write_token(folder / f"{name}-speaker.token", self._tokens[name])
                ),
                "message": str(message),
            },
        }
