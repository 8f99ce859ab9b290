"""What all tests share: loopback for those that ask, a real broker, a browser, no silent skips."""

import os
import shutil

import pytest
from hypothesis import settings

from simulators.mosquitto import Mosquitto, find_mosquitto
from simulators.postgresql import PostgreSQL, find_postgresql

pytest_plugins = ["tests.skip_policy", "pytester"]

settings.register_profile("gatehouse", deadline=None, print_blob=True)  # shared cores are slow
settings.load_profile("gatehouse")

LOOPBACK = ["127.0.0.0/8", "::1", "localhost"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_xdist_auto_num_workers() -> int:
    """One more than the cores: most of the slow tests wait for processes that they started."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let tests marked `socket` reach loopback, and nothing else."""
    for item in items:
        if item.get_closest_marker("socket"):
            item.add_marker(pytest.mark.allow_hosts(LOOPBACK))


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory):
    """A running Mosquitto at its defaults, shared by all tests.

    A test that kills it starts it again; retained messages outlive a test, so use a site id of
    your own, or `Mosquitto(tmp_path)` for a broker of your own.
    """
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with Mosquitto(tmp_path_factory.mktemp("mosquitto")) as broker:
        yield broker


@pytest.fixture(scope="session")
def postgresql():
    """A running PostgreSQL, shared by all tests: make a database of your own in it.

    One that is killed or stopped is a test's own: `PostgreSQL()`.
    """
    if find_postgresql() is None:
        pytest.skip("postgresql is not installed")
    with PostgreSQL() as server:
        yield server


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The installed browser, for Playwright's `executable_path`."""
    for name in BROWSERS:
        path = shutil.which(name)
        if path:
            return path
    pytest.skip("chromium is not installed")
