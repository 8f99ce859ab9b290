import shutil

import pytest
from argon2 import PasswordHasher

from hub.access import passwords
from hub.store import open_store
from tests.hub_api.house import open_house


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """A database as a first start makes it; copying it is faster than making one per test."""
    path = tmp_path_factory.mktemp("store") / "hub.db"
    open_store(path).close()
    return path


@pytest.fixture
async def house(tmp_path, empty_database, monkeypatch):
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", cheap)
    shutil.copy(empty_database, tmp_path / "hub.db")
    async with open_house(tmp_path) as made:
        yield made
