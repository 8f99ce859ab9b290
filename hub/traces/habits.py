"""When somebody usually passes, and which hours are unusual for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HOURS: Final = 24
LEAST_PASSAGES: Final = 30
LEAST_DAYS: Final = 7
"""Of fewer passages, or days, nothing is said: a new neighbour is not unusual, only new."""

RARE: Final = 0.02
"""An hour is unusual when it and the hours beside it hold so small a share of all passages: of
somebody who passes four times a day, less than once in twelve days."""

Hours = Sequence[int]
"""Passages by hour of the local day, 24 counts."""


@dataclass(frozen=True, slots=True)
class Habits:
    """hours: all counts. rare: hours in which somebody has passed, but hardly ever does.

    enough: whether passages and days are enough to say so; without it `rare` is empty.
    """

    hours: tuple[int, ...]
    passages: int
    days: int
    enough: bool
    rare: tuple[int, ...]


def habits_of(counts: Mapping[int, int], days: int) -> Habits:
    """The habits in passages counted by hour of the local day, on so many different days."""
    hours = tuple(counts.get(hour, 0) for hour in range(HOURS))
    total = sum(hours)
    enough = total >= LEAST_PASSAGES and days >= LEAST_DAYS
    rare = tuple(
        hour
        for hour in range(HOURS)
        if enough and hours[hour] and _around(hours, hour) <= RARE * total
    )
    return Habits(hours, total, days, enough, rare)


def _around(hours: Hours, hour: int) -> int:
    return sum(hours[(hour + near) % HOURS] for near in (-1, 0, 1))
