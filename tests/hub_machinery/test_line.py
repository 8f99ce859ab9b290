"""From a message to a closed case, on a real database."""

import pytest

from hub.config import Role
from hub.errors import ConflictError, NotAllowedError, NotFoundError
from hub.pipeline import AlertAct, CaseAct, OpenCase
from hub.store.schema import alert, alert_history, case_, case_history, change
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate, pressure
from wire import Lane, Text


def force_door(line, agent, at=T0):
    line.handle(agent.message(gate(at, "opened", open=True), now=at))
    done(line.pipeline.tick(at + 2_000))


def test_forced_door_becomes_one_alert_and_one_case(line):
    force_door(line, Agent())
    (row,) = line.rows(alert)
    assert (row["device"], row["condition"], row["state"]) == (
        "gate-east",
        "door-forced",
        "unacknowledged",
    )
    (case,) = line.rows(case_)
    assert row["case_id"] == case["id"]
    assert case["state"] == "discovered"
    assert case["place"] == {"zh": "东门", "en": "East gate"}
    assert case["number"].endswith("-001")


def test_low_pressure_in_the_urgent_lane_becomes_an_alert(line):
    agent = Agent("water")
    for second in range(60):
        at = T0 + second * 1000
        line.handle(agent.message(pressure(at, 0.01), now=at, lane=Lane.LIFE))
        done(line.pipeline.tick(at))
    assert "pressure-low" in {row["condition"] for row in line.rows(alert)}


def test_a_case_is_taken_to_its_close_by_people(line):
    force_door(line, Agent())
    (case,) = line.rows(case_)
    steps = [
        ("take", {"role": Role.GUARD}),
        ("report", {"role": Role.GUARD, "resolution": "drill", "note": "locked again"}),
        ("close", {"role": Role.SUPERVISOR}),
    ]
    for place, (action, more) in enumerate(steps):
        act = CaseAct(SITE, case["id"], action, "wang", version=place + 1, **more)
        assert done(line.pipeline.act(act, T0 + 5_000 + place)) == case["id"]
    (after,) = line.rows(case_)
    assert after["state"] == "closed"
    assert after["closed_at"] == T0 + 5_002
    assert [row["action"] for row in line.rows(case_history)] == ["discover", *dict(steps)]


def test_an_alert_is_acknowledged_once(line):
    force_door(line, Agent())
    (row,) = line.rows(alert)
    act = AlertAct(SITE, row["id"], "acknowledge", "wang", version=row["version"], note="on my way")
    done(line.pipeline.act(act, T0 + 3_000))
    (after,) = line.rows(alert)
    assert (after["state"], after["acknowledged_by"]) == ("acknowledged", "wang")
    last = line.rows(alert_history)[-1]
    assert (last["action"], last["actor"], last["note"]) == ("acknowledge", "wang", "on my way")
    with pytest.raises(ConflictError):
        done(line.pipeline.act(act, T0 + 4_000))
    again = AlertAct(SITE, row["id"], "acknowledge", "li")
    with pytest.raises(NotAllowedError):
        done(line.pipeline.act(again, T0 + 4_000))


def test_an_act_on_another_sites_alert_finds_nothing(line):
    force_door(line, Agent())
    (row,) = line.rows(alert)
    with pytest.raises(NotFoundError):
        done(line.pipeline.act(AlertAct("elsewhere", row["id"], "acknowledge", "wang"), T0))


def test_a_refused_act_leaves_what_was_written_with_it_undone(line):
    force_door(line, Agent())
    (case,) = line.rows(case_)
    act = CaseAct(SITE, case["id"], "close", "wang", role=Role.GUARD)
    with pytest.raises(NotAllowedError):
        done(line.pipeline.act(act, T0, also=lambda c: c.exec_driver_sql("DELETE FROM change")))
    assert line.rows(change)


def test_a_person_opens_a_case_by_hand(line):
    category = next(one for one in line.catalogue.categories.values() if one.manual)
    title = Text(zh="楼道堆物", en="Blocked hallway")
    act = OpenCase(SITE, category.id, title, "wang", "third floor", device="gate-west")
    made = done(line.pipeline.act(act, T0))
    (case,) = line.rows(case_)
    assert case["id"] == made
    assert case["place"] == {"zh": "西门", "en": "West gate"}


def test_the_feed_tells_each_change_at_the_next_position(line):
    force_door(line, Agent())
    rows = line.rows(change)
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    assert {"alert", "case", "device"} <= {row["type"] for row in rows}


def test_a_batch_without_news_announces_nothing_but_readings(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "state", open=False)))
    line.committed.clear()
    line.handle(agent.message(gate(T0 + 1000, "state", open=False), now=T0 + 1000))
    (told,) = line.committed
    assert told.sites == frozenset()
    assert told.readings[0].signals["open"] == {"value": False, "at": T0 + 1000}


def test_a_device_that_never_spoke_is_alarmed_once_the_hub_has_waited_for_it(line):
    done(line.pipeline.wake(T0))
    for second in range(0, 400, 5):
        done(line.pipeline.tick(T0 + second * 1000))
    silent = {row["device"] for row in line.rows(alert) if row["condition"] == "device-silent"}
    assert "gate-east" in silent
