"""What happens before the facade cameras of an estate, told to the truth ledger first."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simulators.camera import SimulatedCamera
from simulators.facade.live import Harmless, LiveFacade, Thrown
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
        """Throw something out of a window, and wait until it lies there.

        What falls shows from its first picture on; what drifts down, once it is two floors lower:
        before that it could as well hang there.
        """
        facade = self.facades[camera]
        async with self._busy[camera]:
            thrown = facade.scene.throw(what, floor, column, t=facade.camera.elapsed_s)
            at = self._clock.now() + round(1000 * thrown.starts_s * self._clock.rate)
            self._ledger.write_fall(camera, at, what, floor, column)
            self._ledger.write_truth(thrown.condition, camera, at)
            await asyncio.sleep(thrown.starts_s)
            drifts = thrown.condition == "drifting-object"
            await asyncio.sleep(thrown.deep_s if drifts else 0.0)
            self._ledger.write_shown(thrown.condition, camera)
            left_s = thrown.ends_s - (thrown.deep_s if drifts else 0.0)
            await asyncio.sleep(left_s + APART_S)

    async def harmless(self, camera: str, what: Harmless, for_s: float) -> None:
        """Have something happen that is no business of anybody's."""
        facade = self.facades[camera]
        self._ledger.write_harmless(camera, self._clock.now(), what)
        facade.scene.happen(what, for_s, t=facade.camera.elapsed_s)
        await asyncio.sleep(for_s)
