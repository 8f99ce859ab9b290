"""The database file: made, migrated, refused; the keys beside it; what is removed in time."""

import hmac
import shutil
import sqlite3
import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError

from hub.store import open_store, upgrade
from hub.store.schema import (
    alert,
    change,
    dead_letter,
    metadata,
    observation,
    passage,
    source_record,
)
from hub.store.seal import Seal
from hub.store.secrets import WeakSecretError, load_secrets
from hub.store.upgrade import TooNewError, newest_revision
from hub.store.write import retention
from hub.store.write.retention import DAY_MS, REMOVALS, Keep
from hub.telemetry.tables import metadata as telemetry_metadata
from tests.hub_machinery.estate import T0, Agent, done, gate


def test_the_migrations_make_exactly_the_schema(tmp_path):
    store = open_store(tmp_path / "hub.db")
    with store.reader.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, [metadata, telemetry_metadata]) == []
    store.close()


def test_the_file_is_durable_and_readers_cannot_write(tmp_path):
    store = open_store(tmp_path / "hub.db")
    with store.writer.connect() as connection:
        read = connection.exec_driver_sql
        assert read("PRAGMA journal_mode").scalar() == "wal"
        assert read("PRAGMA synchronous").scalar() == 2  # FULL
        assert read("PRAGMA foreign_keys").scalar() == 1
    with store.reader.connect() as connection, pytest.raises(OperationalError, match="readonly"):
        connection.exec_driver_sql("DELETE FROM meta")
    store.close()


def test_an_existing_file_is_kept_as_it_was_before_it_is_migrated(tmp_path, monkeypatch):
    path, before = tmp_path / "hub.db", newest_revision()
    open_store(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("INSERT INTO meta VALUES ('kept', 'yes')")
    raw.close()
    _add_revision(tmp_path, monkeypatch, "op.add_column('meta', sa.Column('more', sa.String))")
    store = open_store(path)
    with store.reader.connect() as connection:
        rows = connection.exec_driver_sql("SELECT name, value, more FROM meta").all()
    store.close()
    assert [tuple(row) for row in rows] == [("kept", "yes", None)]
    with sqlite3.connect(path.with_name(f"hub.db.{before}.bak")) as copy:
        assert copy.execute("SELECT * FROM meta").fetchall() == [("kept", "yes")]
    copy.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    path, before = tmp_path / "hub.db", newest_revision()
    open_store(path).close()
    failing = "op.execute('CREATE TABLE half (a INTEGER)'); op.execute('no such statement')"
    _add_revision(tmp_path, monkeypatch, failing)
    with pytest.raises(OperationalError):
        open_store(path)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT version_num FROM alembic_version").fetchall() == [(before,)]
        assert raw.execute("SELECT name FROM sqlite_master WHERE name='half'").fetchall() == []
    raw.close()


def test_migrations_are_a_row_whose_numbers_their_file_names_tell():
    walked = ScriptDirectory.from_config(upgrade._config()).walk_revisions()
    assert [one.revision for one in walked] == sorted(upgrade._revisions(), reverse=True)


def test_a_newer_hubs_file_is_refused_by_name(tmp_path):
    path = tmp_path / "hub.db"
    open_store(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(TooNewError, match="9999"):
        open_store(path)


def _add_revision(tmp_path, monkeypatch, statement):
    """A copy of the migrations with one more revision."""
    scripts = tmp_path / "migrations"
    shutil.copytree(upgrade._SCRIPTS, scripts)
    newest = newest_revision()
    (scripts / "versions" / "9000_more.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = '9000'\ndown_revision = '{newest}'\nbranch_labels = depends_on = None\n"
        f"def upgrade():\n    {statement}\ndef downgrade():\n    pass\n"
    )
    monkeypatch.setattr(upgrade, "_SCRIPTS", scripts)
    assert newest_revision() == "9000"


# --- keys --------------------------------------------------------------------------------------


def test_keys_are_drawn_once_and_only_for_the_hub(tmp_path):
    first = load_secrets(tmp_path / "secrets")
    assert load_secrets(tmp_path / "secrets") == first
    keys = {first.hash_key, first.sealing_key, first.signing_key}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 3
    for file in (tmp_path / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert first.hash_key.hex() not in repr(first)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "0 bytes"),
        ("changeme", "not a key"),
        ("ab" * 16, "16 bytes"),
        ("00" * 32, "weak or published"),
        (bytes(range(32)).hex(), "weak or published"),
        ("0102" * 16, "weak or published"),
        ("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "weak or published"),
    ],
)
def test_a_weak_key_stops_the_start_without_being_told(tmp_path, content, says):
    load_secrets(tmp_path)
    (tmp_path / "signing.key").write_text(content)
    with pytest.raises(WeakSecretError, match=says) as caught:
        load_secrets(tmp_path)
    assert "signing.key" in str(caught.value)
    assert not content or content not in str(caught.value)


def test_a_key_that_others_can_read_stops_the_start(tmp_path):
    load_secrets(tmp_path)
    (tmp_path / "hash.key").chmod(0o640)
    with pytest.raises(WeakSecretError, match="0600"):
        load_secrets(tmp_path)


def test_a_hash_is_the_hmac_of_the_sites_own_key(tmp_path):
    keys = load_secrets(tmp_path)
    site_key = hmac.digest(keys.hash_key, b"gatehouse-hash\ncourt", "sha256")
    for value in ("", "粤B12345", "card-" + "0" * 300):
        expected = hmac.digest(site_key, value.encode(), "sha256").hex()
        assert Seal(keys).hash("court", value) == expected


# --- constraints and retention ------------------------------------------------------------------


def test_the_database_itself_refuses_a_second_active_alert_of_one_condition(line):
    line.handle(Agent().message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    (row,) = line.rows(alert)
    twin = {**row, "id": "f" * 16, "occurrence": 2}
    future = line.writer.submit(0, lambda c: c.execute(insert(alert), [twin]))
    with pytest.raises(IntegrityError):
        done(future)


KEEP = Keep(observations=90, passages=180, alerts=1000, cases=1000, dead_letters=30, feed=7)


def sweep(line, now):
    removed = {}
    for name, removal in REMOVALS.items():
        removed[name] = 0
        while count := done(line.writer.submit(5, lambda c, r=removal: r(c, KEEP, now))):
            removed[name] += count
    return {name: count for name, count in removed.items() if count}


def test_each_record_goes_when_its_time_is_over_and_not_before(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "granted", source_id="r-1")), agent.message(body=b"?"))
    assert sweep(line, T0 + 7 * DAY_MS) == {}
    assert sweep(line, T0 + 31 * DAY_MS).keys() == {"dead_letters"}
    assert line.rows(dead_letter) == []
    assert sweep(line, T0 + 91 * DAY_MS).keys() == {"observations", "sources"}
    assert (line.rows(observation), line.rows(source_record)) == ([], [])
    assert len(line.rows(passage)) == 1
    assert sweep(line, T0 + 181 * DAY_MS).keys() == {"passages"}
    assert line.rows(passage) == []


def test_the_feeds_newest_row_stays_so_that_positions_go_on(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    last = line.rows(change)[-1]["position"]
    assert last > 1
    sweep(line, T0 + 8 * DAY_MS)
    assert [row["position"] for row in line.rows(change)] == [last]
    line.handle(agent.message(gate(T0, "opened", device="gate-west", open=True)))
    assert line.rows(change)[-1]["position"] == last + 1


def test_an_open_alert_and_its_case_are_never_removed(line):
    line.handle(Agent().message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    sweep(line, T0 + 5_000 * DAY_MS)
    assert len(line.rows(alert)) == 1


def test_poison_cannot_fill_the_disk(line, monkeypatch):
    monkeypatch.setattr(retention, "DEAD_LETTERS", 3)
    agent = Agent()
    for _ in range(8):
        line.handle(agent.message(body=b"?"))
    sweep(line, T0)
    assert [row["seq"] for row in line.rows(dead_letter)] == [6, 7, 8]
    assert line.counters()["dead"] == 8
