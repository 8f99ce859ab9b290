"""Desks: where alarms are watched, for which area, and who is on duty when."""

from datetime import date, time
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from hub.config.table import Table
from wire import Id, Text


def _clock(value: str) -> str:
    try:
        if value != "24:00":
            time.fromisoformat(value)
    except ValueError:
        raise ValueError("is not a time of day such as 08:00") from None
    return value


Clock = Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$"), AfterValidator(_clock)]
"""A time of day on the organisation's own clock, `00:00` to `24:00`."""


class Day(StrEnum):
    """A day of the week, in the order of `date.weekday`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Hours(Table):
    """A time of day that comes again.

    start, end: an end that is not after the start lies on the next day.
    days: on which it begins.
    """

    days: tuple[Day, ...] = tuple(Day)
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]

    def holds(self, day: date, minute: int) -> bool:
        """Whether it is this time at a minute of a day."""
        start, end = minutes(self.start), minutes(self.end)
        begun_today = Day(list(Day)[day.weekday()]) in self.days
        if end > start:
            return begun_today and start <= minute < end
        begun_before = list(Day)[(day.weekday() - 1) % 7] in self.days
        return (begun_today and minute >= start) or (begun_before and minute < end)


class Shift(Hours):
    """When who is on duty. roster: posts, in the order in which a P0 reaches them."""

    id: Id
    name: Text
    roster: Annotated[tuple[Id, ...], Field(min_length=1)]


class Desk(Table):
    """A place where alarms are watched.

    unit: of the tree; a P0 that the whole roster leaves unacknowledged climbs from there.
    sites, buildings: its area, as a unit's. The closest desk that is manned has an alarm.
    shifts: none means that it is always manned.
    """

    id: Id
    name: Text
    unit: Id
    sites: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    shifts: Annotated[tuple[Shift, ...], Field(alias="shift")] = ()

    def fit(self, site: str, building: str | None) -> int:
        """How closely its area names the place: 0 not at all, 3 by its building."""
        if building is not None and f"{site}/{building}" in self.buildings:
            return 3
        return 2 if site in self.sites else int("*" in self.sites)


class Absence(Table):
    """Days on which a post is not filled, first and last included, and who stands in."""

    post: Id
    first: Annotated[date, Field(alias="from")]
    last: Annotated[date, Field(alias="to")]
    substitute: Id


class Roster(Table):
    """`desks.toml`. utc_offset: of the organisation's clock, hours."""

    utc_offset: Annotated[float, Field(ge=-12, le=14)] = 8.0
    desks: Annotated[tuple[Desk, ...], Field(alias="desk", min_length=1)]
    absences: Annotated[tuple[Absence, ...], Field(alias="absence")] = ()


def minutes(clock: str) -> int:
    """Minutes since midnight."""
    hours, rest = clock.split(":")
    return int(hours) * 60 + int(rest)
