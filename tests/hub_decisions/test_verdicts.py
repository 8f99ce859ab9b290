"""What staff found where a detector had alarmed, counted."""

import pytest

from hub.cases import RESOLUTIONS
from hub.cases.verdicts import Told, Verdict, by_device, by_span, tally, verdict, wilson


@pytest.mark.parametrize(
    ("resolution", "said"),
    [
        (None, Verdict.OPEN),
        ("persuaded", Verdict.TRUE),
        ("false-alarm", Verdict.FALSE),
        ("device-fault", Verdict.FALSE),
        ("not-found", Verdict.UNTOLD),
        ("drill", Verdict.UNTOLD),
        ("one of an older list", Verdict.UNTOLD),
    ],
)
def test_a_resolution_says_what_its_alarm_was_worth(resolution, said):
    assert verdict(resolution) is said


def test_every_resolution_has_a_verdict_and_none_means_open():
    assert Verdict.OPEN not in {verdict(name) for name in RESOLUTIONS}


@pytest.mark.parametrize(
    ("hits", "count", "low", "high"),
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (9, 10, 0.5958, 0.9821), (95, 100, 0.8882, 0.9785)],
)
def test_wilsons_interval_as_its_tables_have_it(hits, count, low, high):
    assert wilson(hits, count) == pytest.approx((low, high), abs=1e-4)


TOLD = [
    Told("ebike-in-elevator", "cam-1", 0, "persuaded", 8),
    Told("ebike-in-elevator", "cam-1", 1, "false-alarm", 1),
    Told("ebike-in-elevator", "cam-2", 1, "false-alarm", 3),
    Told("ebike-in-elevator", "cam-2", 1, None, 2),
    Told("ebike-in-elevator", "cam-3", 1, "not-found", 9),
]


def test_what_is_open_or_untold_is_counted_and_changes_no_share():
    one = tally(TOLD)
    assert (one.alarms, one.true, one.false, one.untold, one.open) == (23, 8, 4, 9, 2)
    assert one.share == pytest.approx(8 / 12)
    assert one.low is not None
    assert one.low < 8 / 12 < (one.high or 0)
    nothing = tally([])
    assert (nothing.alarms, nothing.share, nothing.low, nothing.high) == (0, None, None, None)


def test_spans_without_alarms_are_there_and_the_worst_device_comes_first():
    assert [one.alarms for one in by_span(TOLD, 3)] == [8, 15, 0]
    assert list(by_device(TOLD)) == ["cam-2", "cam-1", "cam-3"]
