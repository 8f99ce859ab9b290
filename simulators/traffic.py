"""Lets cars live on an estate, and lets things happen at its barriers."""

import asyncio
import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from simulators.barrier import BarrierController, Reading
from simulators.cars import Car, Cars, misread
from simulators.daytime import local_seconds
from simulators.scenario import AtBarrier, Misread, StrikeBarrier, Tailgate
from simulators.snapshot import snapshot
from wire import Clock

RAISE_S = 1.2
"""From the list's answer to the arm's being up."""

REDRAW_S = 60.0
"""A longer wait is drawn again: exponential gaps have no memory, and traffic changes."""

_BOOTH_S = (4.0, 9.0)
_READS_WELL = (88.0, 99.9)
_DOUBTS = (35.0, 60.0)
_DISTANCE_S = 6.0
"""Nobody reads a plate right behind somebody who slipped through: whether that one or the next had
been let in, no barrier could say."""


@dataclass
class Traffic:
    """The barriers and the cars of an estate, under one simulated clock.

    used_s: when a car last used a lane, by the clock's monotonic seconds.
    """

    clock: Clock
    barriers: Mapping[str, BarrierController]
    cars: Cars
    cars_per_hour: float
    draw: random.Random
    used_s: dict[str, float] = field(default_factory=dict)
    _reserved: dict[str, int] = field(default_factory=dict)
    _queue: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def go_about(self) -> None:
        """Cars come and go, until cancelled."""
        if not self.barriers:
            return
        async with asyncio.TaskGroup() as trips:
            while True:
                local_s = local_seconds(self.clock)
                gap_s = self.cars.gap_s(local_s, cars_per_hour=self.cars_per_hour)
                await self._sleep(min(gap_s, REDRAW_S))
                if gap_s <= REDRAW_S:
                    car = self.cars.next(local_seconds(self.clock))
                    car.away = True
                    trips.create_task(self._trip(car))

    def tend(self) -> None:
        """What the controllers do by themselves."""
        for barrier in self.barriers.values():
            barrier.tend()

    def reserve(self, barrier: str) -> None:
        """Keep cars away from a lane; pairs with `free`."""
        self._reserved[barrier] = self._reserved.get(barrier, 0) + 1

    def free(self, barrier: str) -> None:
        """Let cars use a lane again."""
        self._reserved[barrier] -= 1

    async def undergo(self, incident: AtBarrier) -> None:
        """Let an incident happen now, to its end."""
        barrier = self.barriers[incident.barrier]
        async with self._lane(incident.barrier):
            match incident:
                case StrikeBarrier():
                    barrier.strike()
                    try:
                        await self._sleep(incident.repair_s)
                    finally:
                        barrier.repair()
                case Tailgate():
                    await self._tailgate(barrier)
                case Misread():
                    await self._misread(barrier)

    async def _trip(self, car: Car) -> None:
        """One car through one lane, if the lane is free for it."""
        with _back(car):
            lanes = [one for one in self.barriers.values() if one.way == car.way]
            if not lanes:
                return
            barrier = self.draw.choice(lanes)
            async with self._lane(barrier.device):
                if self._reserved.get(barrier.device) or barrier.broken:
                    return
                self.used_s[barrier.device] = self.clock.monotonic()
                if await self._let_in(barrier, car) and await self._drive(barrier, car.plate):
                    car.inside = not car.inside
                self.used_s[barrier.device] = self.clock.monotonic()

    async def _let_in(self, barrier: BarrierController, car: Car) -> bool:
        """Be read, and wait for the arm; whoever is on no list waits for the booth."""
        if barrier.read(self._look(car)):
            await self._sleep(RAISE_S)
            barrier.raise_arm()
        else:
            await self._sleep(self.draw.uniform(*_BOOTH_S))
            barrier.press_button()
        await self._sleep(self.draw.uniform(1.0, 2.5))
        return barrier.up

    async def _drive(self, barrier: BarrierController, plate: str | None) -> bool:
        """Over the loop; False when the arm is in the way."""
        if not barrier.drive_on():
            return False
        try:
            await self._sleep(self.draw.uniform(1.2, 2.2))
        finally:
            barrier.drive_off(plate)
        return True

    async def _tailgate(self, barrier: BarrierController) -> None:
        """A car is let pass, and another one follows close behind, too close to be read."""
        first = self.cars.unknown()
        await self._let_in(barrier, first)
        await self._drive(barrier, first.plate)
        await self._drive(barrier, None)  # bumper to bumper: the loop was never free
        await self._sleep(_DISTANCE_S)

    async def _misread(self, barrier: BarrierController) -> None:
        """The camera cannot make sense of a plate; the booth lets the car pass."""
        car = self.cars.unknown()
        doubt = self._look(car, misread(car.plate, self.draw), _DOUBTS)
        if barrier.read(doubt):
            await self._sleep(RAISE_S)
            barrier.raise_arm()
        else:
            await self._sleep(self.draw.uniform(*_BOOTH_S))
            barrier.press_button()
        await self._sleep(1.5)
        await self._drive(barrier, None)

    def _look(
        self, car: Car, plate: str | None = None, confidence: tuple[float, float] = _READS_WELL
    ) -> Reading:
        percent = round(self.draw.uniform(*confidence), 1)
        return Reading(plate or car.plate, car.colour, percent, snapshot(self.draw))

    async def _sleep(self, simulated_s: float) -> None:
        await asyncio.sleep(max(0.0, self.clock.real_seconds(simulated_s)))

    def _lane(self, barrier: str) -> asyncio.Lock:
        """One car at a time."""
        return self._queue.setdefault(barrier, asyncio.Lock())


@contextmanager
def _back(car: Car) -> Iterator[None]:
    try:
        yield
    finally:
        car.away = False
