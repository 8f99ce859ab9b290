"""Who lives here and when they come and go. Pure and seeded; nobody has a name, only a card."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from simulators.seeds import draw_from

HOUR_S = 3600.0
DAY_S = 24 * HOUR_S
_PER_BUILDING = 60
_PER_ROOM = 3
LOBBY = 1
"""The floor by which everybody leaves."""
_FLOORS = 6
_WRONG_FLOOR_SHARE = 0.03
_WRONG_CARD_SHARE = 0.02
_WRONG_CARD_PAUSE_S = 900.0
"""Two honest mistakes at one door never come closer, so that they are no series of tries."""


@dataclass(frozen=True, slots=True)
class Resident:
    """card: ten digits, synthetic. leaves_s, returns_s: seconds after midnight, on a usual day.

    floor, room: where they live; three to a room. A room is called by its floor and its place
    there, as 0302 is.
    """

    card: str
    building: str
    floor: int
    room: str
    leaves_s: float
    returns_s: float


@dataclass(frozen=True, slots=True)
class Passage:
    """One person at one door.

    card: shown on the way in; on the way out the exit button is pressed.
    wrong_first: an unknown card that is tried before the right one.
    after_s: seconds after the trip began. reach_s: from the free lock to the open door.
    open_s: how long the door stays open behind them.
    """

    gate: str
    direction: Literal["in", "out"]
    card: str
    wrong_first: str | None
    after_s: float
    reach_s: float
    open_s: float


@dataclass(frozen=True, slots=True)
class Ride:
    """One person in an elevator with a panel.

    wrong_first: another floor, whose button is pressed first. after_s: seconds after the trip
    began. takes_s: until they are at the door, on the way down; the doors of the trip come later
    by so much.
    """

    panel: str
    card: str
    floor: int
    wrong_first: int | None
    after_s: float
    takes_s: float = 0.0


class Residents:
    """The people of an estate and their habits.

    doors: building -> its entrance doors. gates: the estate's outer gates. panels: building ->
    the access panels of its elevators. floors: of a building, where it is not of six.
    """

    def __init__(
        self,
        doors: Mapping[str, Sequence[str]],
        gates: Sequence[str],
        *,
        seed: int,
        panels: Mapping[str, Sequence[str]] | None = None,
        floors: Mapping[str, int] | None = None,
    ) -> None:
        self._doors = doors
        self._gates = tuple(gates)
        self._panels = panels or {}
        self._floors = floors or {}
        self._draw = draw_from("residents", seed)
        self._draw_rides = draw_from("panels", seed)
        self._wrong_at: dict[str, float] = {}
        self.people = [
            self._settle(building, number)
            for building in sorted(doors)
            for number in range(_PER_BUILDING)
        ]
        self._owners = {person.card: person for person in self.people}
        self.cards = frozenset(self._owners)

    def gap_s(self, local_s: float, *, trips_per_hour: float) -> float:
        """Seconds until the next trip begins; infinite when nobody goes anywhere."""
        rate = trips_per_hour * bustle(local_s) / HOUR_S
        return self._draw.expovariate(rate) if rate > 0 and self.people else math.inf

    def trip(self, local_s: float, *, now_s: float) -> list[Passage]:
        """The doors that somebody passes on a trip that begins now.

        local_s: local time of day, which decides who goes. now_s: a time that only grows.
        """
        person, direction = self._who(local_s)
        door = self._draw.choice(self._doors[person.building] or (None,))
        gate = self._draw.choice(self._gates) if self._gates else None
        way = [gate, door] if direction == "in" else [door, gate]
        walk_s = self._draw.uniform(40.0, 110.0)
        return [
            self._pass(place, person, direction, after_s=walk_s * leg, now_s=now_s)
            for leg, place in enumerate(way)
            if place is not None
        ]

    def home(self, card: str) -> int | None:
        """On which floor the owner of a card lives; None when nobody here owns it."""
        owner = self._owners.get(card)
        return None if owner is None else owner.floor

    def ride(self, trip: Sequence[Passage]) -> Ride | None:
        """The elevator at the end of a trip that goes home, or at the beginning of another."""
        if not trip:
            return None
        person, door = self._owners[trip[-1].card], trip[-1]
        panels = self._panels.get(person.building)
        if not panels:
            return None
        draw = self._draw_rides
        if door.direction == "out":
            takes_s = draw.uniform(12.0, 35.0)
            return Ride(draw.choice(panels), person.card, LOBBY, None, 0.0, takes_s)
        wrong = person.floor - 1 if draw.random() < _WRONG_FLOOR_SHARE else None
        after_s = door.after_s + door.reach_s + draw.uniform(12.0, 35.0)
        return Ride(draw.choice(panels), person.card, person.floor, wrong, after_s)

    def unknown_card(self) -> str:
        """A card that nobody here owns."""
        while (card := self._card()) in self.cards:
            pass
        return card

    def _settle(self, building: str, number: int) -> Resident:
        upper = max(1, self._floors.get(building, _FLOORS) - 1)
        place, storey = divmod(number // _PER_ROOM, upper)
        return Resident(
            self._card(),
            building,
            floor=storey + 2,
            room=f"{storey + 2:02d}{place + 1:02d}",
            leaves_s=self._draw.gauss(7.6, 0.8) * HOUR_S % DAY_S,
            returns_s=self._draw.gauss(18.4, 1.6) * HOUR_S % DAY_S,
        )

    def _card(self) -> str:
        return f"{self._draw.randrange(10**9, 10**10)}"

    def _who(self, local_s: float) -> tuple[Resident, Literal["in", "out"]]:
        """Of a few people who might, the one whose habit is nearest to this time of day."""
        some = self._draw.sample(self.people, min(8, len(self.people)))
        return min(
            ((person, way) for person in some for way in _WAYS),
            key=lambda choice: _apart(local_s, _usual(*choice)),
        )

    def _pass(
        self,
        gate: str,
        person: Resident,
        direction: Literal["in", "out"],
        *,
        after_s: float,
        now_s: float,
    ) -> Passage:
        return Passage(
            gate,
            direction,
            person.card,
            self._mistake(gate, now_s) if direction == "in" else None,
            after_s,
            reach_s=self._draw.uniform(0.6, 1.6),
            open_s=self._draw.uniform(2.0, 4.5),
        )

    def _mistake(self, gate: str, now_s: float) -> str | None:
        if self._draw.random() >= _WRONG_CARD_SHARE:
            return None
        if now_s - self._wrong_at.get(gate, -math.inf) < _WRONG_CARD_PAUSE_S:
            return None
        self._wrong_at[gate] = now_s
        return self.unknown_card()


_WAYS: tuple[Literal["in", "out"], ...] = ("in", "out")


def bustle(local_s: float) -> float:
    """Share of the busiest traffic, 0.15..1, at a local time of day: peaks at 07:40 and 18:30."""
    hour = local_s % DAY_S / HOUR_S
    morning = math.exp(-(((hour - 7.7) / 1.3) ** 2))
    noon = 0.4 * math.exp(-(((hour - 12.0) / 1.5) ** 2))
    evening = math.exp(-(((hour - 18.5) / 2.0) ** 2))
    return min(1.0, 0.15 + morning + noon + evening)


def _usual(person: Resident, direction: Literal["in", "out"]) -> float:
    return person.returns_s if direction == "in" else person.leaves_s


def _apart(one_s: float, other_s: float) -> float:
    """Seconds between two times of day, around midnight where that is shorter."""
    gap = abs(one_s - other_s) % DAY_S
    return min(gap, DAY_S - gap)
