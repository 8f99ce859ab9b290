"""Lets people live on an estate, and lets things happen to it: the acting half of a scenario."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.daytime import local_seconds
from simulators.elevator.lifts import Lifts
from simulators.elevator.trips import Ride as CarRide
from simulators.facade.happenings import Facades
from simulators.gate import GateController
from simulators.panel import ElevatorPanel
from simulators.residents import Passage, Residents, Ride
from simulators.scenario import (
    AtDoor,
    BlindCamera,
    Deny,
    EbikeEnters,
    EbikeRides,
    HarmlessRide,
    HarmlessView,
    Incident,
    Leak,
    Misread,
    PropDoor,
    Recover,
    Silence,
    StrikeBarrier,
    Tailgate,
    ThrowOut,
)
from simulators.silence import Silences
from simulators.tampering import Tampering
from simulators.traffic import Traffic
from simulators.water import WaterNetwork
from wire import Clock

CALM_S = 20.0
"""Nobody uses a door for this long before an incident there, nor while it lasts."""

SETTLED_S = 8.0
"""Whoever used a door or a lane this long ago has nothing to do with what happens there now."""

ROW = 5
ROW_WITHIN_S = 120.0
"""So many refusals in a row, within so long, are remarkable (GB 50396-2007: five at most)."""

ROW_OVER_S = 60.0
"""Refusals that follow sooner than this belong to the row before."""

REDRAW_S = 60.0
"""A longer wait is drawn again: exponential gaps have no memory, and traffic changes."""


@dataclass
class Life:
    """The doors, the water, the people and the cars of an estate, under one simulated clock."""

    clock: Clock
    gates: Mapping[str, GateController]
    water: WaterNetwork
    residents: Residents
    trips_per_hour: float
    draw: random.Random
    traffic: Traffic
    tampering: Tampering
    lifts: Lifts
    facades: Facades
    silences: Silences
    panels: Mapping[str, ElevatorPanel] = field(default_factory=dict)
    quiet_until_s: float = 0.0
    _reserved: dict[str, int] = field(default_factory=dict)
    _used_s: dict[str, float] = field(default_factory=dict)
    _refused_s: dict[str, float] = field(default_factory=dict)
    _queue: dict[str, asyncio.Lock] = field(default_factory=dict)

    @property
    def local_s(self) -> float:
        """Local time, seconds since the epoch's local midnight."""
        return local_seconds(self.clock)

    async def sleep(self, simulated_s: float) -> None:
        """Let simulated time pass."""
        await asyncio.sleep(max(0.0, self.clock.real_seconds(simulated_s)))

    async def go_about(self) -> None:
        """Residents come and go, until cancelled."""
        async with asyncio.TaskGroup() as trips:
            while True:
                gap_s = self.residents.gap_s(self.local_s, trips_per_hour=self.trips_per_hour)
                await self.sleep(min(gap_s, REDRAW_S))
                if gap_s > REDRAW_S or self.clock.monotonic() < self.quiet_until_s:
                    continue
                now_s = self.clock.monotonic()
                trip = self.residents.trip(self.local_s, now_s=now_s)
                ride = self.residents.ride(trip)
                if ride is not None:
                    trips.create_task(self._ride(ride))
                for passage in trip:
                    trips.create_task(self._pass(passage, 0.0 if ride is None else ride.takes_s))

    async def undergo(self, incident: Incident) -> None:
        """Let an incident happen now, to its end."""
        match incident:
            case Leak():
                self.water.leak(
                    incident.target,
                    to_mpa=incident.to_mpa,
                    over_s=incident.over_s,
                    time_s=self.local_s,
                )
            case Recover():
                self.water.recover(incident.target, over_s=incident.over_s, time_s=self.local_s)
            case Silence():
                await self.silences.fall(incident.controller, incident.for_s)
            case StrikeBarrier() | Tailgate() | Misread():
                await self.traffic.undergo(incident)
            case EbikeEnters() | EbikeRides():
                heeds = isinstance(incident, EbikeEnters)
                await self.lifts.ride(incident.car, CarRide("ebike", incident.floor, heeds=heeds))
            case HarmlessRide():
                await self.lifts.ride(incident.car, CarRide(incident.subject, incident.floor))
            case ThrowOut():
                await self.facades.throw(
                    incident.camera, incident.what, incident.floor, incident.column
                )
            case HarmlessView():
                await self.facades.harmless(incident.camera, incident.what, incident.for_s)
            case BlindCamera():
                await self.tampering.blind(incident.camera, incident.how, incident.for_s)
            case _:
                await self._at_door(incident)

    def is_reserved(self, place: str) -> bool:
        """Whether something is about to happen there."""
        return bool(self._reserved.get(place))

    def reserve(self, place: str) -> None:
        """Keep residents away from a door, or cars from a lane; pairs with `free`."""
        self.traffic.reserve(place)
        self._reserved[place] = self._reserved.get(place, 0) + 1

    def free(self, place: str) -> None:
        """Let them use it again."""
        self.traffic.free(place)
        self._reserved[place] -= 1

    async def settled(self, place: str) -> None:
        """Wait until nobody has used a reserved door or lane for a while."""
        while (left_s := self.settles_in_s(place)) > 0:
            await self.sleep(left_s)

    def settles_in_s(self, place: str) -> float:
        """How long that still takes, if nobody uses it any more; simulated seconds."""
        used_s = (self._used_s.get(place), self.traffic.used_s.get(place))
        last_s = max((one for one in used_s if one is not None), default=None)
        return 0.0 if last_s is None else last_s + SETTLED_S - self.clock.monotonic()

    async def _at_door(self, incident: AtDoor) -> None:
        gate = self.gates[incident.gate]
        async with self._door(incident.gate):
            if isinstance(incident, Deny):
                await self._try_cards(gate, incident)
                return
            if isinstance(incident, PropDoor):
                gate.present_card(self.draw.choice(sorted(self.residents.cards)))
                await self.sleep(1.0)
            gate.pull_open()
            try:
                await self.sleep(incident.open_s)
            finally:
                gate.fall_shut()

    async def _try_cards(self, gate: GateController, incident: Deny) -> None:
        began_s = self.clock.monotonic()
        known = began_s - self._refused_s.get(gate.device, -ROW_OVER_S) < ROW_OVER_S
        for tried in range(1, incident.tries + 1):
            now_s = self.clock.monotonic()
            if tried == ROW and not known and now_s - began_s <= ROW_WITHIN_S:
                gate.tell("door-denied-repeatedly")
            gate.present_card(self.residents.unknown_card())
            self._refused_s[gate.device] = now_s
            await self.sleep(incident.every_s)

    async def _pass(self, passage: Passage, later_s: float) -> None:
        await self.sleep(passage.after_s + later_s)
        gate = self.gates[passage.gate]
        async with self._door(passage.gate):
            if self._reserved.get(passage.gate):
                return
            self._used_s[passage.gate] = self.clock.monotonic()
            if passage.wrong_first is not None:
                gate.present_card(passage.wrong_first)
                await self.sleep(2.0)
            if passage.direction == "in":
                gate.present_card(passage.card)
            else:
                gate.press_exit()
            await self.sleep(passage.reach_s)
            if gate.locked:
                return  # too slow: they try again another time
            gate.pull_open()
            try:
                await self.sleep(passage.open_s)
            finally:
                gate.fall_shut()
                self._used_s[passage.gate] = self.clock.monotonic()

    async def _ride(self, ride: Ride) -> None:
        await self.sleep(ride.after_s)
        panel = self.panels[ride.panel]
        if ride.wrong_first is not None:
            panel.choose(ride.card, ride.wrong_first)
            await self.sleep(2.0)
        panel.choose(ride.card, ride.floor)

    def _door(self, gate: str) -> asyncio.Lock:
        """One person at a time."""
        return self._queue.setdefault(gate, asyncio.Lock())
