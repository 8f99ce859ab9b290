"""Calendars: the hours in which a deadline counts."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from hub.config.org.desks import Clock, Day, minutes
from hub.config.table import Table
from wire import Id, Text

HOUR_MS = 3_600_000
_DAY = timedelta(days=1)
_LONGEST = 3 * 366
"""Days that a deadline may reach ahead before it is taken for endless."""


class Window(Table):
    """Hours that are open on some days of the week; they end on the day on which they begin."""

    days: Annotated[tuple[Day, ...], Field(min_length=1)] = tuple(Day)
    start: Annotated[Clock, Field(alias="from")]
    end: Annotated[Clock, Field(alias="to")]

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        if minutes(self.end) <= minutes(self.start):
            raise ValueError("ends before it begins; write a night as two windows")
        return self


class Calendar(Table):
    """When work is done.

    windows: none means around the clock. holidays: days on which nothing is open.
    worked: days of a weekend that are worked as a Monday is (调休).
    """

    id: Id
    name: Text
    windows: Annotated[tuple[Window, ...], Field(alias="window")] = ()
    holidays: tuple[date, ...] = ()
    worked: tuple[date, ...] = ()

    def after(self, start: int, open_s: int, utc_offset: float) -> int:
        """The moment at which `open_s` open seconds have passed since `start`, both in ms.

        utc_offset: of the clock on which the windows stand, hours. A deadline that no window of
        the next three years can hold ends there.
        """
        left = open_s * 1000
        if not self.windows:
            return start + left
        shift = round(utc_offset * HOUR_MS)
        end = start
        for opened, closed in self._open_spans(start + shift):
            begin = max(opened - shift, start)
            end = closed - shift
            if end <= begin:
                continue
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return end

    def _open_spans(self, local: int) -> Iterator[tuple[int, int]]:
        """Open spans from the day of a local moment on, in order, as local ms."""
        day = datetime.fromtimestamp(local / 1000, UTC).date()
        for _ in range(_LONGEST):
            midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
            for start, end in self._hours(day):
                yield midnight + start * 60_000, midnight + end * 60_000
            day += _DAY

    def _hours(self, day: date) -> list[tuple[int, int]]:
        """Open minutes of a day, in order and without overlap."""
        if day in self.holidays:
            return []
        weekday = Day.MON if day in self.worked else list(Day)[day.weekday()]
        spans = sorted(
            (minutes(one.start), minutes(one.end)) for one in self.windows if weekday in one.days
        )
        merged: list[tuple[int, int]] = []
        for start, end in spans:
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


ALWAYS = Calendar(id="always", name=Text(zh="全天", en="Around the clock"))
"""Where a deadline names no calendar."""
