"""The figures of an evaluation, from clips whose events are known."""

import pytest

from gatehouse.falling_metrics import TruePath
from gatehouse.falling_tally import Tally
from hub.rules.facade import events_of
from tests.vision_falling.ways import CAMERA, SITE, fall, track_of

HOUR_S = 3600.0


def true_path(track, floor, *, first=0, off_px=0.0):
    points = tuple((t, x * CAMERA.width, y * CAMERA.height) for t, x, y in track.points[first:])
    return TruePath(points, (points[0][1] + off_px, points[0][2]), floor)


def events(*tracks):
    return events_of(tracks, SITE)


def figures(*clips):
    tally = Tally()
    for found, truths, seconds, conditions in clips:
        tally.add(found, truths, seconds=seconds, conditions=conditions)
    return tally.figures()


def test_found_missed_and_false_are_told_apart():
    thrown = track_of(fall(30), seconds=2)
    later = track_of(fall(30), seconds=2, start_s=20.0)
    true = true_path(thrown, events(thrown)[0].verdict.origin.floor)
    row = figures(
        (events(thrown, later), [true], 60.0, {"size": "8"}),
        (events(later), [true], 60.0, {"size": "8"}),
        (events(), [true], 60.0, {"size": "4"}),
        (events(later), [], HOUR_S - 180, {"size": "none"}),
    )
    assert (row["falls"], row["found"], row["recall"]) == (3, 1, 0.3333)
    assert (row["false_alarms"], row["hours"]) == (3, 1.0)
    assert row["false_alarms_per_day"] == 72.0
    low, high = row["false_alarms_per_day_interval"]
    assert (low, high) == pytest.approx((0.6187 * 24, 8.767 * 24), rel=1e-3)
    assert row["recall_by"] == {"size=4": [0, 1], "size=8": [1, 2]}
    assert row["floor_within_one"] == row["floor_exact"] == 1.0


def test_errors_of_start_and_floor_and_the_delay_are_those_of_the_falls_that_were_found():
    thrown = track_of(fall(30), seconds=2)
    thrown = thrown.model_copy(update={"decided_s": thrown.start_s + 0.6})
    (event,) = events(thrown)
    floor, origin = event.verdict.origin.floor, event.verdict.origin
    seen_px = origin.x * CAMERA.width
    rows = [
        figures((events(thrown), [true_path(thrown, floor + wrong)], 60.0, None))
        for wrong in (0, 1, 2)
    ]
    assert [row["floor_within_one"] for row in rows] == [1.0, 1.0, 0.0]
    assert [row["floor_exact"] for row in rows] == [1.0, 0.0, 0.0]
    assert rows[0]["latency_frames"]["max"] == pytest.approx(0.6 * thrown.fps)
    true = true_path(thrown, floor)
    away = TruePath(true.points, (seen_px + 30, origin.y * CAMERA.height + 40), floor)
    row = figures((events(thrown), [away], 60.0, None))
    assert row["start_error_px"]["median"] == pytest.approx(50, abs=0.1)


def test_two_events_of_one_fall_are_one_found_and_one_false():
    thrown = track_of(fall(30), seconds=2)
    (event,) = events(thrown)
    row = figures(([event, event], [true_path(thrown, None)], 60.0, None))
    assert (row["found"], row["false_alarms"]) == (1, 1)
    assert "floor_exact" not in row
