"""A mode on the line: what it changes while it lasts, who is told, and that it ends by itself."""

import shutil

import pytest

from hub.config import Role
from hub.config.org import load_org
from hub.errors import BadRequestError, ConflictError, NotAllowedError
from hub.pipeline import ModeAct, OpenCase, Priority, SwitchMode
from hub.rules import Finding
from hub.store.schema import (
    alert,
    alert_history,
    annunciation,
    case_,
    case_history,
    change,
    mode_switch,
)
from tests.hub_machinery import estate
from tests.hub_machinery.estate import SITE, T0, a_line, done
from tests.shipped import CONFIGS
from wire import Text

MIN = 60_000
HOUR = 60 * MIN


@pytest.fixture
def line(tmp_path):
    with a_line(tmp_path) as one:
        yield one


def switch(line, mode="flood", *, at=T0, until=T0 + HOUR, area="*", replaces=None, actor="chen"):
    act = SwitchMode(SITE, area, mode, "typhoon", until, actor, Role.SUPERVISOR, replaces)
    return done(line.pipeline.act(act, at))


def report(line, category, now, device=None):
    act = OpenCase(SITE, category, Text(zh="水", en="Water"), "li", "in the garage", device)
    return done(line.pipeline.act(act, now))


def find(line, condition, device, now):
    finding = Finding(condition, device, active=True, at=now)
    alerting = line.pipeline._alerting
    done(line.pipeline.write(Priority.LIFE, now, lambda work: alerting.apply(work, SITE, finding)))


def case(line, name):
    (row,) = line.rows(case_, case_.c.id == name)
    return row


def steps(line, name):
    return [row["action"] for row in line.rows(case_history, case_history.c.case_id == name)]


def test_a_mode_shortens_deadlines_raises_priorities_and_says_so_on_every_case_it_touches(line):
    before, other = report(line, "flooding", T0), report(line, "canvassing", T0)
    usual = case(line, before)["due_at"]
    switch(line, at=T0 + MIN)
    done(line.pipeline.tick(T0 + MIN))
    touched = case(line, before)
    assert touched["due_at"] < usual
    assert touched["priority"] == "P1"
    assert steps(line, before) == ["discover", "mode"]
    assert steps(line, other) == ["discover"]
    new = case(line, report(line, "flooding", T0 + 2 * MIN))
    assert (new["priority"], new["unit"]) == ("P1", "community")
    assert new["due_at"] - (T0 + 2 * MIN) < usual - T0
    assert {row["type"] for row in line.rows(change)} >= {"mode", "case"}


def test_it_ends_by_itself_once_though_the_hub_was_down_and_then_all_is_as_before(line):
    until = T0 + HOUR
    touched = report(line, "flooding", T0)
    switch(line)
    done(line.pipeline.tick(T0 + MIN))
    line.restart()
    for later in (3, 3, 4):
        done(line.pipeline.tick(T0 + later * HOUR))
    (row,) = line.rows(mode_switch)
    assert (row["ended_at"], row["ended_by"], row["touched"]) == (until, None, None)
    assert steps(line, touched).count("mode-over") == 1
    after = case(line, report(line, "greening", T0 + 4 * HOUR))
    find(line, "drifting-object", "gate-east", T0 + 4 * HOUR)
    (one,) = line.rows(alert)
    assert one["priority"] == "P2"
    assert steps(line, after["id"]) == ["discover"]


def test_at_its_end_it_changes_nothing_though_no_tick_came(line):
    """Messages may come before the first tick of a hub that was down."""
    switch(line)
    line.restart()
    find(line, "drifting-object", "gate-east", T0 + 2 * HOUR)
    (one,) = line.rows(alert)
    assert one["priority"] == "P2"


def test_alarms_take_the_modes_priority_open_ones_too_and_are_told_anew(line):
    find(line, "drifting-object", "gate-east", T0)
    find(line, "plate-misread", "barrier-in", T0)
    switch(line, at=T0 + 2 * MIN)
    by_condition = {row["condition"]: row for row in line.rows(alert)}
    assert by_condition["drifting-object"]["priority"] == "P1"
    assert by_condition["plate-misread"]["priority"] == "P3"
    history = line.rows(alert_history, alert_history.c.action == "mode")
    assert [row["detail"]["mode"] for row in history] == ["flood"]
    assert [row["priority"] for row in line.rows(annunciation)] == ["P2", "P1"]
    find(line, "drifting-object", "gate-west", T0 + 3 * MIN)
    assert [row["priority"] for row in line.rows(alert)].count("P1") == 2


def test_life_safety_is_what_it_was_in_every_mode(line):
    for number, mode in enumerate(("flood", "fire", "heightened")):
        at = T0 + number * 10 * MIN
        held = [row["id"] for row in line.rows(mode_switch) if row["ended_at"] is None]
        switch(line, mode, at=at, until=at + HOUR, replaces=held[0] if held else None)
        find(line, "pressure-low", ("fw-1", "gate-east", "gate-west")[number], at + MIN)
    found = line.rows(alert, alert.c.condition == "pressure-low")
    assert [(row["priority"], row["state"]) for row in found] == [("P0", "unacknowledged")] * 3
    told = line.rows(annunciation, annunciation.c.condition == "pressure-low")
    assert [(row["priority"], row["how"]) for row in told] == [("P0", "alone")] * 3


def test_a_mode_of_one_building_leaves_the_others_alone(line):
    switch(line, area="b1")
    inside = case(line, report(line, "flooding", T0, device="fw-1"))
    outside = case(line, report(line, "flooding", T0, device="gate-east"))
    assert inside["due_at"] < outside["due_at"]


@pytest.mark.parametrize("area", ["@grid-1", "@micro-b1"])
def test_a_mode_of_a_grid_covers_its_buildings_alone(tmp_path, monkeypatch, area):
    shutil.copytree(CONFIGS / "org", tmp_path / "org")
    tree = tmp_path / "org" / "tree.toml"
    tree.write_text(tree.read_text("utf-8").replace('"jinxiu/b1"', f'"{SITE}/b1"'), "utf-8")
    org = load_org(tmp_path / "org")
    monkeypatch.setattr(estate.shipped, "org", lambda: org)
    with a_line(tmp_path) as line:
        switch(line, area=area)
        inside = case(line, report(line, "flooding", T0, device="fw-1"))
        outside = case(line, report(line, "flooding", T0, device="gate-east"))
        assert inside["due_at"] < outside["due_at"]
        with pytest.raises(BadRequestError):
            switch(line, area="@grid-2")  # it has no building here
        with pytest.raises(BadRequestError):
            switch(line, area="@community")  # it answers for the whole site: that is `*`


def test_whoever_did_not_know_of_the_mode_in_force_is_told_and_nothing_is_lost(line):
    first = switch(line)
    with pytest.raises(ConflictError, match="by now"):
        switch(line, "fire", at=T0 + MIN)
    second = switch(line, "fire", at=T0 + MIN, replaces=first)
    rows = {row["id"]: row for row in line.rows(mode_switch)}
    assert rows[first]["ended_by"] == "chen"
    assert rows[second]["ended_at"] is None


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"mode": "normal"}, BadRequestError),
        ({"mode": "none"}, BadRequestError),
        ({"area": "b9"}, BadRequestError),
        ({"until": T0 - 1}, BadRequestError),
        ({"until": T0 + 1000 * HOUR}, BadRequestError),
    ],
)
def test_what_makes_no_sense_is_refused(line, more, error):
    with pytest.raises(error):
        switch(line, **more)
    assert line.rows(mode_switch) == []


def test_a_guard_may_not_and_an_end_has_a_reason(line):
    act = SwitchMode(SITE, "*", "flood", "rain", T0 + HOUR, "wang", Role.GUARD)
    with pytest.raises(NotAllowedError):
        done(line.pipeline.act(act, T0))
    name = switch(line)
    with pytest.raises(BadRequestError, match="reason"):
        done(line.pipeline.act(ModeAct(SITE, name, "end", " ", "chen", Role.SUPERVISOR), T0))
    later = ModeAct(SITE, name, "prolong", "more", "chen", Role.SUPERVISOR, T0 + 3 * HOUR)
    done(line.pipeline.act(later, T0 + MIN))
    done(line.pipeline.tick(T0 + 2 * HOUR))
    done(line.pipeline.act(ModeAct(SITE, name, "end", "dry", "chen", Role.SUPERVISOR), T0 + HOUR))
    (row,) = line.rows(mode_switch)
    assert (row["ended_by"], row["over"], row["ended_at"]) == ("chen", "dry", T0 + HOUR)
