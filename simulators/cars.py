"""Whose cars come and go, and when. Pure and seeded; plates are drawn, nobody's.

A car that is in can only go out, and the other way round: who contradicts that is no car's habit.
"""

import math
import random
from dataclasses import dataclass
from typing import Final

from simulators.barrier import Way
from simulators.residents import DAY_S, HOUR_S, bustle
from simulators.seeds import draw_from

_RESIDENTS: Final = 160
_VISITOR_SHARE: Final = 0.06
_NEW_ENERGY_SHARE: Final = 0.4
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS: Final = "0123456789"


@dataclass(slots=True)
class Car:
    """leaves_s, returns_s: seconds after midnight, on a usual day. away: on its way just now."""

    plate: str
    colour: str
    leaves_s: float
    returns_s: float
    inside: bool
    resident: bool = True
    away: bool = False

    @property
    def way(self) -> Way:
        """Where it can go next."""
        return "out" if self.inside else "in"


class Cars:
    """The cars of an estate, and its visitors'."""

    def __init__(self, *, seed: int) -> None:
        self._draw = draw_from("cars", seed)
        self._known: set[str] = set()
        self.residents = [self._car() for _ in range(_RESIDENTS)]
        self.listed = frozenset(car.plate for car in self.residents)
        self._visitors: list[Car] = []

    def gap_s(self, local_s: float, *, cars_per_hour: float) -> float:
        """Seconds until the next car sets out; infinite when none does."""
        rate = cars_per_hour * bustle(local_s) / HOUR_S
        return self._draw.expovariate(rate) if rate > 0 else math.inf

    def next(self, local_s: float) -> Car:
        """The car that sets out at a local time of day."""
        if self._draw.random() < _VISITOR_SHARE:
            return self._visitor()
        free = [car for car in self.residents if not car.away]
        some = self._draw.sample(free, min(6, len(free)))
        return min(some, key=lambda car: _apart(local_s, _usual(car)), default=self._visitor())

    def unknown(self) -> Car:
        """A car that is on no list."""
        car = self._car()
        car.inside = car.resident = False
        return car

    def _visitor(self) -> Car:
        """Somebody who visits, or who goes home from a visit."""
        staying = [car for car in self._visitors if car.inside and not car.away]
        if staying and self._draw.random() < len(staying) / 6:
            return staying[0]
        self._visitors = [car for car in self._visitors if car.inside or car.away]
        self._visitors.append(self.unknown())
        return self._visitors[-1]

    def _car(self) -> Car:
        plate, colour = _plate(self._draw)
        while plate in self._known:
            plate, colour = _plate(self._draw)
        self._known.add(plate)
        return Car(
            plate,
            colour,
            leaves_s=self._draw.gauss(7.8, 0.9) * HOUR_S % DAY_S,
            returns_s=self._draw.gauss(18.6, 1.7) * HOUR_S % DAY_S,
            inside=self._draw.random() < 0.5,  # noqa: PLR2004 - half of them are at home
        )


def misread(plate: str, draw: random.Random) -> str:
    """What a tired camera makes of a plate: it has a sign that no plate has."""
    place = draw.randrange(2, len(plate))
    return plate[:place] + draw.choice("IO") + plate[place + 1 :]


def _plate(draw: random.Random) -> tuple[str, str]:
    """A plate and its background, of forms that GA 36-2018 has."""
    head = "粤" + draw.choice("ABSTX")
    if draw.random() < _NEW_ENERGY_SHARE:
        second = draw.choice(_DIGITS + _LETTERS)
        return head + draw.choice("DF") + second + _signs(draw, _DIGITS, 4), "green"
    serial = list(_signs(draw, _DIGITS, 5))
    for place in draw.sample(range(5), draw.choice((0, 1, 2))):
        serial[place] = draw.choice(_LETTERS)
    return head + "".join(serial), "blue"


def _signs(draw: random.Random, signs: str, count: int) -> str:
    return "".join(draw.choice(signs) for _ in range(count))


def _usual(car: Car) -> float:
    return car.leaves_s if car.inside else car.returns_s


def _apart(one_s: float, other_s: float) -> float:
    gap = abs(one_s - other_s) % DAY_S
    return min(gap, DAY_S - gap)
