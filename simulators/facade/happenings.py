"""What happens before the facade cameras of an estate, told to the truth ledger first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulators.camera import SimulatedCamera
from simulators.facade.live import Harmless, LiveFacade, Throw, Thrown
from simulators.ledger import Ledger
from wire import Clock

APART_S: Final = 5.0
"""After something has fallen nothing else does so for so long, real seconds."""


@dataclass(frozen=True, slots=True)
class Facade:
    """A camera and what it looks at."""

    camera: SimulatedCamera
    scene: LiveFacade


class Facades:
    """facades: by device. Falls take the time that gravity takes, however fast the clock runs."""

    def __init__(self, clock: Clock, facades: Mapping[str, Facade], ledger: Ledger) -> None:
        self.facades = facades
        self._clock = clock
        self._ledger = ledger
        self._busy = {name: asyncio.Lock() for name in facades}

    async def throw(self, camera: str, what: Thrown, floor: int, column: int) -> None:
        """Throw something out of a window, and wait until it lies there."""
        facade = self.facades[camera]
        async with self._busy[camera]:
            t = facade.camera.elapsed_s
            thrown = await asyncio.to_thread(facade.scene.throw, what, floor, column, t=t)
            await _until(facade, thrown.starts_s)
            at = self._clock.now()
            self._ledger.write_fall(camera, at, what, floor, column)
            self._ledger.write_truth(thrown.condition, camera, at)
            await self._shown(facade, camera, thrown)
            await _until(facade, thrown.ends_s + APART_S)

    async def _shown(self, facade: Facade, camera: str, thrown: Throw) -> None:
        """What falls shows from its first picture on.

        What drifts down, once it is two floors lower: before that it could as well hang there.
        """
        if thrown.condition == "drifting-object":
            await _until(facade, thrown.deep_s)
        self._ledger.write_shown(thrown.condition, camera)

    async def harmless(self, camera: str, what: Harmless, for_s: float) -> None:
        """Have something happen that is no business of anybody's."""
        facade = self.facades[camera]
        self._ledger.write_harmless(camera, self._clock.now(), what)
        facade.scene.happen(what, for_s, t=facade.camera.elapsed_s)
        await asyncio.sleep(for_s)


async def _until(facade: Facade, t: float) -> None:
    await asyncio.sleep(max(0.0, t - facade.camera.elapsed_s))
