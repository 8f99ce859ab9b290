"""Whole days at the barriers: records through the edge's reader to the rules."""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from edge.barrier.records import read_push
from hub.config import load_alarms, load_rules, load_site
from hub.rules import Reading, bind_device, bind_shared, read_settings
from tests.simulators.test_world import lived
from wire.kinds import load as load_kinds

pytestmark = [pytest.mark.socket, pytest.mark.slow]  # an event loop has a pair of its own

CONFIGS = Path(__file__).parents[2] / "configs"
ON_THE_WAY_MS = 60


def rules():
    """By barrier, its rules with the key of their state."""
    site = load_site(CONFIGS / "sites" / "jinxiu.toml")
    alarms = load_alarms(CONFIGS / "alarms")
    folder = CONFIGS / "rules"
    settings, kind = read_settings(load_rules(folder), alarms, directory=folder), load_kinds()
    found = defaultdict(dict)
    for _, device in site.devices():
        if device.kind == "barrier":
            for rule in bind_device(site, device, kind["barrier"], settings):
                found[device.id][rule.id, device.id] = rule
            for rule in bind_shared(site, device, kind["barrier"], settings):
                found[device.id][rule.id, site.id] = rule
    return found


def readings(records):
    """What the hub's rules see of the barriers' records, in the order of their arrival."""
    for device, record in records:
        if not device.startswith("barrier"):
            continue
        body = json.dumps({"records": [record]}).encode()
        push = read_push(body, device=device, seen=record["time"], utc_offset_min=480)
        assert push.rejected == push.spoilt == ()
        (seen,) = push.observations
        signals = dict(seen.signals)
        if "plate" in signals:
            signals["plate"] = hashlib.sha256(signals["plate"].encode()).hexdigest()
        yield Reading("jinxiu", device, "barrier", seen.at, seen.at + ON_THE_WAY_MS, signals)


def found_in(records):
    """All findings but those about silence."""
    bound, states, findings = rules(), {}, []
    for reading in sorted(readings(records), key=lambda one: one.received):
        for key, rule in {k: r for one in bound.values() for k, r in one.items()}.items():
            state = states.setdefault(key, rule.initial())
            while (due := rule.due(state)) is not None and 0 < due <= reading.received:
                state, found = rule.tick(state, due)
                findings += found
            states[key] = state
        for key, rule in bound[reading.device].items():
            states[key], found = rule.step(states[key], reading, reading.received)
            findings += found
    return [one for one in findings if one.active and one.condition != "device-silent"]


@pytest.mark.parametrize("seed", [7, 8])
def test_quiet_day_finds_nothing_whatever_cars_do(seed):
    _, records = lived("quiet-day", hours=24, seed=seed, watch_every_s=0.5)
    assert Counter(record["event"] for _, record in records)["passed"] > 150
    assert found_in(records) == []


def test_eventful_hours_find_every_truth_once_and_nothing_else():
    ledger, records = lived("demo", hours=3, from_hour=17, watch_every_s=0.5)
    truths = sorted(
        (one.kind, one.device, round(one.at / 1000))
        for one in ledger.truths
        if one.device.startswith("barrier")
    )
    assert Counter(kind for kind, _, _ in truths).keys() == {"barrier-struck", "tailgating"}
    findings = found_in(records)
    misread = [one for one in findings if one.condition == "plate-misread"]
    assert len(misread) == sum(
        record["event"] == "seen" and record["confidence"] < 75 for _, record in records
    )
    assert len(misread) >= 3
    others = [one for one in findings if one.condition != "plate-misread"]
    assert len(others) == len(truths)
    for (kind, device, at), one in zip(truths, sorted(others, key=_key), strict=True):
        assert (one.condition, one.device) == (kind, device)
        assert abs(one.at / 1000 - at) <= 1.0


def _key(finding):
    return finding.condition, finding.device, finding.at
