"""Plays a scenario on a living estate: its steps at their times, then more incidents for ever."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from typing import get_args

from simulators.facade.live import Harmless as HarmlessSight
from simulators.facade.live import Thrown
from simulators.life import CALM_S, Life
from simulators.scenario import (
    After,
    AtDoor,
    AtFacade,
    BlindCamera,
    Deny,
    EbikeEnters,
    EbikeRides,
    ForceDoor,
    Harmless,
    HarmlessRide,
    HarmlessView,
    InCar,
    Incident,
    IncidentName,
    Leak,
    Misread,
    PropDoor,
    Quiet,
    Recover,
    Scenario,
    Step,
    StrikeBarrier,
    Tailgate,
    ThrowOut,
)
from simulators.scenery import Blindness

_PLACES = ("gate", "barrier", "car", "controller")
_LEAK_LASTS_S = (60.0, 150.0)
_HOWS: tuple[Blindness, ...] = ("black", "covered", "moved", "frozen", "no-signal")
_AT_BARRIERS = frozenset({"strike-barrier", "tailgate", "misread"})
_AT_FACADES = frozenset({"throw", "harmless-view"})
_IN_CARS = frozenset({"ebike-enters", "ebike-rides", "harmless-ride"})


class Director:
    """Plays one scenario.

    limits_mpa: of the sensors whose branch may leak in further incidents.
    allowed_s: how long a door may stand open, by gate.
    """

    def __init__(
        self,
        scenario: Scenario,
        life: Life,
        *,
        limits_mpa: Mapping[str, float],
        allowed_s: Mapping[str, float],
        draw: random.Random,
    ) -> None:
        self._scenario = scenario
        self._life = life
        self._limits_mpa = limits_mpa
        self._sensors = sorted(limits_mpa)
        self._gates = sorted(allowed_s)
        self._barriers = sorted(life.traffic.barriers)
        self._cameras = sorted(life.tampering.cameras)
        self._cars = sorted(life.lifts.cars)
        self._facades = sorted(life.facades.facades)
        self._allowed_s = allowed_s
        self._draw = draw
        self._start_s = 0.0
        self._over = False

    async def play(self) -> None:
        """Play to the end of the steps, or for ever where the scenario says what comes after."""
        self._start_s = self._life.clock.monotonic()
        async with asyncio.TaskGroup() as group:
            for step in self._scenario.step:
                group.create_task(self._step(step))
        if self._scenario.after is not None:
            await self._go_on(self._scenario.after)

    def stop(self) -> None:
        """Let nothing more begin; what has begun goes on to its end, and leaks are still closed."""
        self._over = True

    async def _step(self, step: Step) -> None:
        if isinstance(step, Quiet):
            await self._until(step.at_s)
            if self._over:
                return
            self._life.quiet_until_s = self._life.clock.monotonic() + step.for_s
            return
        await self._undergo(step, at_s=step.at_s)

    async def _undergo(self, incident: Incident, *, at_s: float) -> None:
        place = place_of(incident)
        await self._until(at_s - CALM_S)
        if self._over and not isinstance(incident, Recover):
            return
        if place is not None:
            self._life.reserve(place)
        try:
            await self._until(at_s)
            await self._life.undergo(incident)
        finally:
            if place is not None:
                self._life.free(place)

    async def _until(self, at_s: float) -> None:
        await self._life.sleep(self._start_s + at_s - self._life.clock.monotonic())

    async def _go_on(self, after: After) -> None:
        """One incident after another, each device in turn, so that none is troubled too often."""
        self._draw.shuffle(self._sensors)
        self._draw.shuffle(self._gates)
        self._draw.shuffle(self._barriers)
        self._draw.shuffle(self._cameras)
        self._draw.shuffle(self._cars)
        self._draw.shuffle(self._facades)
        while not self._over:
            await self._life.sleep(self._draw.uniform(*after.every_s))
            if self._over:
                return
            name = self._draw.choice(after.incidents)
            for incident, pause_s in self._next(name, after.harmless):
                at_s = self._life.clock.monotonic() - self._start_s + CALM_S
                await self._undergo(incident, at_s=at_s)
                await self._life.sleep(pause_s)

    def _next(
        self, name: IncidentName, harmless: Sequence[Harmless]
    ) -> list[tuple[Incident, float]]:
        """An incident on the device that waited longest, and the seconds to let pass after it."""
        if name == "leak":
            sensor = _rotate(self._sensors)
            to_mpa = max(0.0, self._limits_mpa[sensor] - self._draw.uniform(0.03, 0.06))
            leak = Leak(target=sensor, to_mpa=to_mpa, over_s=self._draw.uniform(3.0, 6.0))
            return [
                (leak, self._draw.uniform(*_LEAK_LASTS_S)),
                (Recover(target=sensor, over_s=self._draw.uniform(15.0, 40.0)), 0.0),
            ]
        return [(self._single(name, harmless), 0.0)]

    def _single(self, name: IncidentName, harmless: Sequence[Harmless]) -> Incident:
        """One that is over by itself."""
        if name in _AT_BARRIERS:
            return self._at_barrier(name, _rotate(self._barriers))
        if name in _IN_CARS:
            return self._in_car(name, _rotate(self._cars), harmless)
        if name in _AT_FACADES:
            return self._at_facade(name, _rotate(self._facades))
        if name == "blind-camera":
            how = self._draw.choice(_HOWS)
            return BlindCamera(camera=_rotate(self._cameras), how=how)
        return self._at_door(name, _rotate(self._gates))

    def _at_door(self, name: IncidentName, gate: str) -> AtDoor:
        if name == "force-door":
            return ForceDoor(gate=gate, open_s=self._draw.uniform(4.0, 9.0))
        if name == "prop-door":
            open_s = self._allowed_s[gate] + self._draw.uniform(20.0, 60.0)
            return PropDoor(gate=gate, open_s=open_s)
        return Deny(gate=gate, tries=5, every_s=self._draw.uniform(1.5, 3.0))

    def _in_car(self, name: IncidentName, car: str, harmless: Sequence[Harmless]) -> InCar:
        floor = self._draw.randint(2, 6)
        if name == "ebike-enters":
            return EbikeEnters(car=car, floor=floor)
        if name == "ebike-rides":
            return EbikeRides(car=car, floor=floor)
        known = self._life.lifts.subjects(car)
        subject = self._draw.choice([one for one in harmless if one in known])
        return HarmlessRide(car=car, floor=floor, subject=subject)

    def _at_facade(self, name: IncidentName, camera: str) -> AtFacade:
        if name == "harmless-view":
            what = self._draw.choice(get_args(HarmlessSight))
            return HarmlessView(camera=camera, what=what, for_s=self._draw.uniform(6.0, 15.0))
        view = self._life.facades.facades[camera].scene.view
        return ThrowOut(
            camera=camera,
            what=self._draw.choice(get_args(Thrown)),
            floor=self._draw.randint(min(6, view.top_floor), view.top_floor),
            column=self._draw.randint(2, view.columns - 1),
        )

    def _at_barrier(self, name: IncidentName, barrier: str) -> Incident:
        if name == "strike-barrier":
            repair_s = self._draw.uniform(30.0, 90.0)
            return StrikeBarrier(barrier=barrier, repair_s=repair_s)
        return Tailgate(barrier=barrier) if name == "tailgate" else Misread(barrier=barrier)


def place_of(incident: Incident) -> str | None:
    """The door, lane or car that people keep away from while this happens there."""
    return next((getattr(incident, name) for name in _PLACES if hasattr(incident, name)), None)


def _rotate(names: list[str]) -> str:
    """Take the first and put it last."""
    names.append(names.pop(0))
    return names[-1]
