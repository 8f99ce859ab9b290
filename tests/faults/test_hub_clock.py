"""The hub's own clock is wrong, is set right, and is wrong again, with a start between each.

While it runs, a hub counts on by its monotonic clock, so a step shows only at the next start.
"""

import time
from contextlib import contextmanager

import pytest

from tests.faults.street import Agent, Api, until
from tests.faults.town import a_hub, write_site
from wire import Lane

pytestmark = [pytest.mark.socket, pytest.mark.slow, pytest.mark.timeout(300)]

HOUR_S = 3600.0
FOREVER_S = 40 * 365 * 86_400.0


@pytest.fixture
def hub(tmp_path, broker):
    write_site(tmp_path, {"a": {"a-gate": "gate", "a-fw": "water-pressure"}})
    return a_hub(tmp_path, broker)


@contextmanager
def running(hub, nursery, off_s):
    """The hub with its clock off, and a logged-in reader."""
    hub._spawn = nursery.spawn_off(off_s)
    with hub:
        api = Api(hub)
        yield api
        api.close()


def pressure(agent, mpa):
    return agent.observation(
        device=agent.sensor, kind="water-pressure", source_id=None, signals={"pressure": mpa}
    )


def open_alerts(api, device):
    return api.get("alerts", state="open", device=device)["items"]


CLOCKS = {
    "ahead, then right": (HOUR_S, 0.0),
    "behind, then right": (-HOUR_S, 0.0),
    "1970, then right": (-time.time() + 60.0, 0.0),
    "right, then 40 years ahead": (0.0, FOREVER_S),
}


@pytest.mark.parametrize("case", CLOCKS)
def test_hub_whose_clock_was_set_judges_at_once_and_forgets_nothing(hub, nursery, broker, case):
    before, after = CLOCKS[case]
    with running(hub, nursery, before) as api:
        agent = Agent(api, broker.port, "a")
        forced = agent.observation("opened")
        agent.say(forced)
        agent.say(pressure(agent, 0.30), lane=Lane.LIFE)
        first = until(lambda: open_alerts(api, agent.gate))[0]
        assert first["late"] is False
        agent.say(agent.observation("closed"))
        agent.neighbour_is_stored()
        kept = len(agent.stored())
    with running(hub, nursery, after) as api:
        agent.api = api
        # live judgement of life safety, whatever was known of the time before
        agent.say(pressure(agent, 0.02), lane=Lane.LIFE)
        low = until(lambda: open_alerts(api, agent.sensor))[0]
        assert (low["condition"], low["late"]) == ("pressure-low", False)
        again = agent.observation("opened")
        agent.say(again)
        second = until(
            lambda: [one for one in open_alerts(api, agent.gate) if one["id"] != first["id"]]
        )
        assert second[0]["late"] is False
        agent.neighbour_is_stored()
        assert len(agent.stored()) == kept + 3  # nothing was removed
        agent.close()
