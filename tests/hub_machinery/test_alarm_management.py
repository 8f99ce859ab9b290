"""Alarms that people can live with, on a real database: chatter, families, holds, floods, calls."""

import pytest

from hub.alerts import HoldEvent
from hub.config import Role
from hub.errors import BadRequestError, ConflictError, NotAllowedError
from hub.pipeline import AlertAct, AskService, HoldAct, Priority
from hub.rules import Finding
from hub.store.schema import alarm_hold, alert, alert_history, annunciation, flood
from tests.hub_machinery.estate import SITE, T0, a_line, done

S = 1000
MIN = 60 * S


class Alarms:
    """Findings in, alerts out; `now` is where the test has come to."""

    def __init__(self, line) -> None:
        self.line = line
        self.now = T0

    def find(self, condition, device="gate-east", *, active=True, at=None, **more):
        at = self.now if at is None else at
        finding = Finding(condition, device, active=active, at=at, **more)
        pipeline = self.line.pipeline
        done(
            pipeline.write(
                Priority.LIFE, self.now, lambda work: pipeline._alerting.apply(work, SITE, finding)
            )
        )

    def end(self, condition, device="gate-east"):
        self.find(condition, device, active=False)

    def to(self, seconds, step=None):
        """Let time pass, ticking."""
        end = T0 + round(seconds * S)
        while step and self.now + step * S < end:
            self.now += step * S
            done(self.line.pipeline.tick(self.now))
        self.now = end
        done(self.line.pipeline.tick(end))

    def act(self, row, action, **more):
        act = AlertAct(SITE, row["id"], action, more.pop("actor", "wang"), **more)
        return done(self.line.pipeline.act(act, self.now))

    def rows(self, *where):
        return self.line.rows(alert, *where)

    def only(self, condition, device=None):
        found = [
            row
            for row in self.rows()
            if row["condition"] == condition and device in {None, row["device"]}
        ]
        assert len(found) == 1, found
        return found[0]

    def steps(self, row):
        return [
            one["action"]
            for one in self.line.rows(alert_history, alert_history.c.alert == row["id"])
        ]

    def open(self):
        return self.rows(alert.c.closed_at.is_(None))

    def told(self, **match):
        return [
            row
            for row in self.line.rows(annunciation)
            if all(row[name] == value for name, value in match.items())
        ]


@pytest.fixture
def alarms(line):
    return Alarms(line)


def test_an_alarm_that_toggles_every_second_becomes_one_that_chatters(alarms):
    for second in range(0, 600, 2):
        alarms.to(second)
        alarms.find("door-forced")
        alarms.to(second + 1)
        alarms.end("door-forced")
        if second == 60:
            assert [row["chattering_at"] is not None for row in alarms.open()] == [True]
    (row,) = alarms.open()
    assert row["chattering_at"] <= T0 + 60 * S
    assert row["repeats"] > 280
    assert len(alarms.told()) <= 3  # and nothing further
    alarms.to(700, step=10)
    (row,) = alarms.open()
    assert (row["chattering_at"], row["state"]) == (None, "returned-unacknowledged")
    alarms.act(row, "acknowledge")
    assert not alarms.open()


def test_acknowledging_a_chattering_alarm_works_between_two_of_its_turns(alarms):
    for second in range(0, 30, 2):
        alarms.to(second)
        alarms.find("door-forced")
        alarms.end("door-forced")
    (row,) = alarms.rows(alert.c.chattering_at.is_not(None))
    seen = row["version"]
    for second in range(30, 40, 2):
        alarms.to(second)
        alarms.find("door-forced")
        alarms.end("door-forced")
    alarms.act(row, "acknowledge", version=seen)
    alarms.to(200, step=10)
    assert not alarms.open()


def test_a_chattering_p0_stays_told_and_repeats_once_a_minute_until_acknowledged(alarms):
    for second in range(0, 300, 4):
        alarms.to(second)
        alarms.find("pressure-low", "fw-1")
        alarms.to(second + 2)
        alarms.end("pressure-low", "fw-1")
    (row,) = alarms.open()
    assert row["state"] == "unacknowledged"
    assert row["annunciation"] == "alone"
    times = [one["at"] for one in alarms.told()]
    assert len(times) >= 4
    assert all(
        later - earlier >= MIN for earlier, later in zip(times[-4:], times[-3:], strict=False)
    )
    alarms.act(row, "acknowledge")
    before = len(alarms.told())
    alarms.to(900, step=20)
    assert len(alarms.told()) == before


def test_an_agents_silence_explains_that_of_its_devices(alarms):
    alarms.find("device-silent", "gate-east")  # it was found first
    alarms.find("agent-silent", "gates")
    alarms.find("device-silent", "gate-west")
    alarms.find("door-forced", "gate-west")  # nothing that the agent's silence explains
    parent = alarms.only("agent-silent")
    assert (parent["state"], parent["children"]) == ("unacknowledged", 2)
    children = alarms.rows(alert.c.parent == parent["id"])
    assert {(row["device"], row["state"]) for row in children} == {
        ("gate-east", "suppressed"),
        ("gate-west", "suppressed"),
    }
    assert alarms.only("door-forced")["state"] == "unacknowledged"
    alarms.to(5)
    alarms.end("agent-silent", "gates")
    alarms.to(10)
    alarms.end("device-silent", "gate-east")
    alarms.to(100, step=10)
    assert alarms.only("device-silent", "gate-east")["state"] == "normal"
    assert alarms.only("device-silent", "gate-west")["state"] == "suppressed"
    alarms.to(140, step=10)
    late = alarms.only("device-silent", "gate-west")
    assert (late["state"], late["parent"], late["annunciation"]) == (
        "unacknowledged",
        None,
        "alone",
    )


def test_a_child_stays_explained_when_its_parent_comes_back_before_it_is_released(alarms):
    alarms.find("agent-silent", "gates")
    alarms.find("device-silent", "gate-west")
    alarms.act(alarms.only("agent-silent"), "acknowledge")
    alarms.to(5)
    alarms.end("agent-silent", "gates")
    alarms.to(20)
    alarms.find("agent-silent", "gates")
    alarms.to(200, step=10)
    (parent,) = alarms.rows(alert.c.condition == "agent-silent", alert.c.closed_at.is_(None))
    child = alarms.only("device-silent")
    assert (child["state"], child["parent"]) == ("suppressed", parent["id"])


def test_a_shelf_has_an_end_and_a_reason_and_both_are_kept(alarms):
    alarms.find("door-held-open")
    row = alarms.only("door-held-open")
    for more in ({}, {"until": T0 + MIN}, {"until": T0 + MIN, "note": " "}, {"note": "moving"}):
        with pytest.raises(BadRequestError):
            alarms.act(row, "shelve", **more)
    for until in (T0, T0 - 1, T0 + 13 * 60 * MIN):
        with pytest.raises(BadRequestError, match="until"):
            alarms.act(row, "shelve", until=until, note="moving in")
    alarms.act(row, "shelve", until=T0 + 60 * MIN, note="moving in")
    assert alarms.only("door-held-open")["state"] == "shelved"
    alarms.to(60)
    alarms.end("door-held-open")
    assert alarms.only("door-held-open")["state"] == "normal"
    alarms.to(120)
    alarms.find("door-held-open")  # again, within the shelf: silent, and on the list
    again = alarms.open()[0]
    assert (again["state"], again["held_until"]) == ("shelved", T0 + 60 * MIN)
    assert len(alarms.told()) == 1
    alarms.to(3599)
    assert alarms.open()[0]["state"] == "shelved"
    alarms.to(3600)
    told = alarms.open()[0]
    assert (told["state"], told["held_until"], told["annunciation"]) == (
        "unacknowledged",
        None,
        "alone",
    )
    (hold,) = alarms.line.rows(alarm_hold)
    assert (hold["state"], hold["reason"], hold["ended_by"]) == ("ended", "moving in", None)


def test_who_shelves_may_also_end_it(alarms):
    alarms.find("door-held-open")
    row = alarms.only("door-held-open")
    alarms.act(row, "shelve", until=T0 + 60 * MIN, note="moving in")
    alarms.to(2 * 60)
    alarms.act(row, "unshelve")
    assert alarms.only("door-held-open")["state"] == "unacknowledged"
    with pytest.raises(NotAllowedError):
        alarms.act(row, "unshelve")


@pytest.mark.parametrize(
    ("condition", "role"),
    [("pressure-low", Role.ADMIN), ("ebike-in-elevator", Role.ADMIN), ("door-forced", Role.GUARD)],
)
def test_what_may_not_be_shelved_says_why(alarms, condition, role):
    alarms.find(condition)
    with pytest.raises(NotAllowedError) as refused:
        alarms.act(alarms.only(condition), "shelve", until=T0 + MIN, note="x", role=role)
    assert refused.value.why.en


def ask(alarms, **more):
    asked = {
        "device": "fw-1",
        "condition": "pressure-low",
        "reason": "pump is being replaced",
        "permit": "W-17",
        "substitute": "gauge read every 30 min",
        "until": T0 + 24 * 60 * MIN,
        "actor": "wang",
        "role": Role.SUPERVISOR,
    } | more
    return done(alarms.line.pipeline.act(AskService(SITE, **asked), alarms.now))


def approve(alarms, hold, event=HoldEvent.APPROVE, actor="li", role=Role.SUPERVISOR):
    return done(alarms.line.pipeline.act(HoldAct(SITE, hold, event, actor, role), alarms.now))


@pytest.mark.parametrize("missing", ["reason", "permit", "substitute"])
def test_out_of_service_takes_a_reason_a_permit_and_a_substitute(alarms, missing):
    with pytest.raises(BadRequestError, match=missing):
        ask(alarms, **{missing: "  "})


def test_out_of_service_takes_two_people_and_stays_on_the_list(alarms):
    alarms.find("pressure-low", "fw-1")
    hold = ask(alarms)
    assert alarms.only("pressure-low")["state"] == "unacknowledged"
    with pytest.raises(NotAllowedError):
        approve(alarms, hold, actor="wang")
    with pytest.raises(NotAllowedError):
        approve(alarms, hold, actor="li", role=Role.GUARD)
    approve(alarms, hold)
    out = alarms.only("pressure-low")
    assert (out["state"], out["closed_at"], out["due_at"]) == ("out-of-service", None, None)
    with pytest.raises(ConflictError):
        approve(alarms, ask(alarms))
    approve(alarms, hold, HoldEvent.END, "zhao")
    back = alarms.only("pressure-low")
    assert (back["state"], back["annunciation"]) == ("unacknowledged", "alone")
    assert alarms.steps(back)[-2:] == ["take-out", "put-back"]


def test_a_hub_that_was_away_ends_what_was_due_once(alarms):
    alarms.find("pressure-low", "fw-1")
    alarms.find("door-held-open")
    alarms.act(alarms.only("door-held-open"), "shelve", until=T0 + 10 * MIN, note="moving in")
    alarms.line.restart()
    alarms.to(3600)
    alarms.to(3601)
    assert alarms.steps(alarms.only("pressure-low")) == ["begin", "escalate"]
    assert alarms.steps(alarms.only("door-held-open")) == ["begin", "shelve", "unshelve"]
    alarms.to(3660)
    assert alarms.only("pressure-low")["escalation"] == 2


def test_a_p0_that_nobody_acknowledges_climbs_the_roster_and_the_tree_and_stops(alarms):
    alarms.find("pressure-low", "fw-1")
    alarms.to(59.9)
    assert alarms.only("pressure-low")["escalation"] == 0
    alarms.to(60)
    alarms.to(600, step=2)
    row = alarms.only("pressure-low")
    calls = [
        (one["at"], one["detail"]["post"], one["detail"]["channels"])
        for one in alarms.line.rows(alert_history, alert_history.c.action == "escalate")
    ]
    ladder = alarms.line.pipeline._timers._annunciator._org
    posts = [post.id for post in ladder.ladder(ladder.roster.desks[0], T0)]
    assert [post for _, post, _ in calls[: len(posts)]] == [*posts[1:], posts[0]]
    assert calls[0][0] == T0 + MIN
    assert calls[0][2]  # another channel than the desk's screen
    alarms.act(row, "acknowledge")
    before = alarms.only("pressure-low")["escalation"]
    alarms.to(1200, step=5)
    assert alarms.only("pressure-low")["escalation"] == before


def test_an_alarm_below_p0_is_not_passed_on(alarms):
    alarms.find("door-forced")
    alarms.to(600, step=30)
    assert alarms.only("door-forced")["escalation"] == 0


def test_a_flood_is_told_in_groups_and_p0_alone(alarms):
    for place in range(40):
        alarms.to(place * 5)
        alarms.find("door-forced", f"door-{place}")
        if place % 10 == 9:
            alarms.find("pressure-low", f"fw-{place}")
    (over,) = alarms.line.rows(flood)
    assert (over["ended_at"], over["grouped"] > 20) == (None, True)
    assert len(alarms.told(rationed=True)) <= 10
    assert [row["how"] for row in alarms.told(priority="P0", again=False)] == ["alone"] * 4
    assert len(alarms.open()) == 44  # each on the list
    alarms.to(779, step=30)
    assert alarms.line.rows(flood)[0]["ended_at"] is None
    alarms.to(781)
    (over,) = alarms.line.rows(flood)
    last_but_four = sorted(row["at"] for row in alarms.told(again=False))[-5]
    assert over["ended_at"] == last_but_four + 10 * MIN
    alarms.find("door-forced", "door-new")
    assert alarms.only("door-forced", "door-new")["annunciation"] == "alone"


def test_ten_alarms_in_ten_minutes_are_no_flood(alarms):
    for place in range(10):
        alarms.to(place * 59)
        alarms.find("door-forced", f"door-{place}")
    assert not alarms.line.rows(flood)
    assert {row["how"] for row in alarms.told()} == {"alone"}


def test_a_latching_alarm_is_over_only_when_it_was_reset(alarms):
    alarms.find("barrier-struck", "barrier-in")
    alarms.end("barrier-struck", "barrier-in")
    row = alarms.only("barrier-struck")
    with pytest.raises(NotAllowedError):
        alarms.act(row, "reset")
    alarms.act(row, "acknowledge")
    assert alarms.only("barrier-struck")["state"] == "latched"
    alarms.to(60)
    alarms.find("barrier-struck", "barrier-in")  # struck again before anybody was there
    assert alarms.only("barrier-struck")["state"] == "unacknowledged"
    alarms.act(row, "acknowledge")
    alarms.end("barrier-struck", "barrier-in")
    alarms.act(row, "reset")
    assert alarms.only("barrier-struck")["state"] == "normal"


@pytest.fixture
def slow(tmp_path):
    """`door-forced` waits 10 s to begin and 5 s to end."""
    with a_line(tmp_path) as made:
        delays = {"on_delay_s": 10.0, "off_delay_s": 5.0}
        made.alarms["door-forced"] = made.alarms["door-forced"].model_copy(update=delays)
        yield Alarms(made)


def test_a_condition_that_is_gone_within_its_on_delay_is_no_alarm(slow):
    slow.find("door-forced")
    slow.to(9)
    slow.end("door-forced")
    slow.to(60, step=1)
    assert not slow.rows()


def test_delays_outlive_a_restart_and_date_from_the_condition_itself(slow):
    slow.find("door-forced")
    slow.to(3)
    slow.line.restart()
    slow.to(10)
    row = slow.only("door-forced")
    assert (row["state"], row["at"], row["received_at"]) == ("unacknowledged", T0, T0 + 10 * S)
    slow.to(20)
    slow.end("door-forced")
    slow.to(24)
    slow.find("door-forced")  # back within the off-delay: it never ended
    slow.to(60, step=1)
    assert slow.only("door-forced")["state"] == "unacknowledged"
    slow.end("door-forced")
    slow.to(65)
    assert slow.only("door-forced")["returned_at"] == T0 + 60 * S


def test_a_delay_that_was_missed_waits_once_more_for_what_speaks_against_it(slow):
    slow.find("door-forced")
    slow.line.restart()
    slow.to(3600)
    assert not slow.rows()
    slow.to(3605)
    assert slow.only("door-forced")["at"] == T0
