"""All elevator cars of an estate, with the machines beside them."""

import secrets
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from simulators.camera import SimulatedCamera
from simulators.elevator.car import ElevatorCar
from simulators.elevator.iomodule import COIL, DOOR, FIRE, FLOOR, MOVING, IoModules
from simulators.elevator.scenes import CabinScenes, CarScene
from simulators.elevator.speaker import SpeakerServer
from simulators.elevator.trips import Trips
from simulators.ledger import Ledger
from simulators.wiring import write_token
from wire import Clock


class Lifts:
    """An async context manager: I/O modules and speakers listen while it lasts.

    cabins: by device, the cabin of `scenes` that its camera looks into.
    cameras: to be served beside the estate's others.
    """

    def __init__(
        self, cabins: Mapping[str, str], scenes: CabinScenes, *, clock: Clock, ledger: Ledger
    ) -> None:
        self.cars = {name: ElevatorCar(name, clock=clock, ledger=ledger) for name in cabins}
        found = {
            name: CarScene(self.cars[name], scenes, cabin, clock.monotonic)
            for name, cabin in cabins.items()
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
