import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.rules import Finding, Reading
from hub.traces import PassageResult, habits_of, passage_of, result_of, way_of
from hub.traces.likeness import (
    Likeness,
    alike_form,
    form_number,
    forms,
    open_form,
    read_typed,
    sort_by_likeness,
)
from wire.kinds import load
from wire.plates import head

BARRIER, GATE, PANEL = load()["barrier"], load()["gate"], load()["elevator-panel"]
SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
plates = st.builds("粤B{}".format, st.text(SIGNS, min_size=5, max_size=6))


@given(plates, st.data())
def test_plates_that_differ_in_one_sign_have_a_form_in_common(plate, data):
    place = data.draw(st.integers(0, len(plate) - 1))
    other = plate[:place] + data.draw(st.sampled_from(SIGNS)) + plate[place + 1 :]
    assert set(forms(plate)) & set(forms(other))


@given(plates, plates)
def test_no_others_have(plate, other):
    apart = sum(one != two for one, two in itertools.zip_longest(plate, other))
    alike = alike_form(plate) == alike_form(other)
    assert bool(set(forms(plate)) & set(forms(other))) == (apart <= 1 or alike)


@pytest.mark.parametrize(
    ("typed", "text", "open_at"),
    [
        ("粤B12345", "粤B12345", None),
        (" 粤b·123-45 ", "粤B12345", None),
        ("粤B1\uff12345", "粤B12345", None),
        ("粤B1?345", "粤B1?345", 3),
        ("粤B1*345", "粤B1?345", 3),
        ("□B12345", "?B12345", 0),
        ("粤B1?3?5", None, None),
        ("粤B12", None, None),
        ("CARD-4711-0815", None, None),
        ("??", None, None),
    ],
)
def test_what_is_typed(typed, text, open_at):
    found = read_typed(typed)
    assert (found and found.text, found and found.open_at) == (text, open_at)


def test_an_open_sign_fits_whatever_stands_there():
    typed = read_typed("粤B1?345")
    assert typed is not None
    assert open_form(typed) in forms("粤B12345")
    assert open_form(typed) in forms("粤B19345")
    assert open_form(typed) not in forms("粤B12346")


@pytest.mark.parametrize("pair", ["0D", "8B", "5S", "2Z", "1I", "O0", "UV"])
def test_signs_that_cameras_confuse_are_alike(pair):
    assert alike_form(f"粤A{pair[0]}2345") == alike_form(f"粤A{pair[1]}2345")


def test_the_most_like_comes_first_then_the_last_seen_and_each_once():
    found = [
        (Likeness.ONE_SIGN, 900, 1),
        (Likeness.ALIKE, 100, 2),
        (Likeness.ONE_SIGN, 950, 3),
        (Likeness.SAME, 5, 4),
        (Likeness.ONE_SIGN, 100, 2),
    ]
    assert [one[2] for one in sort_by_likeness(found)] == [4, 2, 3, 1]


def test_a_form_is_kept_as_a_signed_number():
    assert form_number("0" * 64) == -(2**63)
    assert form_number("f" * 64) == 2**63 - 1


@pytest.mark.parametrize(
    ("counts", "days", "enough", "rare"),
    [
        ({8: 100, 18: 98, 3: 2}, 50, True, (3,)),
        ({8: 100, 18: 90, 3: 10}, 50, True, ()),
        ({8: 100, 9: 1, 7: 1}, 50, True, ()),  # beside a usual hour nothing is unusual
        ({23: 100, 0: 1, 12: 1}, 50, True, (12,)),
        ({8: 25, 3: 1}, 20, False, ()),
        ({8: 100, 3: 1}, 3, False, ()),
        ({}, 0, False, ()),
    ],
)
def test_unusual_hours(counts, days, enough, rare):
    habits = habits_of(counts, days)
    assert (habits.enough, habits.rare) == (enough, rare)
    assert habits.passages == sum(counts.values()) == sum(habits.hours)


def reading(kind, **signals):
    return Reading("s", "d", kind.id, 1000, 1500, signals)


@pytest.mark.parametrize(
    ("kind", "signals", "way", "went"),
    [
        (GATE, {"event": "granted", "direction": "in"}, None, "in"),
        (GATE, {"event": "denied", "direction": "in"}, None, None),
        (GATE, {"event": "granted"}, None, None),
        (BARRIER, {"event": "seen", "result": "allowed"}, "out", "out"),
        (BARRIER, {"event": "seen", "result": "denied"}, "out", None),
        (BARRIER, {"event": "passed"}, "in", "in"),
        (BARRIER, {"event": "passed", "direction": "out"}, "in", "out"),
        (BARRIER, {"event": "opened"}, "in", None),
        (PANEL, {"event": "granted", "floor": 9}, None, None),
    ],
)
def test_the_way_somebody_went(kind, signals, way, went):
    assert way_of(reading(kind, **signals), kind, way) == went


@pytest.mark.parametrize(
    ("signals", "result", "floor"),
    [
        ({"event": "granted", "credential": "h:1", "floor": 9.0}, "granted", 9),
        ({"event": "denied", "floor": -1, "reason": "not-allowed-here"}, "denied", -1),
        ({"event": "called", "floor": 12}, "called", 12),
        ({"event": "called", "floor": True}, "called", None),
    ],
)
def test_an_elevator_that_tells_who_called_which_floor_leaves_traces(signals, result, floor):
    passage = passage_of(reading(PANEL, **signals), 1, PANEL)
    assert passage is not None
    assert (passage.result, passage.floor) == (result, floor)
    assert passage_of(reading(PANEL, event="state"), 1, PANEL) is None


@pytest.mark.parametrize(
    ("condition", "active", "result"),
    [
        ("door-forced", True, PassageResult.FORCED),
        ("tailgating", True, PassageResult.TAILGATED),
        ("tailgating", False, None),
        ("door-held-open", True, None),
    ],
)
def test_what_a_rule_found_is_a_passage_too(condition, active, result):
    assert result_of(Finding(condition, "d", active=active, at=1)) is result


@pytest.mark.parametrize(
    ("plate", "begins"),
    [("粤B12345", "粤B"), ("粤b·d12345", "粤B"), ("使123456", None), ("x", None)],
)
def test_where_a_plate_is_from(plate, begins):
    assert head(plate) == begins
