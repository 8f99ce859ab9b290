"""Journeys: the whole line, each part real, seen and worked by a real browser."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gatehouse.composition import Plan, running_estate
from simulators.hubclient import HubClient
from tests.browser import open_page, sign_in

__all__ = ["open_page", "sign_in"]

HERE = Path(__file__).parent


@pytest.fixture
def living_estate(tmp_path):
    """An estate that plays one of the scenarios beside this file while the context lasts."""

    @asynccontextmanager
    async def living(scenario):
        plan = Plan(scenario=str(HERE / scenario), data=tmp_path)
        async with running_estate(plan, progress=lambda _: None) as running:
            life = asyncio.create_task(running.estate.run(None))
            try:
                yield running
            finally:
                life.cancel()
                await asyncio.gather(life, return_exceptions=True)

    return living


@pytest.fixture
def api():
    """The hub's API as a named user, beside the browser."""

    def client(running, name="admin"):
        return HubClient(running.url, name=name, password=running.logins[name])

    return client
