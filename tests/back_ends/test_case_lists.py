"""Lists of cases are read from an index in their order, on both databases; old stores get it."""

import pytest
from alembic import command
from sqlalchemy import insert

from hub.config import Role
from hub.pipeline import CaseAct, OpenCase
from hub.store import upgrade
from hub.store.reads.cases import CaseQuery, _keys, case_rows
from hub.store.schema import case_
from tests.hub_machinery.estate import SITE, T0, done
from wire import Text

TITLES = ("Lamp Broken", "楼道堆物", "Gate 100% open")


def fill(line):
    """Three cases, the second one taken, each a second after the one before."""
    made = []
    for number, title in enumerate(TITLES):
        text, place = Text.plain(title), Text(zh="东路", en="East Path")
        act = OpenCase(SITE, "other", text, "li", "seen", place=place)
        made.append(done(line.pipeline.act(act, T0 + number * 1000)))
    act = CaseAct(SITE, made[1], "take", "Wang", Role.GUARD)
    done(line.pipeline.act(act, T0 + 9000))
    return made


def crowd(line):
    """Many more, most of them closed, none asked for: who plans a query counts rows first."""
    like = line.rows(case_, case_.c.assignee == "Wang")[0]
    other = {**like, "category": "noise", "assignee": "Li"}
    over = {**other, "state": "closed", "closed_at": T0}
    more = [
        {**(over if n % 4 else other), "id": f"{n:016x}", "number": f"c-{n}", "opened_at": T0 + n}
        for n in range(4000)
    ]
    with line.store.writer.begin() as connection:
        connection.execute(insert(case_), more)
        connection.exec_driver_sql("ANALYZE")


def found(line, **query):
    with line.store.reader.connect() as reader:
        return [row["title"]["en"] for row in case_rows(reader, SITE, CaseQuery(**query)).records]


def test_words_are_found_in_any_case_wherever_they_stand(line):
    fill(line)
    assert found(line, words=("BROKEN",)) == ["Lamp Broken"]
    assert found(line, words=("东路", "堆物")) == ["楼道堆物"]
    assert found(line, words=("east", "wang")) == ["楼道堆物"]
    assert found(line, words=("100%",)) == ["Gate 100% open"]
    assert found(line, words=("_",)) == []


def test_a_departments_cases_are_those_it_handles_helps_with_or_watches(line):
    first, _, third = fill(line)
    sent = {"department": "police", "helpers": ("traffic-police",)}
    for case, action in ((first, "accept"), (third, "accept")):
        done(line.pipeline.act(CaseAct(SITE, case, action, "Wang", Role.ADMIN), T0 + 9000))
    act = CaseAct(SITE, first, "dispatch", "Wang", Role.ADMIN, **sent)
    done(line.pipeline.act(act, T0 + 9000))
    assert found(line, concerns="police") == ["Lamp Broken"]
    assert found(line, concerns="traffic-police") == ["Lamp Broken"]
    assert found(line, concerns="traffic") == []


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "ix_case__open"),
        ({"words": ("lamp",)}, "ix_case__open"),
        ({"category": "other"}, "ix_case__open_category"),
        ({"assignee": "Wang"}, "ix_case__open_assignee"),
        ({"state": "closed"}, "ix_case__closed"),
    ],
)
def test_a_page_is_read_from_its_index_and_never_sorted(line, query, index):
    fill(line)
    crowd(line)
    asked = CaseQuery(**query)
    wanted = _keys(SITE, asked).order_by(case_.c.opened_at.desc(), case_.c.id.desc()).limit(51)
    with line.store.reader.connect() as reader:
        sqlite = reader.dialect.name == "sqlite"
        if not sqlite:  # so few rows would rather be read as they lie
            reader.exec_driver_sql("SET enable_seqscan = off")
            reader.exec_driver_sql("SET enable_bitmapscan = off")
            reader.exec_driver_sql("SET enable_sort = off")
        text = str(wanted.compile(reader, compile_kwargs={"literal_binds": True}))
        how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
        plan = " / ".join(str(row) for row in reader.exec_driver_sql(how + text.replace("%", "%%")))
    assert f"{index} " in plan, plan
    assert "Sort" not in plan, plan
    assert "TEMP B-TREE" not in plan, plan


def test_an_older_stores_cases_can_be_looked_through_after_the_migration(line):
    fill(line)
    done(line.writer.submit(5, lambda c: migrate(c, command.downgrade, "0017")))
    done(line.writer.submit(5, lambda c: migrate(c, command.upgrade, "head")))
    assert found(line, words=("broken", "east")) == ["Lamp Broken"]
    assert found(line, words=("wang",)) == ["楼道堆物"]


def migrate(connection, step, to):
    config = upgrade._config()
    config.attributes["connection"] = connection
    step(config, to)
