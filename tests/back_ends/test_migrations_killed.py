"""A migration that is killed at any statement begins anew with the next start, on both."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import event, inspect, make_url

from hub.database import postgres, sqlite
from hub.store import open_store, upgrade
from tests.back_ends.conftest import POSTGRESQL, SQLITE
from tests.hub_machinery.estate import T0, Agent, a_line, gate

ROOT = Path(__file__).parents[2]


class KilledError(Exception):
    """The process ends here."""


class FreshDatabases:
    """Empty databases of one kind, one after another."""

    def __init__(self, kind, folder, request):
        self.kind, self.folder, self.request = kind, folder, request
        self.names = itertools.count(1)

    def make(self):
        name = f"fresh_{os.getpid()}_{next(self.names)}"
        if self.kind == "sqlite":
            return self.folder / f"{name}.db"
        server = self.request.getfixturevalue("postgresql")
        server.create(name)
        self.request.addfinalizer(lambda: server.drop(name))
        return make_url(server.url(name))

    def writing(self, where):
        return (
            sqlite.writing(where) if self.kind == "sqlite" else postgres.writing(where, alone=True)
        )


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def fresh(request, tmp_path):
    return FreshDatabases(request.param, tmp_path, request)


def tables_of(engine):
    with engine.connect() as connection:
        return sorted(inspect(connection).get_table_names())


def killed_at(engine, where, statement):
    """Migrate, and die before the n-th statement that writes; whether it came that far."""
    left = itertools.count(statement, -1)

    def execute(_connection, _cursor, text, *_more):
        writes = text.lstrip().upper().startswith(("CREATE", "ALTER", "INSERT", "UPDATE", "DROP"))
        if writes and next(left) <= 0:
            raise KilledError

    event.listen(engine, "before_cursor_execute", execute)
    try:
        upgrade.upgrade(engine, where)
    except KilledError:
        return True
    finally:
        event.remove(engine, "before_cursor_execute", execute)
    return False


def test_the_first_start_may_be_killed_at_any_statement(fresh):
    where = fresh.make()
    engine = fresh.writing(where)
    step = 5 if fresh.kind == "sqlite" else 20  # each attempt runs all before it again
    attempts = 0
    for statement in itertools.count(0, step):
        if not killed_at(engine, where, statement):
            break
        attempts += 1
        assert tables_of(engine) == []
    assert attempts * step > 50
    found = tables_of(engine)
    engine.dispose()
    expected = fresh.make()
    store = open_store(expected)
    assert set(found) <= set(tables_of(store.reader))
    assert {"alert", "passage", "alembic_version"} <= set(found)
    store.close()
    open_store(where).close()


def test_an_upgrade_of_an_old_database_may_be_killed_at_any_statement(fresh, tmp_path):
    where = fresh.make()
    engine = fresh.writing(where)
    with engine.connect() as connection, connection.begin():
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("INSERT INTO meta VALUES ('kept', 'yes')")
    before = tables_of(engine)
    for statement in itertools.count():
        if not killed_at(engine, where, statement):
            break
        assert tables_of(engine) == before
        with engine.connect() as connection:
            assert upgrade.revision(connection) == "0001"
    assert statement > 5
    engine.dispose()
    with a_line(tmp_path, where) as line:
        assert line.sql("SELECT value FROM meta WHERE name = 'kept'") == [("yes",)]
        line.handle(Agent().message(gate(T0, "granted", credential="card-00112233")))
        assert line.counters()["stored"] == 1


_DIE = """
import itertools, os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event, make_url
from hub.store import open_store

left = itertools.count(int(sys.argv[2]), -1)

@event.listens_for(Engine, "before_cursor_execute")
def execute(*_):
    if next(left) <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

name = sys.stdin.readline().strip()
open_store(make_url(name) if "://" in name else Path(name)).close()
"""


def test_sigkill_in_the_middle_is_no_different(fresh):
    where = fresh.make()
    address = str(where)
    if fresh.kind != "sqlite":
        address = where.render_as_string(hide_password=False)
    for statement in (30, 60):
        died = subprocess.run(
            [sys.executable, "-c", _DIE, "", str(statement)],
            input=address, cwd=ROOT, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert died.returncode == -signal.SIGKILL
    store = open_store(where)
    with store.reader.connect() as connection:
        assert upgrade.revision(connection) == upgrade.newest_revision()
    store.close()
