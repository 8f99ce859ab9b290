"""Statements that are compiled once, on a database in memory."""

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    select,
    true,
    update,
)

from hub.database.prepared import Later, Prepared
from hub.database.upsert import upsert

metadata = MetaData()
thing = Table(
    "thing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(20), unique=True),
    Column("good", Boolean),
    Column("detail", JSON),
)

ADD = Prepared(insert(thing), ("name", "good", "detail"))
RENAME = Prepared(
    update(thing).where(thing.c.name == bindparam("old")).values(name=bindparam("new")),
    ("old", "new"),
)
NAMED = Prepared(
    select(thing.c.good, thing.c.detail, thing.c.id)
    .where(thing.c.name.in_([bindparam("one"), bindparam("other")]))
    .order_by(thing.c.id),
    ("other", "one"),
)
BETTER = Prepared(
    upsert(thing)
    .on_conflict_do_update(index_elements=["name"], set_={"good": true()})
    .returning(thing.c.id),
    ("name", "good", "detail"),
)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_rows_come_back_in_the_types_of_their_columns(connection):
    ADD.many(connection, [("a", True, '{"x":1}'), ("b", False, None)])
    assert NAMED.rows(connection, "a", "b") == [
        {"good": True, "detail": {"x": 1}, "id": 1},
        {"good": False, "detail": None, "id": 2},
    ]
    assert NAMED.rows(connection, "c", "d") == []


def test_values_go_where_their_names_say_however_the_database_orders_them(connection):
    ADD.many(connection, [("a", True, None)])
    RENAME.many(connection, [("a", "z")])
    assert NAMED.first(connection, "a", "a") is None
    assert NAMED.first(connection, "z", "z") == (1, None, 1)


def test_first_leaves_nothing_open_that_would_hold_up_a_commit(connection):
    assert BETTER.first(connection, "a", False, None) == (1,)
    assert BETTER.first(connection, "a", False, None) == (1,)
    connection.commit()
    assert NAMED.rows(connection, "a", "a")[0]["good"] is True


def test_what_is_put_off_is_written_once_and_in_its_order(connection):
    later = Later()
    for name in ("a", "b", "c"):
        later.add(ADD, (name, True, None))
    later.add(RENAME, ("b", "d"))
    assert connection.scalar(select(thing.c.id)) is None
    later.write(connection)
    later.write(connection)
    names = connection.scalars(select(thing.c.name).order_by(thing.c.id)).all()
    assert names == ["a", "d", "c"]
