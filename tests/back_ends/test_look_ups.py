"""What people look for among many rows is read from where it stands in order, on both databases."""

from alembic import command

from hub.store import upgrade
from hub.store.reads.passages import PassageQuery, passage_rows
from hub.store.schema import passage
from hub.telemetry import Span
from hub.telemetry.tables import rollup
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate, pressure
from wire import Lane

DAY = 86_400_000


def look(line, mark, **wish):
    with line.store.reader.connect() as reader:
        page = passage_rows(reader, SITE, PassageQuery(subject=mark, **wish))
    return [row["at"] for row in page.records], page.next


def people(line, count):
    """So many people pass in turn, 40 times, two at the same moment; each one's mark."""
    agent = Agent()
    line.handle(*[
        agent.message(gate(T0 + i // 2 * 1000, "granted", credential=f"card-0000{i % count:04d}"))
        for i in range(40)
    ])  # fmt: skip
    rows = sorted(line.rows(passage), key=lambda row: row["seq"])
    return [row["subject"][:12] for row in rows[:count]]


def test_one_persons_passages_come_newest_first_and_page_by_page(line):
    first, *_ = people(line, 4)
    mine = [T0 + i // 2 * 1000 for i in range(36, -1, -4)]
    seen, cursor = look(line, first, limit=3)
    while cursor is not None:
        more, cursor = look(line, first, limit=3, before=cursor)
        seen += more
    assert seen == mine
    assert look(line, first, start=T0 + 2000, end=T0 + 10_000)[0] == mine[-5:-1]
    assert look(line, first, device="another")[0] == []


def test_nobody_has_an_unknown_mark_and_people_whose_marks_begin_alike_are_all_shown(line):
    people(line, 4)
    assert look(line, "0" * 12) == ([], None)
    rows = line.rows(passage)
    known = {row["subject"] for row in rows}
    digit = min(known)[0]
    alike = [row["at"] for row in rows if row["subject"].startswith(digit)]
    assert look(line, digit)[0] == sorted(alike, reverse=True)


def test_they_are_read_from_their_index_alone_and_never_sorted(line):
    first, *_ = people(line, 4)
    told = []
    with line.store.reader.connect() as reader:
        sqlite = reader.dialect.name == "sqlite"
        if not sqlite:  # so few rows would rather be read as they lie
            reader.exec_driver_sql("SET enable_seqscan = off")
            reader.exec_driver_sql("SET enable_bitmapscan = off")

        class Explaining:
            """The reader, which tells how it goes about each question before it answers."""

            def execute(self, statement):
                text = str(statement.compile(reader, compile_kwargs={"literal_binds": True}))
                how = "EXPLAIN QUERY PLAN " if sqlite else "EXPLAIN "
                told.append([str(row) for row in reader.exec_driver_sql(how + text)])
                return reader.execute(statement)

        query = PassageQuery(subject=first, start=T0 - DAY, end=T0 + DAY, limit=5)
        page = passage_rows(Explaining(), SITE, query)
        later = PassageQuery(subject=first, start=T0 - DAY, limit=5, before=page.next)
        assert page.next is not None
        assert passage_rows(Explaining(), SITE, later).records
    assert len(told) == 4
    for plan in told:
        steps = " / ".join(plan)
        wanted = "COVERING INDEX ix_passage_of_subject" if sqlite else "Index Only Scan"
        assert wanted in steps, steps
        assert "Sort  (" not in steps, steps  # "Sort Key" is that of months put one after another
        assert "TEMP B-TREE" not in steps, steps


def test_a_months_chart_is_drawn_from_quarters_and_an_older_store_gets_them(line):
    agent, hour = Agent("water"), T0 - T0 % 3_600_000
    values = [pressure(hour + i * 60_000, 0.3 + i / 1000) for i in range(180)]
    line.handle(agent.message(*values, lane=Lane.TELEMETRY), now=hour + 3 * 3_600_000)
    while done(line.writer.submit(5, lambda c: line.telemetry.roll(c, hour + DAY))):
        pass
    month = Span(SITE, "fw-1", "pressure", hour, hour + 30 * DAY, 600)
    drawn, rolled = line.telemetry.series(month), everything(line)
    assert [one[0] for one in drawn] == [hour, hour + 75 * 60_000, hour + 150 * 60_000]
    done(line.writer.submit(5, lambda c: migrate(c, command.downgrade, "0015")))
    assert everything(line) != rolled
    done(line.writer.submit(5, lambda c: migrate(c, command.upgrade, "0016")))
    assert everything(line) == rolled
    assert line.telemetry.series(month) == drawn


def everything(line):
    rows = [tuple(row) for row in line.sql("SELECT * FROM rollup ORDER BY 1, 2, 3")]
    assert len(rollup.columns) == len(rows[0])
    return rows, line.sql("SELECT rolled FROM telemetry_total")


def migrate(connection, step, to):
    config = upgrade._config()
    config.attributes["connection"] = connection
    step(config, to)
