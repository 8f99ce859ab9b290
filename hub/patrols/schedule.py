"""When a plan's rounds are due. Times are ms; days and hours are the organisation's own."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.config.org.desks import Day, minutes
from hub.config.patrols import PatrolPlan

_HOUR_MS: Final = 3_600_000
_MINUTE_MS: Final = 60_000
_DAY: Final = timedelta(days=1)
_WEEK_DAYS: Final = 8
"""From any moment on, some day of the next eight is one of the plan's, and not over."""


def next_due(plan: PatrolPlan, after: int, utc_offset: float) -> int:
    """The first moment after `after` at which a round is due. utc_offset: of the clock, hours."""
    shift = round(utc_offset * _HOUR_MS)
    day = datetime.fromtimestamp((after + shift) / 1000, UTC).date()
    clocks = sorted({minutes(one) for one in plan.times})
    for _ in range(_WEEK_DAYS):
        if list(Day)[day.weekday()] in plan.days:
            midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
            for clock in clocks:
                due = midnight + clock * _MINUTE_MS - shift
                if due > after:
                    return due
        day += _DAY
    raise AssertionError("a plan has a day and a time")


def due_between(plan: PatrolPlan, after: int, now: int, utc_offset: float) -> Iterator[int]:
    """All moments after `after`, up to and with `now`, at which a round is due; in order."""
    due = next_due(plan, after, utc_offset)
    while due <= now:
        yield due
        due = next_due(plan, due, utc_offset)
