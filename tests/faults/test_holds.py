"""Whatever fails while a door is held, the door is let go; `python -m tests.faults.holds` does it
a hundred times."""

import pytest

from simulators.mosquitto import find_mosquitto
from tests.faults.holds import FAULTS, run

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(240)]

TRIALS = len(FAULTS)
LEASE_S = 1.5
BUSY_S = 8.0
"""What a machine with other things to do may add to what is promised."""


async def test_a_door_is_let_go_whatever_is_killed_or_cut_off(tmp_path, nursery, seed):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    figures = await run(tmp_path, nursery, trials=TRIALS, seed=seed, lease_s=LEASE_S)
    assert figures["released"] == TRIALS
    assert set(figures["faults"]) == set(FAULTS)
    for name, fault in figures["faults"].items():
        assert fault["longest_s"] <= fault["promised_s"] + BUSY_S, name
