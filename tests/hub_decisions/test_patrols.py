"""Patrols: their data, when a round is due, and what becomes of it."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from hub.config import PatrolPlan, check_patrols, load_catalogue, load_patrols, load_site
from hub.config.org import load_org
from hub.config.org.desks import Day
from hub.errors import (
    BadRequestError,
    ConfigError,
    ConflictError,
    HubError,
    NotAllowedError,
    NotFoundError,
)
from hub.patrols import Result, RoundState, Visit, begin, due_between, ended, next_due, visited
from wire import Text

CONFIGS = Path(__file__).parents[2] / "configs"
MIN, HOUR, DAY_MS = 60_000, 3_600_000, 86_400_000
T0 = 1_760_000_000_000


def plan(*, points=("a", "b"), **more):
    name = {"zh": "巡", "en": "Round"}
    table = {"id": "p", "name": name, "times": ["22:00"], "lasts": "30m", "grace": "30m"} | more
    stops = [{"id": one, "name": name, "look": [name]} for one in points]
    return PatrolPlan.model_validate(table | {"point": stops})


def at(day, clock, utc_offset=8.0):
    """The ms of a time of day on the clock of the organisation."""
    moment = datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=UTC)
    return round((moment - timedelta(hours=utc_offset)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("more", "after", "due"),
    [
        ({}, at("2026-11-18", "21:59"), at("2026-11-18", "22:00")),
        ({}, at("2026-11-18", "22:00"), at("2026-11-19", "22:00")),  # strictly after
        ({"times": ["04:00", "01:00"]}, at("2026-11-18", "02:00"), at("2026-11-18", "04:00")),
        ({"days": ["mon"]}, at("2026-11-18", "12:00"), at("2026-11-23", "22:00")),  # a Wednesday
        ({"days": ["wed"]}, at("2026-11-18", "22:00"), at("2026-11-25", "22:00")),
    ],
)
def test_a_round_is_due_on_the_organisations_clock(more, after, due):
    assert next_due(plan(**more), after, 8.0) == due


@given(
    days=some.sets(some.sampled_from([day.value for day in Day]), min_size=1),
    times=some.sets(some.integers(0, 1439), min_size=1, max_size=5),
    start=some.integers(T0, T0 + 9 * DAY_MS),
    cuts=some.lists(some.integers(0, 9 * DAY_MS), max_size=6),
)
def test_however_time_is_cut_each_round_is_due_once(days, times, start, cuts):
    one = plan(days=sorted(days), times=[f"{m // 60:02d}:{m % 60:02d}" for m in sorted(times)])
    end = start + 9 * DAY_MS
    edges = [start, *sorted(start + cut for cut in cuts), end]
    pieces = [due for after, now in pairwise(edges) for due in due_between(one, after, now, 8.0)]
    assert pieces == [*due_between(one, start, end, 8.0)]
    assert len(set(pieces)) == len(pieces)


def said(point, result=Result.FINE, now=T0 + MIN, note=None):
    return Visit(point, result, now, "wang", note)


def a_round(now=T0, **more):
    return begin(plan(), site="court", due_at=T0, now=now, **more)


def test_the_same_time_is_the_same_round_and_one_by_hand_is_another():
    assert a_round().id == a_round(now=T0 + MIN).id
    assert len({a_round().id, a_round(by="wang").id, a_round(by="li").id}) == 3


@pytest.mark.parametrize(
    ("visits", "state", "unseen"),
    [
        ([], RoundState.MISSED, ["a", "b"]),
        ([said("a")], RoundState.INCOMPLETE, ["b"]),
        ([said("a"), said("b", Result.SKIPPED, note="locked")], RoundState.INCOMPLETE, ["b"]),
        ([said("b"), said("a", Result.FINDING, note="smoke")], RoundState.DONE, []),
    ],
)
def test_a_round_ends_as_it_was_walked(visits, state, unseen):
    one = a_round()
    for visit in visits:
        one = visited(one, visit)
    if one.ended_at is None:
        one = ended(one, one.ends_at)
    assert one.state is state
    assert [point.id for point in one.unseen] == unseen
    with pytest.raises(NotAllowedError, match="over"):
        visited(one, said("a"))


@pytest.mark.parametrize(
    ("visit", "error"),
    [
        (said("nowhere"), NotFoundError),
        (said("a"), ConflictError),
        (said("b", Result.FINDING), BadRequestError),
        (said("b", Result.SKIPPED, note="  "), BadRequestError),
    ],
)
def test_what_cannot_be_said_of_a_point_is_refused(visit, error):
    one = visited(a_round(), said("a"))
    with pytest.raises(HubError) as caught:
        visited(one, visit)
    assert caught.type is error


def test_a_hub_that_comes_late_gives_the_grace_anew_and_counts_nobody_for_what_is_over():
    usual, late = a_round(), a_round(now=T0 + 59 * MIN)
    assert usual.ends_at == T0 + HOUR
    assert (late.state, late.ends_at) == (RoundState.DUE, T0 + 89 * MIN)
    over = a_round(now=T0 + HOUR)
    assert (over.state, over.ended_at) == (RoundState.LAPSED, T0 + HOUR)


def check(folder):
    site = load_site(CONFIGS / "sites" / "jinxiu.toml")
    check_patrols(
        folder,
        load_patrols(folder),
        sites=[site],
        catalogue=load_catalogue(CONFIGS / "cases"),
        org=load_org(CONFIGS / "org"),
    )


def test_the_shipped_rounds_name_what_is_there():
    check(CONFIGS / "patrols")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('"gate-west"\nc', '"gate-nord"\nc', "night-perimeter: point.device: no 'gate-nord'"),
        ('["patrol-lead"]', '["nobody"]', "night-perimeter: posts: no 'nobody'"),
        ('missed = "patrol-missed"', 'missed = "x"', "night-perimeter: missed: no 'x'"),
        ('category = "fire-lane"', 'category = "y"', "point.category: no 'y'"),
        ('lasts = "40m"', 'lasts = "1d"', "plan[0].lasts: is not a time such as"),
        ('"22:00"', '"25:00"', "plan[0].times[0]: is not a time of day"),
        ('id = "gate-west"', 'id = "gate-east"', "plan[0].point: uses an id twice"),
        ('id = "fire-inspection"', 'id = "night-perimeter"', "plan[1].id: 'night-perimeter'"),
    ],
)
def test_a_mistake_names_plan_and_key(tmp_path, old, new, line):
    text = (CONFIGS / "patrols" / "jinxiu.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "jinxiu.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        check(tmp_path)
    assert line in str(caught.value)


def test_a_point_says_in_both_languages_what_to_look_at():
    for plans in load_patrols(CONFIGS / "patrols").values():
        for one in plans.values():
            for point in one.points:
                assert all(isinstance(line, Text) and line.zh and line.en for line in point.look)
