"""Rounds on the line: due by time, walked by guards, over by time, once though the hub was down."""

import shutil
from pathlib import Path

import pytest

from hub.bulletins.patrols import walked
from hub.config import load_patrols
from hub.config.channels import Channels
from hub.errors import BadRequestError, ConflictError, NotAllowedError
from hub.patrols import Result, code_of
from hub.pipeline import StartRound, VisitPoint
from hub.pipeline.patrolling import point_text
from hub.store.schema import case_, case_history, change, notification, patrol_round
from hub.store.write.patrols import round_of
from tests.hub_machinery.estate import SITE, T0, a_line, done

MIN, HOUR = 60_000, 3_600_000
DUE = T0 + 18_400_000  # 22:00 in China on the day of T0
NIGHT = 24 * HOUR
SMS = {"id": "wecom", "kind": "dingtalk-card", "to": {"*": {"url": "http://127.0.0.1:9/robot"}}}


@pytest.fixture
def line(tmp_path):
    folder = tmp_path / "patrols"
    folder.mkdir()
    shutil.copy(Path(__file__).parent / "rounds.toml", folder)
    channels = Channels.model_validate({"channel": [SMS]})
    with a_line(tmp_path, channels=channels, patrols=load_patrols(folder)) as one:
        tick(one, T0)
        yield one


def tick(line, now):
    done(line.pipeline.tick(now))


def rounds(line):
    rows = line.rows(patrol_round)
    return [round_of(row) for row in sorted(rows, key=lambda row: row["due_at"])]


def states(line):
    return [one.state.value for one in rounds(line)]


def visit(line, point, now, result=Result.FINE, *, actor="wang", **more):
    one = rounds(line)[-1]
    done(line.pipeline.act(VisitPoint(SITE, one.id, point, result, actor, **more), now))


def test_a_round_is_due_is_walked_and_a_finding_is_a_case_that_knows_where_it_came_from(line):
    tick(line, DUE - 1)
    assert rounds(line) == []
    for _ in range(2):
        tick(line, DUE)
    assert states(line) == ["due"]
    visit(line, "stairs", DUE + MIN, Result.FINDING, note="三楼堆了纸箱")
    (one,) = rounds(line)
    assert one.state.value == "walking"
    with pytest.raises(ConflictError):
        visit(line, "stairs", DUE + MIN, actor="li")
    visit(line, "east", DUE + 2 * MIN)
    assert states(line) == ["done"]
    (case,) = line.rows(case_)
    assert (case["source"], case["category"]) == ("inspection", "stairwell-storage")
    assert case["place"]["en"] == "Building 1, stairs"
    assert case["id"] == one.visit("stairs").case
    (first,) = line.rows(case_history)
    assert (first["detail"]["round"], first["detail"]["point"]) == (one.id, "stairs")
    assert {"round", "case"} <= {row["type"] for row in line.rows(change)}
    with pytest.raises(NotAllowedError):
        visit(line, "east", DUE + 3 * MIN)


def test_a_round_that_nobody_walked_opens_one_case_and_calls_whose_it_is(line):
    tick(line, DUE)
    for _ in range(2):
        tick(line, DUE + HOUR)
    assert states(line) == ["missed"]
    (case,) = line.rows(case_)
    assert (case["category"], case["source"]) == ("patrol-missed", "inspection")
    (first,) = line.rows(case_history)
    assert "东门、楼梯间" in first["note"]
    told = [row for row in line.rows(notification) if row["ref"] == case["id"]]
    assert [row["post"] for row in told] == ["patrol-lead"]
    assert told[0]["message"]["title"]["zh"].startswith("【P2】巡查漏巡")


def test_what_was_due_while_the_hub_was_down_is_made_once_and_blamed_on_nobody(line):
    line.restart()
    back = DUE + 2 * NIGHT + 40 * MIN  # two nights are over, the third is under way
    for _ in range(2):
        tick(line, back)
    assert states(line) == ["lapsed", "lapsed", "due"]
    assert line.rows(case_) == []
    assert rounds(line)[-1].ends_at == back + 30 * MIN


def test_a_round_that_was_to_end_while_the_hub_was_away_is_given_its_grace_once(line):
    tick(line, DUE)
    visit(line, "east", DUE + MIN)
    line.restart()
    back = DUE + 3 * HOUR
    tick(line, back)
    assert states(line) == ["walking"]
    tick(line, back + 30 * MIN)
    assert states(line) == ["incomplete"]
    (first,) = line.rows(case_history)
    assert "楼梯间" in first["note"]
    assert "东门" not in first["note"]


def test_a_hub_that_was_away_for_a_year_makes_the_rounds_of_a_week_alone(line):
    line.restart()
    for step in range(3):
        tick(line, DUE + 365 * NIGHT + MIN + step)
    assert states(line) == ["lapsed"] * 6 + ["due"]


def test_a_round_besides_the_plan_is_walked_and_missed_without_a_case(line):
    start = StartRound(SITE, "night", "wang")
    made = done(line.pipeline.act(start, T0 + MIN))
    tick(line, T0 + MIN + HOUR)
    assert [(one.id, one.planned, one.state.value) for one in rounds(line)] == [
        (made, False, "missed")
    ]
    assert line.rows(case_) == []


def test_the_figures_count_rounds_by_plan_and_leave_out_what_nobody_could_walk(line):
    tick(line, DUE)
    visit(line, "east", DUE + MIN)
    visit(line, "stairs", DUE + 45 * MIN, Result.FINDING, note="堆物")
    tick(line, DUE + NIGHT)
    tick(line, DUE + NIGHT + HOUR)
    line.restart()
    tick(line, DUE + 3 * NIGHT - HOUR)
    (night,) = walked(rounds(line))
    assert (night.rounds, night.done, night.late, night.missed) == (2, 1, 1, 1)
    assert (night.points, night.unseen, night.findings) == (4, 2, 1)


def test_where_a_code_hangs_nobody_says_so_from_elsewhere_and_what_came_late_says_when(tmp_path):
    folder = tmp_path / "patrols"
    folder.mkdir()
    text = (Path(__file__).parent / "rounds.toml").read_text("utf-8")
    (folder / "r.toml").write_text(
        text.replace("[[plan.point]]", "proof = true\n[[plan.point]]", 1)
    )
    with a_line(tmp_path, patrols=load_patrols(folder)) as line:
        tick(line, T0)
        tick(line, DUE)
        east, stairs = (
            code_of(line.seal.hash(SITE, point_text("night", one))) for one in ("east", "stairs")
        )
        for code in (None, "", stairs, "0000-0000"):
            with pytest.raises(BadRequestError, match="code"):
                visit(line, "east", DUE + MIN, code=code)
        for said in (DUE - 1, DUE + 20 * MIN):
            with pytest.raises(BadRequestError, match="visited_at"):
                visit(line, "east", DUE + MIN, code=east, visited_at=said)
        typed = east.lower().replace("-", " ").replace("0", "o")
        visit(line, "east", DUE + 20 * MIN, code=typed, visited_at=DUE + 5 * MIN)
        visit(line, "stairs", DUE + 21 * MIN, Result.SKIPPED, note="门锁着")
        (one,) = rounds(line)
    seen, left = one.visit("east"), one.visit("stairs")
    assert (seen.proved, seen.at, seen.sent_at) == (True, DUE + 5 * MIN, DUE + 20 * MIN)
    assert (left.proved, left.sent_at, one.state.value) == (False, None, "incomplete")
