"""Hub, agents and broker are killed at random while devices go on; nothing may show of it."""

import pytest

from tests.faults.shaken import Plan, shake

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(300)]

KILLS = 30

REGRESSIONS: list[str] = []
"""Seeds that once failed; each is run again for good."""


@pytest.mark.parametrize("once_failed", [None, *REGRESSIONS])
async def test_nothing_is_lost_or_doubled_when_hub_agents_and_broker_are_killed(
    tmp_path, broker, nursery, seed, once_failed
):
    outcome = await shake(tmp_path, broker, nursery.spawn, once_failed or seed, Plan(KILLS))
    print(f"killed: {dict(outcome.killed)}; records: {outcome.records}; {outcome.alarms} alarms")  # noqa: T201
    assert outcome.killed.total() == KILLS
    assert outcome.records > 100
    assert outcome.faults == {}
