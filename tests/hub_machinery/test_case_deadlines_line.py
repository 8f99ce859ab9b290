"""Deadlines on the line: persisted, stepped by the tick alone, once however long it was away."""

import pytest
from sqlalchemy import select

from hub.config import Role
from hub.pipeline import CaseAct, OpenCase
from hub.store.schema import case_, case_history, change
from tests.hub_machinery.estate import SITE, T0, a_line, done
from wire import Text

MIN = 60_000


@pytest.fixture
def line(tmp_path):
    with a_line(tmp_path) as one:
        yield one


def report(line, category="fire-lane", now=T0):
    act = OpenCase(SITE, category, Text(zh="堵塞", en="Blocked"), "li", "boxes on the stair")
    return done(line.pipeline.act(act, now))


def actions(line, case):
    rows = line.rows(case_history, case_history.c.case_id == case)
    return [row["action"] for row in rows]


def stood(line, case):
    with line.store.reader.connect() as connection:
        return connection.execute(select(case_).where(case_.c.id == case)).mappings().one()


def test_a_missed_deadline_climbs_to_the_top_by_itself_whatever_dies_meanwhile(line):
    case = report(line)
    for minute in range(0, 60 * 6, 7):
        done(line.pipeline.tick(T0 + minute * MIN))
        if minute % 70 == 0:
            line.restart()
    assert actions(line, case) == ["discover", "remind", *["escalate"] * 2]
    row = stood(line, case)
    assert (row["unit"], row["rung"], row["timer_at"]) == ("district", 2, None)
    told = [one["unit"] for one in units(line, case)]
    assert told == ["street", "district"]


def units(line, case):
    rows = line.rows(case_history, case_history.c.case_id == case)
    return [row["detail"] for row in rows if row["action"] == "escalate"]


def test_what_was_done_in_time_is_never_raised(line):
    case = report(line)
    act = CaseAct(SITE, case, "accept", "li", Role.SUPERVISOR)
    done(line.pipeline.act(act, T0 + 5 * MIN))
    done(line.pipeline.tick(T0 + 16 * MIN))
    assert actions(line, case) == ["discover", "accept"]
    assert stood(line, case)["due_at"] == T0 + 125 * MIN


def test_a_hub_that_was_down_for_a_day_raises_each_case_once(line):
    cases = [report(line, now=T0 + n) for n in range(5)]
    line.restart()
    for later in (0, 1, 2):
        done(line.pipeline.tick(T0 + 24 * 60 * MIN + later * 1000))
    for case in cases:
        assert actions(line, case) == ["discover", "escalate"]


def test_the_feed_tells_of_each_step(line):
    case = report(line)
    before = positions(line, case)
    done(line.pipeline.tick(T0 + 11 * MIN))
    after = positions(line, case)
    assert set(after) - set(before)


def positions(line, case):
    return [row["position"] for row in line.rows(change, change.c.ref == case)]
