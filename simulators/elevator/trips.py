"""Rides: somebody comes with something, the car goes or waits, and they leave again."""

import asyncio
from dataclasses import dataclass
from typing import Final

from simulators.elevator.car import ElevatorCar, Part, Subject
from simulators.elevator.scenes import CarScene
from simulators.ledger import Ledger
from wire import Clock

DWELL_S: Final = 4.0
"""A door begins to close this long after it was last needed."""

CLOSE_S: Final = 2.0
FLOOR_S: Final = 1.5
HEED_S: Final = 5.0
"""Who heeds the voice turns round this long after it has begun."""

_LOOK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class Ride:
    """heeds: turns back when the door is held and the voice speaks."""

    subject: Subject
    to_floor: int
    heeds: bool = False


class Trips:
    """Moves one car, one ride after another."""

    def __init__(self, car: ElevatorCar, scene: CarScene, clock: Clock, ledger: Ledger) -> None:
        self.car = car
        self._scene = scene
        self._clock = clock
        self._ledger = ledger
        self._one_at_a_time = asyncio.Lock()

    @property
    def subjects(self) -> frozenset[str]:
        """Whom or what there are pictures of."""
        return self._scene.scenes.subjects(self._scene.cabin.id)

    async def ride(self, ride: Ride) -> str:
        """Let it happen now; `dissuaded` or `rode`."""
        async with self._one_at_a_time:
            try:
                outcome = await self._ride(ride)
            finally:
                self.car.moving = self.car.door_open = False
                self.car.show("empty", "inside")
            self._ledger.write_ride(
                self.car.device, self._clock.now(), ride.subject, outcome, self.car.floor
            )
            return outcome

    async def _ride(self, ride: Ride) -> str:
        car = self.car
        self._scene.take += 1
        await self._go(1)
        car.door_open = True
        heard = len(car.spoken)
        await self._enter(ride.subject)
        if ride.heeds and await self._is_asked(heard):
            await self._sleep(HEED_S)
            await self._part(ride.subject, "leave")
            car.show("empty", "inside")
            await self._close()
            return "dissuaded"
        await self._close()
        await self._go(ride.to_floor)
        car.door_open = True
        await self._part(ride.subject, "leave")
        car.show("empty", "inside")
        await self._close()
        return "rode"

    async def _enter(self, subject: Subject) -> None:
        clip = self._scene.clip(subject, "enter")
        self.car.show(subject, "enter")
        await self._sleep(clip.inside_s)
        if subject == "ebike":
            self.car.appears()
        await self._sleep(max(0.0, self._scene.scenes.length_s(clip) - clip.inside_s))
        self.car.show(subject, "inside")

    async def _is_asked(self, heard: int) -> bool:
        """Whether the door is held and the voice speaks before it would have closed."""
        until_s = self._clock.monotonic() + DWELL_S
        while self._clock.monotonic() < until_s or self.car.held:
            if self.car.held and len(self.car.spoken) > heard:
                return True
            await self._sleep(_LOOK_S)
        return False

    async def _close(self) -> None:
        """Close the door; as long as its button is pressed, or the contact closed, it waits."""
        needed_s = self._clock.monotonic()
        while self._clock.monotonic() - needed_s < DWELL_S + CLOSE_S:
            if self.car.held:
                needed_s = self._clock.monotonic()
            await self._sleep(_LOOK_S)
        self.car.door_open = False

    async def _go(self, floor: int) -> None:
        if floor == self.car.floor:
            return
        self.car.moving = True
        step = 1 if floor > self.car.floor else -1
        while self.car.floor != floor:
            await self._sleep(FLOOR_S)
            self.car.floor += step + (self.car.floor + step == 0) * step  # there is no floor 0
        self.car.moving = False

    async def _part(self, subject: Subject, part: Part) -> None:
        self.car.show(subject, part)
        await self._sleep(self._scene.scenes.length_s(self._scene.clip(subject, part)))

    async def _sleep(self, simulated_s: float) -> None:
        await asyncio.sleep(max(0.0, self._clock.real_seconds(simulated_s)))
