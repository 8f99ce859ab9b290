"""Whatever people, devices, time and crashes do in whatever order, some things always hold."""

from collections import Counter
from itertools import pairwise

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from hub.alerts import ACTIVE_STATES, HoldEvent
from hub.config import Role
from hub.errors import BadRequestError, ConflictError, NotAllowedError, NotFoundError
from hub.pipeline import AlertAct, AskService, HoldAct, Priority
from hub.rules import Finding
from hub.store.schema import alarm_hold, alert, alert_history, annunciation
from tests.hub_machinery.estate import SITE, T0, a_line, done

CONDITIONS = ["pressure-low", "door-forced", "device-silent", "agent-silent", "barrier-struck"]
SUBJECTS = ["gate-east", "gate-west", "gates"]
REFUSALS = (BadRequestError, ConflictError, NotAllowedError, NotFoundError)

FINDINGS = st.tuples(
    st.just("find"), st.sampled_from(CONDITIONS), st.sampled_from(SUBJECTS), st.booleans()
)
ACTS = st.tuples(
    st.sampled_from(["acknowledge", "reset", "shelve", "unshelve", "ask", "approve", "end"]),
    st.integers(0, 9),
    st.sampled_from(list(Role)),
    st.sampled_from(["wang", "li"]),
)
TIMES = st.tuples(st.just("pass"), st.sampled_from([1, 20, 61, 300, 3700]))
STEPS = st.lists(st.one_of(FINDINGS, FINDINGS, ACTS, TIMES, st.just(("crash",))), max_size=60)


def act(line, step, now):
    kind, number, role, actor = step
    if kind in {"approve", "end"}:
        holds = line.rows(alarm_hold)
        if not holds:
            return
        event = HoldEvent.APPROVE if kind == "approve" else HoldEvent.END
        wish = HoldAct(SITE, holds[number % len(holds)]["id"], event, actor, role)
    elif kind == "ask":
        until = now + 600_000
        place = SUBJECTS[number % 3], CONDITIONS[number % 5]
        wish = AskService(SITE, *place, "work", "W-1", "patrol", until, actor, role)
    else:
        rows = line.rows(alert)
        if not rows:
            return
        name = rows[number % len(rows)]["id"]
        more = {"until": now + 120_000, "note": "x"} if kind == "shelve" else {}
        wish = AlertAct(SITE, name, kind, actor, role=role, **more)
    try:
        done(line.pipeline.act(wish, now))
    except REFUSALS as refused:
        assert str(refused)


def holds(line, now):
    rows = line.rows(alert)
    active = Counter(
        (row["device"], row["condition"])
        for row in rows
        if row["state"] in {state.value for state in ACTIVE_STATES}
    )
    assert max(active.values(), default=1) == 1
    service = {
        (row["device"], row["condition"])
        for row in line.rows(alarm_hold)
        if (row["kind"], row["state"]) == ("service", "active")
    }
    for row in rows:
        if row["priority"] == "P0":
            assert row["state"] not in {"shelved", "suppressed"}
            assert row["annunciation"] in {"alone", None}
            if row["state"] == "unacknowledged":
                assert row["due_at"] is not None  # somebody else is asked in time
        if row["state"] == "out-of-service":
            assert (row["device"], row["condition"]) in service
        assert (row["state"] == "normal") == (row["closed_at"] is not None)
        if row["parent"] is not None and row["state"] == "suppressed":
            assert any(one["id"] == row["parent"] for one in rows)
    for one in line.rows(alarm_hold):
        assert one["reason"].strip()
        assert one["state"] != "active" or one["until"] > now
        if one["kind"] == "service" and one["state"] == "active":
            assert one["approved_by"] not in {None, one["requested_by"]}
    sounds = sorted(row["at"] for row in line.rows(annunciation, annunciation.c.rationed))
    assert all(later - first >= 600_000 for first, later in zip(sounds, sounds[10:], strict=False))
    for row in rows:
        steps = line.rows(alert_history, alert_history.c.alert == row["id"])
        assert all(one["to_state"] == two["from_state"] for one, two in pairwise(steps))
        assert steps[-1]["to_state"] == row["state"]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_what_always_holds_whatever_happens(tmp_path_factory, steps):
    with a_line(tmp_path_factory.mktemp("line")) as line:
        now = T0
        for step in steps:
            if step[0] == "find":
                _, condition, device, active = step
                found = Finding(condition, device, active=active, at=now)
                apply = line.pipeline._alerting.apply
                done(
                    line.pipeline.write(
                        Priority.LIFE,
                        now,
                        lambda work, found=found, apply=apply: apply(work, SITE, found),
                    )
                )
            elif step[0] == "pass":
                now += step[1] * 1000
                done(line.pipeline.tick(now))
            elif step[0] == "crash":
                line.restart()
            else:
                act(line, step, now)
            now += 100
        done(line.pipeline.tick(now))
        holds(line, now)
