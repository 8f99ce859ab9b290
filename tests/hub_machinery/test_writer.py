"""The one thread that writes."""

import threading

import pytest
from sqlalchemy import insert, select

from hub.errors import UnavailableError
from hub.pipeline import Priority, Writer
from hub.store import open_store
from hub.store.schema import meta


@pytest.fixture
def store(tmp_path):
    store = open_store(tmp_path / "hub.db")
    yield store
    store.close()


def names(store):
    with store.reader.connect() as connection:
        return connection.scalars(select(meta.c.name)).all()


def test_people_go_before_telemetry_and_each_priority_keeps_its_order(store):
    order = []
    gate = threading.Event()
    with Writer(store.writer) as writer:
        first = writer.submit(Priority.MEDIA, lambda _c: gate.wait(10))
        waiting = [
            writer.submit(priority, lambda _c, p=priority, n=n: order.append((p, n)))
            for n in range(2)
            for priority in reversed(Priority)
        ]
        gate.set()
        first.result(10)
        for future in waiting:
            future.result(10)
    assert order == [(priority, n) for priority in Priority for n in range(2)]


def test_a_job_that_raises_writes_nothing_and_the_next_one_runs(store):
    def broken(connection):
        connection.execute(insert(meta).values(name="half", value=""))
        raise KeyError("bug")

    told = []
    with Writer(store.writer) as writer:
        future = writer.submit(Priority.PEOPLE, broken, settled=told.append)
        with pytest.raises(KeyError):
            future.result(10)
        whole = insert(meta).values(name="whole", value="")
        writer.submit(Priority.PEOPLE, lambda c: c.execute(whole), settled=told.append).result(10)
    assert names(store) == ["whole"]
    assert told == [False, True]


def test_what_waits_is_bounded_by_priority(store):
    gate = threading.Event()
    with Writer(store.writer, capacity=2) as writer:
        started = threading.Event()
        writer.submit(Priority.LIFE, lambda _c: (started.set(), gate.wait(10)))
        assert started.wait(10)
        for _ in range(2):
            writer.submit(Priority.TELEMETRY, lambda _c: None)
        with pytest.raises(UnavailableError):
            writer.submit(Priority.TELEMETRY, lambda _c: None)
        people = writer.submit(Priority.PEOPLE, lambda _c: "done")
        gate.set()
        assert people.result(10) == "done"


def test_leaving_finishes_what_waits_and_refuses_more(store):
    with Writer(store.writer) as writer:
        row = insert(meta).values(name="last", value="")
        writer.submit(Priority.HOUSEKEEPING, lambda c: c.execute(row))
    assert names(store) == ["last"]
    with pytest.raises(UnavailableError):
        writer.submit(Priority.PEOPLE, lambda _c: None)


def test_the_future_is_done_only_after_the_commit(store):
    with Writer(store.writer) as writer:
        row = insert(meta).values(name="seen", value="")
        writer.submit(Priority.LIFE, lambda c: c.execute(row)).result(10)
        assert names(store) == ["seen"]
