"""The index of passages on both databases; no question to it reads a whole table."""

import pytest
from alembic import command

from hub.store import upgrade
from hub.store.reads import passers
from hub.store.reads.besides import BesidesQuery, besides_rows, followed
from hub.store.reads.companions import CompanionQuery, companion_rows, considered
from hub.store.reads.habits import passages_at_hours, times_of
from hub.store.reads.passages import PassageQuery, one_passage, passage_rows
from hub.store.reads.passers import (
    InsideQuery,
    elsewhere_rows,
    inside_rows,
    subject_of,
    unknown_exits,
    with_forms,
    with_hashes,
)
from hub.store.schema import passage, passer, plate_form
from hub.store.write.commands import NewCommand, insert_command
from hub.store.write.passers import list_plates
from hub.store.write.retention import REMOVALS, Keep
from hub.traces.likeness import form_number, forms, open_form, read_typed
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate
from wire import Observation

DAY = 86_400_000
KEEP = Keep(observations=90, passages=180, alerts=90, cases=90, dead_letters=30, feed=7)


def barrier(at, event, device="barrier-in", **signals):
    said = {"event": event, **signals}
    return Observation(device=device, kind="barrier", at=at, seen=at, signals=said)


def write(line, work):
    return done(line.writer.submit(5, work))


def read(line, work):
    with line.store.reader.connect() as reader:
        return work(reader)


def cars(line, *plates, at=T0, way="in"):
    agent = Agent("barriers", boot=f"{at % 2**64:016x}")
    said = {"result": "allowed", "direction": way, "method": "plate"}
    line.handle(*[agent.message(barrier(at + i, "seen", plate=plate, **said), now=at + i)
                  for i, plate in enumerate(plates)], now=at + len(plates))  # fmt: skip


def like(line, text):
    """Who is found by one sign more or less, as the API asks."""
    typed = read_typed(text)
    keys = forms(typed.text) if typed.open_at is None else [open_form(typed)]
    numbers = [form_number(line.seal.hash(SITE, key)) for key in keys]
    rows = read(line, lambda reader: with_forms(reader, SITE, numbers, 50))
    return sorted({row["masked"] for row in rows})


def test_a_plate_is_found_with_one_sign_wrong_and_no_text_tells_it(line):
    cars(line, "粤B12345", "粤B12346", "粤BD12346", "粤A99999")
    assert like(line, "粤B12345") == ["粤B·••••5", "粤B·••••6"]
    assert like(line, "粤A12345") == ["粤B·••••5"]
    assert like(line, "粤B1234?") == ["粤B·••••5", "粤B·••••6"]
    assert like(line, "粤A77777") == []
    (row,) = read(line, lambda r: with_hashes(r, SITE, [line.seal.hash(SITE, "粤A99999")]))
    assert (row["masked"], row["plate"]) == ("粤A·••••9", True)
    cars(line, "粤B12345", at=T0 + 1000, way="out")
    assert len(line.rows(passer)) == 4
    kept = repr([line.rows(passer), line.rows(plate_form), line.rows(passage)])
    assert "B12345" not in kept
    assert "A99999" not in kept


def test_the_newest_is_kept_whatever_comes_late(line):
    agent = Agent()
    card = {"credential": "card-00000001"}
    line.handle(agent.message(gate(T0 + 5000, "granted", direction="out", **card)), now=T0 + 5000)
    line.handle(
        agent.message(gate(T0, "granted", direction="in", historical=True, **card)), now=T0 + 9000
    )
    line.handle(agent.message(gate(T0 + 7000, "denied", "gate-west", **card)), now=T0 + 9000)
    (row,) = line.rows(passer)
    assert (row["way"], row["way_at"], row["way_device"]) == ("out", T0 + 5000, "gate-east")
    assert row["seen_at"] == T0 + 7000


def test_who_opened_from_afar_is_told_by_the_order_that_fits(line):
    def order(name, who, at, action="open"):
        one = NewCommand(name, SITE, "gates", "gate-east", action, who, "a parcel", 0.0, at)
        write(line, lambda connection: insert_command(connection, one))

    order("1" * 32, "li", T0 - 60_000)
    order("2" * 32, "wang", T0)
    order("3" * 32, "zhao", T0 + 100, "release")
    line.handle(Agent().message(gate(T0 + 900, "remote-open"), now=T0 + 1000))
    line.handle(Agent(boot="b" * 16).message(gate(T0 + 500_000, "remote-open"), now=T0 + 500_000))
    query = BesidesQuery("remote")
    rows = read(line, lambda reader: besides_rows(reader, SITE, query)).records
    assert [(row["at"] - T0, row["operator"]) for row in rows] == [(500_000, None), (900, "wang")]


def test_a_tail_gater_is_kept_once_and_comes_with_whoever_was_followed(line):
    agent = Agent("barriers")
    said = [
        barrier(T0, "seen", plate="粤B12345", result="allowed", direction="in"),
        barrier(T0 + 1000, "opened", arm="open"),
        barrier(T0 + 2000, "passed", plate="粤B12345", direction="in"),
        barrier(T0 + 4000, "passed"),
    ]
    for one in said:
        line.handle(agent.message(one, now=one.at), now=one.at)
    done(line.pipeline.tick(T0 + 6000))
    done(line.pipeline.tick(T0 + 7000))
    found = read(line, lambda reader: besides_rows(reader, SITE, BesidesQuery("tailgated")))
    (row,) = found.records
    assert (row["at"], row["device"], row["subject"]) == (T0 + 4000, "barrier-in", None)
    ahead = read(line, lambda reader: followed(reader, SITE, found.records))
    assert ahead[row["id"]]["masked"] == "粤B·••••5"


def test_an_older_store_gets_everybody_and_the_forms_of_their_plates(line):
    cars(line, "粤B12345", "粤A54321", at=T0)
    cars(line, "粤A54321", at=T0 + 60_000, way="out")
    line.handle(Agent().message(gate(T0, "granted", credential="card-1", direction="in")))

    def everybody():
        hidden = ("id", "listed")
        return sorted(
            tuple((k, v) for k, v in row.items() if k not in hidden) for row in line.rows(passer)
        )

    before = everybody()
    write(line, lambda c: migrate(c, command.downgrade, "0020"))
    write(line, lambda c: migrate(c, command.upgrade, "0021"))
    strip = [[(k, v) for k, v in row if k != "sealed"] for row in before]
    assert [[(k, v) for k, v in row if k != "sealed"] for row in everybody()] == strip
    assert like(line, "粤B12345") == []
    assert write(line, lambda c: list_plates(c, line.seal)) == 2
    assert write(line, lambda c: list_plates(c, line.seal)) == 0
    assert like(line, "粤B12346") == ["粤B·••••5"]


def test_after_the_limit_nothing_is_left_of_anybody(line):
    cars(line, "粤B12345")
    card = {"credential": "card-00000001", "direction": "in"}
    line.handle(Agent().message(gate(T0, "granted", **card)), now=T0)
    later = T0 + 100 * DAY
    message = Agent(boot="b" * 16).message(gate(later, "denied", **card), now=later)
    line.handle(message, now=later)
    sweep(line, T0 + 179 * DAY)
    assert len(line.rows(passer)) == 2
    sweep(line, T0 + 181 * DAY)
    (left,) = line.rows(passer)
    assert (left["masked"], left["way"], left["way_at"]) == ("••••0001", None, None)
    assert line.rows(plate_form) == []
    sweep(line, later + 181 * DAY)
    assert line.rows(passer) == line.rows(passage) == []


class Explaining:
    """A reader that tells how it goes about each question before it answers."""

    def __init__(self, reader):
        self.reader = reader
        self.dialect = reader.dialect
        self.sqlite = reader.dialect.name == "sqlite"
        self.plans = []
        if not self.sqlite:  # so few rows would rather be read as they lie
            for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
                reader.exec_driver_sql(f"SET enable_{way} = off")

    def execute(self, statement):
        made = statement.compile(self.reader, compile_kwargs={"literal_binds": True})
        how = "EXPLAIN QUERY PLAN " if self.sqlite else "EXPLAIN "
        rows = self.reader.exec_driver_sql(how + str(made)).all()
        self.plans.append(" / ".join(str(row) for row in rows))
        return self.reader.execute(statement)

    def scalar(self, statement):
        return self.execute(statement).scalar()

    def scalars(self, statement):
        return self.execute(statement).scalars()


def questions(who, form):
    hours = InsideQuery(T0 - DAY, T0 + DAY, plate=True, limit=5)
    beside = CompanionQuery(who, T0 - DAY, T0 + DAY, 10_000)
    return {
        "movements": lambda r: passage_rows(r, SITE, PassageQuery(subject=who, limit=5)),
        "one": lambda r: one_passage(r, SITE, "1"),
        "mark": lambda r: subject_of(r, SITE, who[:12]),
        "hashes": lambda r: with_hashes(r, SITE, [who]),
        "forms": lambda r: with_forms(r, SITE, [form], 20),
        "inside": lambda r: inside_rows(r, SITE, hours),
        "overstays": lambda r: inside_rows(r, SITE, hours, longest_first=True),
        "exits": lambda r: unknown_exits(r, SITE, T0 - DAY, T0 + DAY, ["gate-east"]),
        "elsewhere": lambda r: elsewhere_rows(r, SITE, ["粤B"], hours),
        "companions": lambda r: companion_rows(r, SITE, beside),
        "considered": lambda r: considered(r, SITE, beside),
        "times": lambda r: times_of(r, SITE, who, shift=8 * 3_600_000),
        "at hours": lambda r: passages_at_hours(r, SITE, who, [3, 4], shift=0, limit=20),
        "forced": lambda r: besides_rows(r, SITE, BesidesQuery("forced", T0 - DAY, T0 + DAY)),
    }


def test_no_question_reads_a_whole_table(line):
    cars(line, *(f"粤B1234{i}" for i in range(10)))
    who = line.seal.hash(SITE, "粤B12345")
    form = line.rows(plate_form)[0]["form"]
    for name, ask in questions(who, form).items():
        with line.store.reader.connect() as reader:
            told = Explaining(reader)
            ask(told)
        for plan in told.plans:
            if told.sqlite:
                steps = [step for step in plan.split(" / ") if "SCAN pass" in step]
                assert not steps, (name, plan)
                assert "SCAN plate_form" not in plan, (name, plan)
                assert "(site=?)" not in plan, (name, plan)
                assert name != "exits" or "ix_passage_of_subject" in plan, plan
            else:
                assert "Seq Scan on pass" not in plan, (name, plan)
                assert "Seq Scan on plate_form" not in plan, (name, plan)
                assert "Filter: ((site)" not in plan, (name, plan)


def test_companions_are_those_who_are_near_in_time_at_the_same_device(line):
    agent = Agent()
    said = []
    for number, (at, device, card) in enumerate([
        (0, "gate-east", 1), (5, "gate-east", 2), (9, "gate-west", 3), (30, "gate-east", 4),
        (1000, "gate-west", 1), (1003, "gate-west", 2), (1009, "gate-west", 3),
    ]):  # fmt: skip
        more = {"credential": f"card-0000000{card}", "direction": "in"}
        said.append(agent.message(gate(T0 + at * 1000, "granted", device, **more), seq=number + 1))
    line.handle(*said, now=T0 + 1_010_000)
    who = line.seal.hash(SITE, "card-00000001")
    query = CompanionQuery(who, T0, T0 + DAY, 10_000)
    rows = read(line, lambda reader: companion_rows(reader, SITE, query))
    told = [(row["masked"][-1], row["times"], row["same_way"]) for row in rows]
    assert told == [("2", 2, 2), ("3", 1, 1)]
    assert (rows[0]["first_at"], rows[0]["last_at"]) == (T0 + 5000, T0 + 1_003_000)
    assert read(line, lambda reader: considered(reader, SITE, query)) == 2


def test_exits_of_nobody_knows_whom_are_told_newest_first_however_long_ago(line, monkeypatch):
    agent = Agent("barriers")
    days = [0, 0.5, 2, 5, 40]
    for day in reversed(days):
        at = round(T0 - day * DAY)
        out = barrier(at, "seen", "barrier-out", direction="out")
        line.handle(agent.message(out, now=at), now=at)
    line.handle(Agent().message(gate(T0, "exit-button")), now=T0)

    def exits(since, *devices):
        ask = (SITE, since, T0 + 1, devices)
        return [(T0 - at) / DAY for at in read(line, lambda reader: unknown_exits(reader, *ask))]

    assert exits(T0 - 50 * DAY, "barrier-out") == days
    assert exits(T0 - 3 * DAY, "barrier-out") == days[:3]
    assert exits(T0 - 50 * DAY, "gate-east") == [0]
    monkeypatch.setattr(passers, "UNKNOWN_EXITS", 3)
    assert exits(T0 - 50 * DAY, "barrier-out") == days[:3]


@pytest.mark.parametrize("home", [["粤B"], ["粤A", "京A"]])
def test_cars_from_elsewhere(line, home):
    cars(line, "粤B12345", "京A12345", "使123456")
    query = InsideQuery(T0, T0 + DAY)
    rows = read(line, lambda reader: elsewhere_rows(reader, SITE, home, query)).records
    assert [row["head"] for row in rows] == (["京A"] if home == ["粤B"] else ["粤B"])


def sweep(line, now):
    for name in ("passages", "passers"):
        while write(line, lambda c, n=name: REMOVALS[n](c, KEEP, now)):
            pass


def migrate(connection, step, to):
    config = upgrade._config()
    config.attributes["connection"] = connection
    step(config, to)
