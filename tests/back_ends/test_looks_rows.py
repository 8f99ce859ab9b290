"""Looks, exports and the watchlist as rows: the same on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from hub.access.audit import Act
from hub.access.looking import Look, Tally
from hub.config.looks import Quota
from hub.errors import HubError
from hub.pipeline.acts import AskWatch, DecideWatch, NoteLook
from hub.store.people.looks import add_look, find_look, looks_at
from hub.store.schema import alert, export, looked, looked_at, watch_entry, watch_hit
from hub.store.write.exports import exported_count, exported_rows
from hub.store.write.retention import REMOVALS, Keep
from hub.traces.watch import Sort
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate

DAY_MS = 86_400_000
CARD = "card-00112233"
KEEP = Keep(observations=90, passages=180, alerts=1000, cases=1000, dead_letters=30, feed=7)
LOOK = Look("a" * 32, SITE, "wang", "guard", "police", "a letter", None, T0, T0 + DAY_MS)


def note(line, at, *, pages=10, person=None):
    told = Act(at, "wang", "passage.look", "gate-east", site=SITE, detail={"purpose": "police"})
    quota = Quota(people=1, pages=pages, refuse_at=2)
    act = NoteLook(LOOK, told, ("f" * 64, "e" * 64), person, quota, T0)
    return done(line.pipeline.act(act, at))


def test_looks_are_counted_across_a_restart_and_found_by_whom_they_showed(line):
    with line.store.writer.connect() as connection, connection.begin():
        add_look(connection, LOOK)
        assert find_look(connection, SITE, LOOK.id) == LOOK
    note(line, T0, pages=2, person="f" * 64)
    note(line, T0 + 1, pages=2, person="f" * 64)
    line.restart()
    note(line, T0 + 2, pages=2)
    (told,) = line.rows(alert)
    assert (told["condition"], told["detail"]["pages"]) == ("looks-over-quota", 3)
    note(line, T0 + 3, pages=2)
    with pytest.raises(HubError):
        note(line, T0 + 4, pages=2)
    with line.store.reader.connect() as connection:
        found = looks_at(connection, SITE, "e" * 64, 10)
    assert [one.act.at for one in found] == [T0 + 3, T0 + 2, T0 + 1, T0]
    assert Tally(1, 4) == Tally(len({row["person"] for row in line.rows(looked)} - {None}), 4)
    with line.store.writer.connect() as connection, connection.begin():
        assert REMOVALS["looks"](connection, KEEP, T0 + 1096 * DAY_MS) == 1 + 4 + 8
    assert line.rows(looked_at) == []


def test_a_watched_card_is_told_once_per_passage_and_never_by_one_person_alone(line):
    subject = line.seal.hash(SITE, CARD)
    sealed = line.seal.seal(SITE, CARD.encode())
    ask = AskWatch(SITE, Sort.CREDENTIAL, subject, sealed, "••••", "x", None, T0 + DAY_MS, "li")
    entry = done(line.pipeline.act(ask, T0))
    for values in ({"decider": "li"}, {"state": "active"}):
        with line.store.writer.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(update(watch_entry).values(**values))
    done(line.pipeline.act(DecideWatch(SITE, entry, True, "boss"), T0))
    agent = Agent()
    for source, at in (("r-1", T0), ("r-2", T0 + 5_000), ("r-3", T0 + 60_000)):
        said = gate(at, "granted", credential=CARD, source_id=source)
        line.handle(agent.message(said, now=at))
        line.restart()
    assert [row["condition"] for row in line.rows(alert)] == ["watchlist-hit"] * 2
    assert len(line.rows(watch_hit)) == 3
    query = {"device": None, "subject": subject[:12], "start": T0, "end": T0 + 60_000}
    with line.store.reader.connect() as connection:
        assert exported_count(connection, SITE, query, T0 + DAY_MS) == 2
        rows = exported_rows(connection, SITE, query, T0 + DAY_MS)
    assert [row["at"] for row in rows] == [T0, T0 + 5_000]


def test_no_export_is_approved_by_whoever_asked_for_it(line):
    row = {
        "id": "b" * 32,
        "site": SITE,
        "state": "requested",
        "requester": "li",
        "asked_at": T0,
        "purpose": "police",
        "reason": "x",
        "query": {"start": 0, "end": 1},
        "pictures": False,
        "plain": False,
        "until": T0 + 1,
    }
    with line.store.writer.connect() as connection, connection.begin():
        connection.execute(insert(export).values(row))
    for values in ({"decider": "li", "state": "making"}, {"state": "ready"}):
        with line.store.writer.connect() as connection, pytest.raises(IntegrityError):
            connection.execute(update(export).values(**values))
    with line.store.reader.connect() as connection:
        assert connection.scalar(select(export.c.state)) == "requested"
