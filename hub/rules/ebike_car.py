"""What an elevator car says of itself, and whether anything can leave it just now."""

from dataclasses import dataclass, replace
from typing import Final

from hub.rules.contract import Reading
from wire.elevator import DOOR_OPEN, FLOOR, MOVING
from wire.kinds.camera import PICTURE

SHUT_FOR_MS: Final = 70_000
"""A door is known to be shut this long after the car last said so: it does so every 30 s, so two
reports are missing by then, and the door may have opened unheard."""


@dataclass(frozen=True, slots=True)
class Car:
    """None where the car has not said it.

    Event time, ms: `moving_at` since when it is under way, `shut_at` since when its door is shut.
    told_at: when it last said that, hub clock, ms.
    """

    fire: bool = False
    blind: bool = False
    moving_at: int | None = None
    floor: float | None = None
    shut_at: int | None = None
    told_at: int | None = None

    def shut_since(self, now: int) -> int | None:
        """Since when its door is shut, event time, ms; None where that is not known at `now`."""
        if self.told_at is None or now - self.told_at >= SHUT_FOR_MS:
            return None
        return self.shut_at


def told(car: Car, reading: Reading, at: int, now: int) -> Car:
    """The car after a reading; at: event time, now: hub clock, ms."""
    says = reading.signals
    fire, picture, floor = says.get("fire"), says.get(PICTURE), says.get(FLOOR)
    if isinstance(fire, bool):
        car = replace(car, fire=fire)
    if isinstance(picture, str):
        car = replace(car, blind=picture != "ok")
    if isinstance(floor, int | float) and not isinstance(floor, bool):
        car = replace(car, floor=float(floor))
    moving, door_open = says.get(MOVING), says.get(DOOR_OPEN)
    if not isinstance(moving, bool) and not isinstance(door_open, bool):
        return car
    car = _shut(car, at, now, shut=door_open is False or (moving is True and door_open is not True))
    if moving is True or (door_open is False and moving is not False):
        return car if car.moving_at is not None else replace(car, moving_at=at)
    return replace(car, moving_at=None)


def _shut(car: Car, at: int, now: int, *, shut: bool) -> Car:
    """shut: a contact says so or, where the door has none, the car moves."""
    if not shut:
        return replace(car, shut_at=None, told_at=None)
    since = car.shut_since(now)
    return replace(car, shut_at=at if since is None else since, told_at=now)
