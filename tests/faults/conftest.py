"""What the tests of this folder share: a broker of their own, and processes that start at once."""

import os
import secrets

import pytest

from simulators.mosquitto import Mosquitto, find_mosquitto
from tests.faults.nursery import Nursery


@pytest.fixture
def broker(tmp_path):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with Mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture(scope="session")
def nursery():
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def seed():
    """FAULTS_SEED=<seed> repeats a run as far as processes can be."""
    seed = os.environ.get("FAULTS_SEED") or secrets.token_hex(4)
    print(f"FAULTS_SEED={seed}")  # noqa: T201 - pytest shows it beside a failure
    return seed
