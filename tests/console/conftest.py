"""A hub of its own for the console's tests: a real process on a real Mosquitto, shared by all."""

import pytest

from simulators.mosquitto import Mosquitto, find_mosquitto
from tests.browser import open_page, sign_in
from tests.console.post import Post
from tests.faults.street import Agent, Api
from tests.faults.town import a_hub, write_site

__all__ = ["open_page", "sign_in"]

AGENTS = [f"a{number}" for number in range(1, 9)]


@pytest.fixture(scope="session")
def post(tmp_path_factory):
    """A control room's hub with agents that a test speaks for."""
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    folder = tmp_path_factory.mktemp("post")
    write_site(
        folder,
        {name: {f"{name}-gate": "gate", f"{name}-fw": "water-pressure"} for name in AGENTS},
    )
    with Mosquitto(folder) as broker, a_hub(folder, broker) as hub:
        api = Api(hub)
        yield Post(hub, api, broker.port)
        api.close()


@pytest.fixture(scope="session")
def names():
    return iter(AGENTS)


@pytest.fixture
def agent(post, names):
    """An agent with a gate and a pressure sensor, of its own for each test."""
    agent = Agent(post.api, post.broker_port, next(names))
    agent.neighbour_is_stored()
    yield agent
    agent.close()
