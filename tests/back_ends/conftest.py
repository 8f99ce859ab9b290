"""Both databases behind one fixture: what holds for one has to hold for the other."""

import itertools

import pytest
from sqlalchemy import make_url

from hub.store import open_store
from tests.hub_machinery.estate import a_line

SQLITE = "sqlite"
POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.socket)

_names = itertools.count(1)


@pytest.fixture(scope="session")
def empty_database(postgresql):
    """The name of a migrated database to copy."""
    postgresql.create("empty")
    open_store(make_url(postgresql.url("empty"))).close()
    return "empty"


@pytest.fixture
def database(postgresql, empty_database):
    """The address of a migrated PostgreSQL database of the test's own."""
    name = f"test_{next(_names)}"
    postgresql.create(name, template=empty_database)
    yield make_url(postgresql.url(name))
    postgresql.drop(name)


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def where(request, tmp_path):
    """Where a test's store lies: a file, or a server."""
    if request.param == SQLITE:
        return tmp_path / "hub.db"
    return request.getfixturevalue("database")


@pytest.fixture
def line(tmp_path, where):
    with a_line(tmp_path, where) as made:
        yield made
