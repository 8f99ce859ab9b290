"""What only PostgreSQL does: months, other processes, passwords that nobody sees."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import make_url

from hub.app.disk import Allowed, watch_disk
from hub.config import load_hub
from hub.config.store_table import PASSWORD_VARIABLE
from hub.database import partitions, postgres
from hub.database.listen import Listener
from hub.database.partitions import PASSAGE, POINT, Month
from hub.errors import ConfigError, ConflictError
from hub.live import Feed
from hub.pipeline import AlertAct, OpenCase
from hub.store import open_store
from hub.store.address import database_of
from hub.store.schema import alert, case_, change, metadata, passage
from hub.store.write.retention import DAY_MS, REMOVALS, Keep
from hub.telemetry import Keep as KeepTelemetry
from hub.telemetry.purge import purge
from hub.telemetry.tables import metadata as telemetry_metadata
from hub.telemetry.tables import point
from hub.telemetry.totals import read_totals
from tests.back_ends.conftest import POSTGRESQL
from tests.hub_machinery.estate import SITE, T0, Agent, a_line, done, gate, pressure
from wire import Lane, Text

pytestmark = pytest.mark.socket

OWN = [PASSAGE.table, POINT.table]
KEEP = Keep(observations=90, passages=180, alerts=1000, cases=1000, dead_letters=30, feed=7)


@pytest.fixture(params=[POSTGRESQL])
def where(database):
    return database


def test_the_migrations_make_exactly_the_schema(line):
    def ours(thing, name, kind, _reflected, _other):
        table = name if kind == "table" else getattr(thing, "table", thing).name
        # Keys of what is cut by month hold what it is cut by; partitions come and go.
        return not any(table.startswith(f"{own}_") for own in OWN) and name != (
            "uq_passage_stream_id_seq_idx"
        )

    with line.store.reader.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": ours}
        )
        assert compare_metadata(context, [metadata, telemetry_metadata]) == []


# --- months ---------------------------------------------------------------------------------------


def sweep(line, now):
    for removal in REMOVALS.values():
        while done(line.writer.submit(5, lambda c, r=removal: r(c, KEEP, now))):
            pass


def months(line, table):
    with line.store.reader.connect() as connection:
        return [str(month) for _, month in partitions.months(connection, table)]


def held(line, table):
    """Rows by the partition that they lie in."""
    return dict(line.sql(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1"))


def test_rows_without_a_month_wait_in_the_rest_and_move_when_it_is_made(line):
    line.handle(Agent().message(gate(T0, "granted", credential="card-00112233")))
    assert held(line, "passage") == {"passage_rest": 1}
    sweep(line, T0)
    here = Month.of(T0)
    assert held(line, "passage") == {f"passage_{here}": 1}
    assert set(months(line, PASSAGE)) >= {str(here.plus(more)) for more in (-1, 0, 1, 2)}
    line.handle(Agent(boot="00000000000000cc").message(gate(T0 + 1, "denied")))
    assert held(line, "passage") == {f"passage_{here}": 2}


def test_passages_go_to_the_day_and_their_month_goes_whole(line):
    sweep(line, T0)
    line.handle(Agent().message(gate(T0, "granted", credential="card-00112233")))
    sweep(line, T0 + 179 * DAY_MS)
    assert len(line.rows(passage)) == 1
    sweep(line, T0 + 181 * DAY_MS)
    assert line.rows(passage) == []
    assert str(Month.of(T0)) in months(line, PASSAGE)
    sweep(line, T0 + 215 * DAY_MS)
    assert str(Month.of(T0)) not in months(line, PASSAGE)


def test_a_month_of_telemetry_is_dropped_once_downsampled_and_counted(line):
    sweep(line, T0)
    values = [pressure(T0 + i * 1_000, 0.3) for i in range(50)]
    line.handle(Agent("water").message(*values, lane=Lane.TELEMETRY))
    keep = KeepTelemetry(raw_days=30)
    month = str(Month.of(T0))
    for days, left, there in ((29, 50, True), (31, 0, True), (70, 0, False)):
        now = T0 + days * DAY_MS
        while done(line.writer.submit(5, lambda c, n=now: purge(c, keep, n))):
            pass
        assert len(line.rows(point)) == left
        assert (month in months(line, POINT)) == there
    with line.store.reader.connect() as connection:
        totals = read_totals(connection)[SITE]
    assert (totals.stored, totals.purged) == (50, 50)
    assert totals.rolled > 0


def test_a_reader_that_holds_a_month_delays_its_end_and_nothing_else(line):
    sweep(line, T0)
    with line.store.reader.connect() as reader, reader.begin():
        reader.exec_driver_sql("SELECT count(*) FROM passage")
        sweep(line, T0 + 400 * DAY_MS)
        assert str(Month.of(T0)) in months(line, PASSAGE)
    sweep(line, T0 + 400 * DAY_MS)
    assert str(Month.of(T0)) not in months(line, PASSAGE)


# --- other processes ------------------------------------------------------------------------------


@pytest.fixture
def second(line, tmp_path):
    """Another process's line on the same database: it reads, and acts for people."""
    folder = tmp_path / "second"
    folder.mkdir()
    with a_line(folder, line.where, alone=False) as other:
        yield other


def test_a_second_hub_that_would_write_is_refused_by_name(line, monkeypatch):
    monkeypatch.setattr(postgres.wait_for, "__defaults__", (0.1,))
    with pytest.raises(postgres.DatabaseError, match="another hub writes") as caught:
        open_store(line.where)
    assert line.where.password not in str(caught.value)


def test_acts_of_two_processes_are_done_one_after_the_other(line, second):
    line.handle(Agent().message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    (raised,) = line.rows(alert)
    act = AlertAct(SITE, raised["id"], "acknowledge", "wang", raised["version"])

    def try_it(one):
        try:
            return done(one.pipeline.act(act, T0 + 3_000))
        except ConflictError:
            return None

    barrier = threading.Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: (barrier.wait(), try_it(one))[1], (line, second)))
    assert sorted(map(str, answers)) == sorted(["None", raised["id"]])
    assert line.rows(alert)[0]["version"] == raised["version"] + 1


def test_cases_of_two_processes_have_numbers_and_a_feed_without_gaps(line, second):
    category = next(iter(line.catalogue.categories))
    act = OpenCase(SITE, category, Text(zh="一", en="One"), "wang", "记录")
    with ThreadPoolExecutor(8) as pool:
        ones = [line, second] * 15
        list(pool.map(lambda one: done(one.pipeline.act(act, T0)), ones))
    numbers = sorted(row["number"][-3:] for row in line.rows(case_))
    assert numbers == [f"{n:03d}" for n in range(1, 31)]
    assert sorted(row["position"] for row in line.rows(change)) == list(range(1, 31))


async def test_another_processs_feed_wakes_with_the_commit(line, second):
    def body(_reader, _site, kind, ref):
        return {"type": kind, "id": ref}

    category = next(iter(line.catalogue.categories))
    act = OpenCase(SITE, category, Text(zh="一", en="One"), "wang", "记录")
    async with Feed(second.store.reader, [SITE], body) as feed:
        with Listener(line.where, feed.grown):
            async with feed.follow(SITE, 0) as following, asyncio.timeout(30):
                waiting = asyncio.create_task(following.told())
                name = await asyncio.to_thread(lambda: done(line.pipeline.act(act, T0)))
                ((event,),) = [telling.events for telling in await waiting]
            assert (event.position, event.ref) == (1, name)


def test_what_another_hub_wrote_while_this_one_was_cut_off_is_read_anew(line, postgresql):
    agent = Agent()
    line.handle(agent.message(gate(T0, "state")))
    postgresql.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = '{line.where.database}'"
    )
    postgresql.sql("UPDATE stream SET upto = 7", database=line.where.database)
    (ack,) = line.handle(agent.message(gate(T0, "state"), seq=8))
    assert ack.upto == 8


# --- room on a disk that the hub cannot see -------------------------------------------------------


def wait_until_open_alerts_are(line, wanted):
    deadline = time.monotonic() + 60
    while [row["returned_at"] is None for row in line.rows(alert)] != wanted:
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_a_database_near_its_allowance_is_an_alarm_until_there_is_more_room(line, tmp_path):
    for gb, raised in ((0.005, True), (1000.0, False)):
        allowed = Allowed(line.store.reader, gb)
        watching = watch_disk(line.pipeline, tmp_path, lambda: T0, 0.05, database=allowed)
        task = asyncio.create_task(watching)
        await asyncio.to_thread(wait_until_open_alerts_are, line, [raised])
        task.cancel()
    assert line.rows(alert)[0]["condition"] == "disk-nearly-full"


# --- the address and its password -----------------------------------------------------------------

HUB = 'data = "hub"\nsites = ["site.toml"]\n[mqtt]\nurl = "mqtt://127.0.0.1:1"\n[store]\n'


def hub_file(folder, store):
    path = folder / "hub.toml"
    path.write_text(HUB + store)
    return load_hub(path, shipped=folder)


@pytest.mark.parametrize(
    ("store", "says"),
    [
        ('url = "sqlite:///x.db"', "is not of the form postgresql"),
        ('url = "postgresql+psycopg://u@h"', "is not of the form postgresql"),
        ('url = "postgresql+psycopg://u:secret-1@h/d"', "must not hold a password"),
        ('url = "postgresql+psycopg://u@h/d?password=secret-1"', "must not hold a password"),
        ('uri = "x"', "unknown key"),
        ("max_gb = 5", "needs its url"),
    ],
)
def test_a_mistake_in_the_address_is_named_without_a_password(tmp_path, store, says):
    with pytest.raises(ConfigError, match=says) as caught:
        hub_file(tmp_path, store)
    assert "secret-1" not in str(caught.value)


def test_the_password_comes_from_its_file_or_the_environment(tmp_path, monkeypatch):
    address = 'url = "postgresql+psycopg://u@db.example/d"\n'
    secret = tmp_path / "secret"
    secret.write_text("from-file\n")
    secret.chmod(0o600)
    monkeypatch.setenv(PASSWORD_VARIABLE, "from-environment")
    found = database_of(hub_file(tmp_path, address))
    assert (found.password, found.query["sslmode"]) == ("from-environment", "require")
    found = database_of(hub_file(tmp_path, address + 'password_file = "secret"'))
    assert found.password == "from-file"
    assert "from-file" not in f"{found} {found!r}"
    secret.chmod(0o644)
    with pytest.raises(ConfigError, match="0600"):
        database_of(hub_file(tmp_path, address + 'password_file = "secret"'))


def test_a_wrong_password_ends_the_start_at_once_and_is_not_told(postgresql, capfd):
    wrong = make_url(postgresql.url("postgres")).set(password="wrong-secret")
    with pytest.raises(postgres.DatabaseError, match="password authentication failed") as caught:
        open_store(wrong)
    said = capfd.readouterr()
    assert "wrong-secret" not in f"{caught.value}{caught.value.__cause__}{said.out}{said.err}"


def test_a_database_that_sorts_otherwise_is_refused(postgresql):
    postgresql.sql(
        "CREATE DATABASE sorted TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und'"
        " ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    with pytest.raises(postgres.DatabaseError, match="LC_COLLATE 'C'"):
        open_store(make_url(postgresql.url("sorted")))
