"""Long absences and too much at once, in short; `make soak` measures them at full length."""

import pytest

from tests.faults.endurance import WEEK_MIB, WEEK_S, overload, week_offline
from tests.faults.partition import partition

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NEVER_LATER_S = 10.0
"""A fire alarm reaches the centre within 10 s (GB 26875.1); the aim of 2 s is for soak to tell."""


@pytest.mark.socket
@pytest.mark.parametrize(
    ("toxics", "line"),
    [
        (None, None),
        ({"blackhole": True}, None),
        (None, {"latency_s": 0.2, "bandwidth": 8_000.0}),
    ],
    ids=["unplugged", "black hole", "then 64 kbit/s and 400 ms"],
)
async def test_life_safety_overtakes_the_backlog_of_a_partition(
    tmp_path, broker, nursery, toxics, line
):
    backlog = 150 if line else 3_000
    found = await partition(tmp_path, broker, nursery, backlog=backlog, toxics=toxics, line=line)
    assert found["faults"] == {}
    assert found["overtook"] >= 1  # a quick hub drains all of it within a second
    assert found["drained_per_s"] >= 10  # ten times the live rate of one a second
    assert found["life_p50_s"] <= NEVER_LATER_S


async def test_week_of_events_fits_its_quota(tmp_path):
    found = await week_offline(tmp_path, None, None, events=12_000)
    assert found["faults"] == {}
    assert found["bytes_per_event"] * WEEK_S < WEEK_MIB * 2**20


async def test_what_is_too_much_is_bounded_counted_and_costs_nobody_else(tmp_path):
    found = await overload(tmp_path, None, None, flood=15_000)
    assert found["faults"] == {}
    assert found["shed"]["telemetry"] > 0
    assert set(found["shed"]) == {"telemetry"}
    assert found["most_waiting"] <= 5_200  # a full lane, and what others said meanwhile
    assert found["rss_growth_mb"] <= 100
