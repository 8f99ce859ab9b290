"""A building loses its power while other things really happen: nobody drowns, nothing is missed."""

import random

import pytest

from bench.storm_site import AGENTS, EVENTS, GATES, SENSORS, site_file
from hub.config import Priority as AlarmPriority
from hub.pipeline import Priority
from hub.rules import Finding
from hub.store.schema import alert, annunciation, flood
from tests.hub_machinery.estate import SITE, T0, Agent, Line, done, gate, pressure
from wire import Lane

TRIALS = 200


@pytest.fixture
def line(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.hub_machinery.estate.SITE_FILE", site_file())
    made = Line(tmp_path)
    yield made
    made.stop()


def _word(*, toggles: bool, opened: bool) -> str:
    return ("opened" if opened else "closed") if toggles else "state"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_ten_thousand_events_in_a_minute_hide_none_of_twenty_p0(line):
    """Simulated time: each second's messages in one batch, as ingest would hand them over."""
    rng = random.Random(20)
    agents = {f"floor-{place}": Agent(f"floor-{place}") for place in range(AGENTS)}
    water = Agent("water")
    falls = {number: rng.uniform(5, 50) for number in range(SENSORS)}
    sent = 0
    for second in range(60):
        now = T0 + second * 1000
        noisy = EVENTS // 60 + (second < EVENTS % 60) - SENSORS
        said: dict[str, list] = {}
        for place in range(noisy):
            number = rng.randrange(GATES)
            toggles = place % 8 == 0  # the rest only repeats how things stand
            opened = toggles and rng.random() < 0.7
            event = gate(now, _word(toggles=toggles, opened=opened), f"gate-{number}", open=opened)
            said.setdefault(f"floor-{number % AGENTS}", []).append(event)
        messages = [agents[name].message(*each, now=now) for name, each in said.items()]
        values = [
            pressure(now, 0.01 if second >= falls[number] else 0.3, f"fw-{number}")
            for number in range(SENSORS)
        ]
        messages.append(water.message(*values, now=now, lane=Lane.LIFE))
        sent += noisy + SENSORS
        line.handle(*messages, now=now)
        done(line.pipeline.tick(now + 600))
    assert sent == EVENTS
    assert line.counters()["stored"] == EVENTS
    low = line.rows(alert, alert.c.condition == "pressure-low")
    assert len(low) == SENSORS
    assert {row["state"] for row in low} == {"unacknowledged"}
    assert {row["annunciation"] for row in low} == {"alone"}
    told = line.rows(annunciation)
    assert {row["id"] for row in low} <= {row["alert"] for row in told}
    assert sum(row["rationed"] for row in told) <= 10
    assert line.rows(flood)[0]["ended_at"] is None
    forced = line.rows(alert, alert.c.condition == "door-forced", alert.c.closed_at.is_(None))
    assert len(forced) > 100
    assert len(told) > 10 * sum(row["rationed"] for row in told)


def test_a_power_cut_becomes_one_alarm_from_which_all_its_silence_is_reached(line):
    def storm(work):
        for number in range(GATES):  # some before their agent, as it happens
            line.pipeline._alerting.apply(
                work, SITE, Finding("device-silent", f"gate-{number}", active=True, at=T0)
            )
        for agent in [*range(AGENTS), "core"]:
            name = agent if isinstance(agent, str) else f"floor-{agent}"
            line.pipeline._alerting.apply(
                work, SITE, Finding("agent-silent", name, active=True, at=T0)
            )

    done(line.pipeline.write(Priority.LIFE, T0, storm))
    open_ones = {row["id"]: row for row in line.rows(alert)}
    (core,) = [row for row in open_ones.values() if row["device"] == "core"]
    waiting = [row for row in open_ones.values() if row["state"] == "unacknowledged"]
    assert waiting == [core]

    def reached(parent):
        mine = [row for row in open_ones.values() if row["parent"] == parent]
        return sum(1 + reached(row["id"]) for row in mine)

    assert reached(core["id"]) == GATES + AGENTS
    assert sum(row["children"] for row in open_ones.values()) == GATES + AGENTS
    assert sum(row["rationed"] for row in line.rows(annunciation)) <= 10


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_storm_swallows_an_independent_p0(line):
    """Random storms of all kinds, one P0 somewhere in each; each trial in one transaction."""
    alarms = line.alarms
    vital = [name for name, one in alarms.items() if one.priority is AlarmPriority.P0]
    others = [name for name in alarms if name not in vital]
    subjects = ["core", "water", *(f"floor-{n}" for n in range(AGENTS))]
    subjects += [f"gate-{n}" for n in range(GATES)]
    rng = random.Random(7)
    shown = 0
    now = T0
    for _ in range(TRIALS):
        now += rng.choice([1_000, 30_000, 700_000])
        p0 = (rng.choice(vital), f"{rng.choice(['fw', 'gate'])}-{rng.randrange(SENSORS)}")
        before = rng.randrange(6)

        def storm(work, now=now, p0=p0, before=before):
            apply = line.pipeline._alerting.apply
            clear = Finding(p0[0], p0[1], active=False, at=now)
            apply(work, SITE, clear)
            for place in range(6):
                if place == before:
                    apply(work, SITE, Finding(p0[0], p0[1], active=True, at=now))
                found = Finding(
                    rng.choice([*others, "agent-silent", "device-silent"]),
                    rng.choice(subjects),
                    active=rng.random() < 0.8,
                    at=now,
                )
                apply(work, SITE, found)

        done(line.pipeline.write(Priority.LIFE, now, storm))
        rows = line.rows(
            alert,
            alert.c.device == p0[1],
            alert.c.condition == p0[0],
            alert.c.state == "unacknowledged",
        )
        shown += [row["annunciation"] for row in rows] == ["alone"]
    assert shown == TRIALS
