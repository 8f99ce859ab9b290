"""What is done to cameras, told to the truth ledger before anybody can see it."""

import asyncio
from collections.abc import Mapping
from typing import Final

from simulators.camera import SimulatedCamera
from simulators.ledger import Ledger
from simulators.scenery import Blindness
from wire import Clock

_MOVED: Final = "camera-moved"
_BLIND: Final = "camera-blind"


class Tampering:
    """cameras: by device."""

    def __init__(
        self, clock: Clock, cameras: Mapping[str, SimulatedCamera], ledger: Ledger
    ) -> None:
        self.cameras = cameras
        self._clock = clock
        self._ledger = ledger

    async def blind(self, camera: str, how: Blindness, for_s: float) -> None:
        """Tamper with a camera for some seconds."""
        kind = _MOVED if how == "moved" else _BLIND
        self._ledger.write_truth(kind, camera, self._clock.now(), shown=self._ledger.read())
        self.cameras[camera].blinds.blindness = how
        try:
            await asyncio.sleep(self._clock.real_seconds(for_s))
        finally:
            self.cameras[camera].blinds.blindness = None
