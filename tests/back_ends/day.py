"""A seeded day of the small estate: what its agents say, what its people do, hour by hour."""

import hashlib
import json
import random

from hub.config import Role
from hub.errors import HubError
from hub.pipeline import AlertAct, CaseAct
from hub.store.schema import (
    alert,
    alert_history,
    case_,
    case_history,
    change,
    command,
    dead_letter,
    device_health,
    observation,
    passage,
    rule_state,
    source_record,
    stream,
    tick_log,
)
from hub.telemetry.tables import point
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate, pressure
from wire import Lane

TABLES = (
    alert,
    alert_history,
    case_,
    case_history,
    change,
    command,
    dead_letter,
    device_health,
    observation,
    passage,
    point,
    rule_state,
    source_record,
    stream,
    tick_log,
)
_EVENTS = ("granted", "granted", "granted", "denied", "opened", "closed", "exit-button")
_HIDDEN = {"sealed"}  # seals have a random nonce


def a_day(line, *, seed: int, steps: int):
    """Live it. Whatever is random comes from the seed; every number is in the messages."""
    draw = random.Random(seed)
    gates, water = Agent("gates"), Agent("water", boot="00000000000000bb")
    now = T0
    for _ in range(steps):
        now += draw.randrange(500, 120_000)
        kind = draw.random()
        if kind < 0.55:
            messages = [_gate_message(draw, gates, now) for _ in range(draw.randrange(1, 5))]
            line.handle(*messages, now=now)
            if draw.random() < 0.2:
                line.handle(*messages, now=now + 1)  # the acknowledgement was lost
        elif kind < 0.8:
            lane = draw.choice([Lane.LIFE, Lane.TELEMETRY])
            values = [pressure(now - i, draw.choice([0.0, 0.3, 0.31, 1.4])) for i in range(3)]
            line.handle(water.message(*values, now=now, lane=lane), now=now)
        elif kind < 0.85:
            line.handle(gates.message(body=draw.randbytes(20), now=now), now=now)
        elif kind < 0.95:
            done(line.pipeline.tick(now))
        else:
            _act(draw, line, now)
    done(line.pipeline.tick(now + 600_000))


def _gate_message(draw, agent, now):
    event = draw.choice(_EVENTS)
    device = draw.choice(["gate-east", "gate-west", "gate-nowhere"] if draw.random() < 0.05 else
                         ["gate-east", "gate-west"])  # fmt: skip
    more = {"credential": f"card-{draw.randrange(40):08d}"} if "ed" in event[-2:] else {}
    if draw.random() < 0.3:
        more["source_id"] = f"r-{draw.randrange(200)}"
    at = now - draw.choice([0, 0, 0, 86_400_000])
    return agent.message(gate(at, event, device, open=draw.random() < 0.5, **more), now=now)


def _act(draw, line, now):
    if draw.random() < 0.5:
        rows = sorted(line.rows(alert), key=lambda row: row["id"])
        for row in rows[:1]:
            action = draw.choice(["acknowledge", "open-case"])
            _try(line, AlertAct(SITE, row["id"], action, "wang", row["version"], "看过 ✓"), now)
    else:
        rows = sorted(line.rows(case_), key=lambda row: row["id"])
        for row in rows[:1]:
            action = draw.choice(["accept", "take", "reject"])
            _try(line, CaseAct(SITE, row["id"], action, "wang", Role.SUPERVISOR, note="n"), now)


def _try(line, act, now):
    try:
        done(line.pipeline.act(act, now))
    except HubError:
        return


def world(line) -> dict[str, list[str]]:
    """All rows of all tables, and the counters, as text that can be compared."""
    found = {
        table.name: sorted(
            json.dumps({k: v for k, v in row.items() if k not in _HIDDEN}, sort_keys=True)
            for row in line.rows(table)
        )
        for table in TABLES
    }
    found["counters"] = sorted(map(repr, line.counters().items()))
    return found


def digest(found: dict[str, list[str]]) -> dict[str, str]:
    """The same, short enough to be shown when it differs."""
    return {
        name: f"{len(rows)} {hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:12]}"
        for name, rows in found.items()
    }
