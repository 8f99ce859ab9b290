"""The broker dies, and two thousand agents are back at the same time."""

import random

import pytest

from tests.faults.reconnect import AGENTS, come_back

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(1_500)]


async def test_two_thousand_agents_are_back_and_nothing_they_said_is_lost(
    tmp_path, broker, nursery, seed
):
    back_s, most_connects = await come_back(tmp_path, broker, nursery, random.Random(seed))
    print(f"all {AGENTS} back, and stored, in {back_s:.1f} s")  # noqa: T201
    assert most_connects <= 12  # they back off
