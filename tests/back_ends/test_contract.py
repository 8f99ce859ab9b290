"""What the pipeline does to a store is the same on SQLite and on PostgreSQL."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from hub.access.audit import GENESIS, Act, link
from hub.config import Role
from hub.errors import ConflictError, NotFoundError
from hub.households.planning import Sealing
from hub.pipeline import AlertAct, CaseAct, OpenCase
from hub.store.households.importing import Importer, ListMode
from hub.store.households.presence import missed, tally
from hub.store.households.reads import HouseholdQuery, household_page, subjects_of
from hub.store.people.trail import append_act, walk_chain
from hub.store.reads.agents import lane_sums
from hub.store.reads.cases import CaseQuery, case_rows
from hub.store.reads.passages import PassageQuery, passage_rows
from hub.store.schema import alert, case_, change, observation, passage
from hub.store.seal import mask
from hub.telemetry import Span
from tests.back_ends.day import a_day, digest, world
from tests.hub_machinery.estate import SITE, T0, Agent, a_line, done, gate, pressure
from tests.hub_machinery.test_kill_anywhere import CrashError, crash_after
from wire import Lane, Text


def test_message_is_taken_in_once_however_often_it_comes(line):
    agent = Agent()
    message = agent.message(gate(T0, "granted", credential="card-00112233", source_id="r-1"))
    first = line.handle(message)
    line.restart()
    assert line.handle(message) == first
    assert len(line.rows(observation)) == len(line.rows(passage)) == 1
    assert (line.counters()["stored"], line.counters()["duplicates"]) == (1, 1)


def test_gaps_are_remembered_and_closed(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "state"), seq=1), agent.message(gate(T0, "state"), seq=5))
    line.restart()
    (ack,) = line.handle(agent.message(gate(T0, "state"), seq=3))
    assert (ack.upto, ack.ranges) == (1, ((3, 3), (5, 5)))
    (ack,) = line.handle(*[agent.message(gate(T0, "state"), seq=seq) for seq in (2, 4)])
    assert (ack.upto, ack.ranges) == (5, ())


def test_forced_door_is_one_alert_one_case_and_a_feed_without_gaps(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    line.restart()
    done(line.pipeline.tick(T0 + 2_500))
    (raised,), (case,) = line.rows(alert), line.rows(case_)
    assert (raised["condition"], case["alert"]) == ("door-forced", raised["id"])
    positions = [row["position"] for row in line.rows(change)]
    assert sorted(positions) == list(range(1, len(positions) + 1))
    twin = {**raised, "id": "f" * 16, "occurrence": 2}
    with pytest.raises(IntegrityError):
        done(line.writer.submit(0, lambda c: c.execute(insert(alert), [twin])))


def test_of_two_who_saw_the_same_version_one_is_told_so(line):
    line.handle(Agent().message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    (case,) = line.rows(case_)
    act = CaseAct(SITE, case["id"], "accept", "wang", Role.GUARD, case["version"])
    done(line.pipeline.act(act, T0 + 3_000))
    with pytest.raises(ConflictError):
        done(line.pipeline.act(act, T0 + 3_001))


def test_a_crash_at_any_statement_leaves_nothing_half_done(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "opened", open=True)))
    for statements in range(0, 40, 3):
        with crash_after(line.store.writer, statements), pytest.raises(CrashError):
            done(line.pipeline.tick(T0 + 2_000))
        assert not line.rows(alert)
    done(line.pipeline.tick(T0 + 2_000))
    assert len(line.rows(alert)) == len(line.rows(case_)) == 1
    assert line.rows(case_)[0]["number"].endswith("-001")


def test_case_numbers_count_on_and_texts_are_found_in_both_languages(line):
    for at, title in ((T0, "漏水 Leak 100%"), (T0 + 1, "路灯 Lamp")):
        title_text = Text(zh=title.split()[0], en=title.partition(" ")[2])
        act = OpenCase(SITE, _category(line), title_text, "wang", "记录")
        done(line.pipeline.act(act, at))
    assert [row["number"][-4:] for row in _cases(line)] == ["-002", "-001"]
    for word in ("漏水", "lEAK", "100%"):
        assert [row["number"][-4:] for row in _cases(line, word)] == ["-001"]
    assert _cases(line, "_") == []


def test_passages_are_paged_newest_first(line):
    agent = Agent()
    line.handle(*[
        agent.message(gate(T0 + i // 2, "granted", credential=f"card-0000{i:04d}"))
        for i in range(9)
    ])  # fmt: skip
    seen, cursor = [], None
    while True:
        with line.store.reader.connect() as reader:
            page = passage_rows(reader, SITE, PassageQuery(limit=2, before=cursor))
        seen += [row["id"] for row in page.records]
        if (cursor := page.next) is None:
            break
    assert len(seen) == len(set(seen)) == 9
    assert seen == sorted(seen, reverse=True)


def test_numbers_of_telemetry_come_back_in_buckets_raw_and_downsampled(line):
    agent, hour = Agent("water"), T0 - T0 % 3_600_000
    values = [pressure(hour + i * 60_000, 0.3 + i / 100) for i in range(60)]
    line.handle(agent.message(*values, lane=Lane.TELEMETRY), now=hour + 3_600_000)
    raw = line.telemetry.series(Span(SITE, "fw-1", "pressure", hour, hour + 3_600_000, 6))
    assert [row[0] for row in raw] == [hour + i * 600_000 for i in range(6)]
    assert raw[1][1:] == pytest.approx((0.4, 0.445, 0.49))
    now = hour + 86_400_000
    assert done(line.writer.submit(5, lambda c: line.telemetry.roll(c, now))) == 1
    line.handle(agent.message(pressure(hour + 1, 1.9), lane=Lane.TELEMETRY, now=now), now=now)
    assert done(line.writer.submit(5, lambda c: line.telemetry.roll(c, now))) == 1
    month = line.telemetry.series(Span(SITE, "fw-1", "pressure", hour, hour + 30 * 86_400_000, 9))
    assert [(row[1], row[3]) for row in month] == [(0.3, 1.9)]
    with line.store.reader.connect() as reader:
        sums = lane_sums(reader, SITE)
    assert repr(sums["water", "telemetry"]["stored"]) == "61"


def test_the_audit_trail_is_one_unbroken_chain(line):
    for number in range(5):
        act = Act(at=T0, actor="wang", action="look", object="门", site=SITE, outcome="done",
                  detail={"n": 1e16, "z": number, "a": 1.0})  # fmt: skip
        done(line.writer.submit(0, lambda c, a=act: append_act(c, a)))
    prev = GENESIS
    with line.store.reader.connect() as reader:
        for entry in walk_chain(reader, SITE):
            assert (entry.prev, entry.hash) == (prev, link(entry.act, prev))
            prev = entry.hash
    assert prev != GENESIS


def test_readers_see_one_moment_and_write_nothing(line):
    with line.store.reader.connect() as reader, reader.begin():
        before = reader.scalar(select(func.count()).select_from(observation))
        line.handle(Agent().message(gate(T0, "state")))
        assert reader.scalar(select(func.count()).select_from(observation)) == before == 0
    with line.store.reader.connect() as reader, pytest.raises(DBAPIError):
        reader.exec_driver_sql("DELETE FROM meta")


def test_acts_of_many_people_at_once_happen_once_each(line):
    act = OpenCase(SITE, _category(line), Text(zh="一", en="One"), "wang", "记录")
    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(lambda _: done(line.pipeline.act(act, T0)), range(24)))
    assert len(set(names)) == len(line.rows(case_)) == 24


@pytest.mark.socket
def test_a_seeded_day_leaves_the_same_rows_in_both(tmp_path, database):
    found = {}
    for name, where in (("sqlite", None), ("postgresql", database)):
        folder = tmp_path / name
        folder.mkdir()
        if found:
            shutil.copytree(tmp_path / "sqlite" / "secrets", folder / "secrets")
        with a_line(folder, where) as line:
            a_day(line, seed=20260131, steps=150)
            found[name] = world(line)
    assert digest(found["sqlite"]) == digest(found["postgresql"])
    assert len(found["sqlite"]["alert"]) > 3
    assert len(found["sqlite"]["case_"]) > 2


def _category(line) -> str:
    return next(iter(line.catalogue.categories))


def _cases(line, *words):
    with line.store.reader.connect() as reader:
        return case_rows(reader, SITE, CaseQuery(state="all", words=words)).records


def test_alert_act_needs_the_alert_to_be_of_its_site(line):
    with pytest.raises(NotFoundError):
        done(line.pipeline.act(AlertAct(SITE, "f" * 16, "acknowledge", "wang"), T0))


def test_a_list_of_residents_is_taken_in_found_and_counted(line):
    sealing = Sealing(
        hash=line.seal.hasher(SITE),
        seal=line.seal.sealer(SITE),
        mask=mask,
    )
    importer = Importer(
        site=SITE,
        buildings={"b1": "b1"},
        tags={"alone": "alone"},
        sealing=sealing,
        utc_offset=8.0,
        reader=line.store.reader,
        write=lambda work: done(line.writer.submit(0, work)),
        record=lambda _connection, _outcome: None,
        now=lambda: T0,
    )
    head = "building,room,name,tags,card,plate\n"
    rows = [
        f"b1,{i // 2},甲乙{'丙丁'[i % 2]},alone,card-{i:06d},粤B{i:05d}\n" for i in range(2_101)
    ]
    first = importer.run((head + "".join(rows)).encode(), ListMode.LINES)
    assert (first.people, first.credentials, first.tags, first.wrong) == (2_101, 4_202, 2_101, 0)
    again = importer.run((head + "".join(rows)).encode(), ListMode.WHOLE)
    assert (again.households, again.people, again.credentials, again.changed) == (0, 0, 0, 0)
    changed = head + "b1,0,甲乙丙,,card-000000,粤B00000\n" + "b1,9,甲乙丙,,card-000000,\n"
    assert importer.run(changed.encode(), ListMode.WHOLE).wrong == 1
    line.handle(Agent().message(gate(T0, "granted", credential="card-000003", direction="in")))
    with line.store.reader.connect() as reader:
        mark = sealing.hash("card-000003")
        query = HouseholdQuery(subject=mark, tags=("alone",))
        ((home,), after) = household_page(reader, SITE, query)
        assert (home.row["room"], len(home.people), after) == ("1", 2, None)
        owner = home.people[0]["id"]
        assert len(subjects_of(reader, SITE, household=home.row["id"], at=T0)) == 4
        assert len(subjects_of(reader, SITE, person=owner)) == 2
        assert subjects_of(reader, SITE) == []
        (day,) = tally(reader, SITE, home.row["id"], since=0, until=T0 + 1, shift=8 * 3_600_000)
        assert (day.came_in, day.went_out, day.other) == (1, 0, 0)
        nobody = {one.person["id"] for one in missed(reader, SITE, {"alone": 3}, T0 + 1_000)}
        seen = {one["person"] for one in home.credentials if one["subject"] == mark}
        assert (len(nobody) >= 1_999, nobody & seen) == (True, set())
