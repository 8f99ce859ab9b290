"""Deadlines that count only while somebody works."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.config.calendar import ALWAYS, Calendar
from hub.config.catalogue import load_catalogue

CHINA = timezone(timedelta(hours=8))
OFFICE = load_catalogue(Path(__file__).parents[2] / "configs" / "cases").calendars["office"]
"""Monday to Friday, 9 to 12 and 13:30 to 18."""


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp() * 1000)


def told(moment):
    return datetime.fromtimestamp(moment / 1000, CHINA).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 09:00", 2, "2026-11-23 11:00"),  # a Monday morning
        ("2026-11-23 11:00", 2, "2026-11-23 14:30"),  # over lunch
        ("2026-11-23 12:30", 1, "2026-11-23 14:30"),  # from within lunch
        ("2026-11-23 17:00", 2, "2026-11-24 10:00"),  # over night
        ("2026-11-27 17:30", 1, "2026-11-30 09:30"),  # over the weekend
        ("2026-11-28 03:00", 7.5, "2026-11-30 18:00"),  # from a Saturday, a whole day
        ("2026-11-23 09:00", 37.5, "2026-11-27 18:00"),  # a whole week
    ],
)
def test_office_hours_count_and_nothing_else(start, hours, due):
    assert told(OFFICE.after(at(start), int(hours * 3600), 8.0)) == due


def test_around_the_clock_is_plain_addition():
    assert ALWAYS.after(at("2026-11-28 23:30"), 3600, 8.0) == at("2026-11-29 00:30")


def test_a_holiday_is_left_out_and_a_worked_weekend_is_not():
    table = OFFICE.model_dump(by_alias=True)
    table |= {"holidays": ["2027-01-01"], "worked": ["2027-01-02"]}
    calendar = Calendar.model_validate(table)
    assert told(calendar.after(at("2026-12-31 17:00"), 2 * 3600, 8.0)) == "2027-01-02 10:00"


def test_a_calendar_that_never_opens_again_still_ends():
    table = OFFICE.model_dump(by_alias=True)
    table["window"] = [{"days": ["mon"], "from": "09:00", "to": "09:01"}]
    due = Calendar.model_validate(table).after(at("2026-11-23 00:00"), 3600 * 1000, 8.0)
    assert at("2029-11-01 00:00") < due < at("2029-12-01 00:00")


def test_a_window_over_midnight_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match="write a night as two windows"):
        Calendar.model_validate(
            {
                "id": "n",
                "name": {"zh": "夜", "en": "N"},
                "window": [{"from": "22:00", "to": "06:00"}],
            }
        )


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - drawn naive
    first=st.integers(1, 100 * 3600),
    more=st.integers(0, 100 * 3600),
)
def test_more_time_is_never_due_earlier_and_time_adds_up(start, first, more):
    begun = int(start.replace(tzinfo=UTC).timestamp() * 1000)
    once = OFFICE.after(begun, first, 8.0)
    assert once >= begun + first * 1000
    if more:
        assert OFFICE.after(once, more, 8.0) == OFFICE.after(begun, first + more, 8.0)
