"""Judges trajectories, without a picture: metres through a camera become a track."""

import math

import pytest

from hub.rules.facade import Label, VerdictKind, events_of, judge
from tests.vision_falling.ways import FLOOR_M, SITE, drift, fall, track_of

FALLING = [
    ("dropped", fall(30), 2.0, {}),
    ("thrown sideways", fall(30, sideways=3), 2.0, {}),
    ("three floors", fall(14), 1.3, {}),
    ("ten pictures a second", fall(30), 2.0, {"fps": 10.0}),
    ("blob that trembles", fall(30), 2.0, {"jitter": 0.002}),
    ("first seen late", fall(30, after=0.8), 1.2, {}),
]


@pytest.mark.parametrize(
    ("place", "seconds", "more"), [f[1:] for f in FALLING], ids=[f[0] for f in FALLING]
)
def test_a_fall_is_confirmed_on_a_calibrated_facade_and_suspected_without(place, seconds, more):
    track = track_of(place, seconds=seconds, **more)
    assert (judge(track, SITE).kind, judge(track, SITE).label) == (
        VerdictKind.CONFIRMED,
        Label.FALLING,
    )
    if place(0) == fall(30)(0):  # from rest: without metres, the sign of gravity is all there is
        assert judge(track).kind is VerdictKind.SUSPECTED


def test_paper_drifts_and_is_told_with_less_confidence():
    verdict = judge(track_of(drift(30), seconds=8), SITE)
    assert verdict.label is Label.DRIFTING
    assert verdict.score < judge(track_of(fall(30), seconds=2), SITE).score


HARMLESS = [
    ("bird crossing", lambda t: (-8 + 9 * t, 25 - t), 1.8, {}),
    ("bird diving at constant speed", lambda t: (-3 + 5 * t, 30 - 8 * t), 2.0, {}),
    ("leaf", drift(20, 1.0), 7, {"size_m": 0.06}),
    ("one floor only", fall(10), 0.75, {}),
    ("hanging laundry", lambda t: (0.1 * math.sin(5 * t), 20 + 0.1 * math.sin(4 * t)), 6, {}),
    ("rises", lambda t: (1, 10 + 4 * t), 2, {}),
    ("starts beside the facade", lambda t: (14.5, 30 - 4.9 * t * t), 2, {}),
    ("linked by chance", fall(30), 2.0, {"log_nfa": -1.0}),
    ("too brief", fall(30, after=1.2), 0.16, {}),
]


@pytest.mark.parametrize(
    ("place", "seconds", "more"), [h[1:] for h in HARMLESS], ids=[h[0] for h in HARMLESS]
)
def test_the_harmless_is_rejected_with_a_reason(place, seconds, more):
    verdict = judge(track_of(place, seconds=seconds, **more), SITE)
    assert verdict.kind is VerdictKind.REJECTED
    assert verdict.reasons


def test_what_starts_under_a_mask_is_not_judged():
    masked = SITE.model_copy(update={"masks": (((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)),)})
    assert "masked" in judge(track_of(fall(30), seconds=2), masked).reasons


@pytest.mark.parametrize("height", [12.0, 20.0, 27.5, 36.0])
@pytest.mark.parametrize("after", [0.0, 0.5, 1.0])
def test_the_floor_is_known_even_when_the_beginning_was_not_seen(height, after):
    seconds = (2 * (height - 3) / 9.8) ** 0.5 - after
    if seconds < 0.5:
        return
    origin = judge(track_of(fall(height, after=after), seconds=seconds), SITE).origin
    assert abs(origin.floor - (height // FLOOR_M + 1)) <= 1
    assert origin.floor_sigma < 2.5


def test_without_floor_lines_there_is_no_floor():
    origin = judge(track_of(fall(30), seconds=2)).origin
    assert (origin.floor, origin.floor_sigma) == (None, None)


def test_an_object_and_its_image_in_the_glass_are_one_event():
    real = track_of(fall(30), seconds=2)
    image = track_of(lambda t: (4 + 0.3 * t, 29 - 4.2 * t * t), seconds=1.6)
    (event,) = events_of([image, real], SITE)
    assert event.track == real
    assert event.merged == (image,)


def test_an_image_that_is_seen_where_its_object_is_not_is_still_the_same_event():
    real = track_of(fall(30), seconds=2, fps=5)
    unseen = real.model_copy(update={"points": real.points[:5] + real.points[8:]})
    image = track_of(lambda t: (1 + 0.3 * t, 27 - 4.6 * t * t), seconds=1.7, fps=5)
    (event,) = events_of([image, unseen], SITE)
    assert len(event.merged) == 1


def test_two_falls_at_different_times_are_two_events():
    assert len(events_of([track_of(fall(30), seconds=2, start_s=s) for s in (3.0, 9.0)], SITE)) == 2


def test_pieces_of_a_fall_behind_a_cornice_are_joined():
    whole = track_of(fall(30), seconds=2)
    upper = whole.model_copy(update={"points": whole.points[:20]})
    lower = whole.model_copy(update={"points": whole.points[26:]})
    (event,) = events_of([upper, lower], SITE)
    assert len(event.track.points) == len(whole.points) - 6


@pytest.mark.parametrize(("lost_s", "found"), [(0.25, 1), (0.7, 0)])
def test_what_is_out_of_sight_for_long_on_its_way_down_is_a_leaf(lost_s, found):
    way, pieces = drift(30), []
    for number in range(4):  # of 1.2 s each
        begins_s = number * (1.2 + lost_s)
        piece = track_of(lambda t, after=begins_s: way(t + after), seconds=1.2, start_s=begins_s)
        pieces.append(piece.model_copy(update={"coverage": 0.95}))
    assert len(events_of(pieces, SITE)) == found
