"""What is kept how long: every table is classed; nothing outlives its time, but what is held."""

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Double,
    Integer,
    LargeBinary,
    String,
    func,
    insert,
    select,
)
from sqlalchemy.types import JSON

from hub.errors import ConflictError, NotFoundError
from hub.store.keeping.classes import CLASSES, STANDING, classed
from hub.store.keeping.holds import NewHold, Span, end_hold, place_hold
from hub.store.keeping.page import table as page_table
from hub.store.schema import (
    alert,
    case_,
    evidence,
    legal_hold,
    metadata,
    observation,
    passage,
    passer,
)
from hub.store.write.evidence_retention import KeepEvidence, forget, make_room, remove_aged
from hub.store.write.retention import DAY_MS, REMOVALS, Keep
from hub.telemetry import Keep as KeepPoints
from hub.telemetry import Point
from hub.telemetry.database import DatabaseTelemetry
from hub.telemetry.tables import metadata as telemetry_metadata
from tests.hub_machinery.estate import SITE, T0, Agent, done, gate

KEEP = Keep(observations=90, passages=180, alerts=1000, cases=1000, dead_letters=30, feed=7)
HOUR_MS = 3_600_000
FAR = T0 + 2_000 * DAY_MS

NEWEST_STAYS = frozenset({"change", "audit"})
"""Of the feed, and of each chain of the trail: the next one follows it."""

SPECIAL = {
    "passer": {"plate": False},
    "watch_entry": {"decider": None, "decided_at": None, "state": "ended"},
    "export": {"decider": None, "state": "expired"},
    "evidence": {"state": "removed", "kind": "clip", "case_id": None, "alert": None},
    "alert": {"state": "normal", "case_id": None},
    "legal_hold": {"case_id": "another"},
    "case_": {"merged_into": None},
    "household": {"site": SITE},
}


def every_table():
    return {**metadata.tables, **telemetry_metadata.tables}


def test_every_table_has_a_class_and_every_class_its_tables():
    assert set(classed()) == set(every_table())
    for one in CLASSES:
        for table, column in one.tables.items():
            assert column in every_table()[table].c, (one.id, table)
    names = [name for one in CLASSES for name in (*one.tables, *one.along)]
    names += [name for one in STANDING for name in one.tables]
    assert len(names) == len(set(names))


VALUES = (
    (JSON, {}),
    (LargeBinary, b"x"),
    (Boolean, False),
    (Double, 0.0),
    (BigInteger, T0),
    (Integer, 1),
)


def test_the_page_says_what_the_table_says():
    page = Path(__file__).parents[2] / "docs" / "retention.md"
    assert page_table() in page.read_text(encoding="utf-8")


def value_of(column, made):
    """Something that fits a column; a reference is to the row made before."""
    for foreign in column.foreign_keys:
        return made[foreign.column.table.name][foreign.column.name]
    if isinstance(column.type, String):
        return SITE if column.name == "site" else "x"
    return next(value for kind, value in VALUES if isinstance(column.type, kind))


def fill(connection):
    """A row of every table of the store, as old as T0."""
    made = {}
    for table in metadata.sorted_tables:
        row = {column.name: value_of(column, made) for column in table.columns}
        row |= {name: v for name, v in SPECIAL.get(table.name, {}).items() if name in row}
        connection.execute(insert(table), [row])
        made[table.name] = row


def counts(line):
    with line.store.reader.connect() as reader:
        return {
            table.name: reader.scalar(select(func.count()).select_from(table))
            for table in metadata.sorted_tables
        }


def sweep(line, now, keep=KEEP):
    for removal in REMOVALS.values():
        while done(line.writer.submit(5, lambda c, r=removal: r(c, keep, now))):
            pass


def test_nothing_outlives_its_time_in_any_table_and_nothing_goes_before(line):
    """A new table fails this until something removes its rows."""
    done(line.writer.submit(0, fill))
    sweep(line, T0 + DAY_MS)
    early = counts(line)
    assert {name for name, count in early.items() if not count} == set()
    sweep(line, T0 + 90 * DAY_MS - 1)
    assert counts(line)["observation"] == counts(line)["credential"] == 1
    sweep(line, T0 + 90 * DAY_MS + HOUR_MS)
    assert counts(line)["observation"] == counts(line)["household"] == 0
    assert counts(line)["passage"] == 1
    sweep(line, FAR)
    keep = KeepEvidence({"clip": 90}, 1000, 10**9)
    done(line.writer.submit(5, lambda c: forget(c, keep, FAR)))
    left = {name for name, count in counts(line).items() if count}
    standing = {name for one in STANDING for name in one.tables}
    assert left - standing == NEWEST_STAYS


def test_telemetry_goes_to_the_hour(line):
    store = DatabaseTelemetry(line.store.reader, KeepPoints(raw_days=30, hour_days=60))
    hour = T0 - T0 % HOUR_MS
    points = [Point(SITE, "fw-1", "pressure", hour + i, 0.3, 1, i, 0) for i in range(3)]
    done(line.writer.submit(0, lambda c: store.append(c, points)))
    tables = telemetry_metadata.tables

    def left(now, name):
        while done(line.writer.submit(5, lambda c: store.purge(c, now))):
            pass
        with line.store.reader.connect() as reader:
            return reader.scalar(select(func.count()).select_from(tables[name]))

    assert left(hour + 30 * DAY_MS, "point") == 3
    assert left(hour + 30 * DAY_MS + HOUR_MS, "point") == 0
    assert left(hour + 60 * DAY_MS, "rollup") > 0
    assert left(hour + 400 * DAY_MS + HOUR_MS, "rollup") == 0


# --- legal holds ---------------------------------------------------------------------------------


@pytest.fixture
def held(line):
    """A door was forced, its case is closed; somebody passed then, and somebody long after."""
    agent = Agent()
    line.handle(agent.message(gate(T0, "opened", open=True)))
    done(line.pipeline.tick(T0 + 2_000))
    line.handle(agent.message(gate(T0 + 60_000, "granted", credential="card-0001", direction="in")))
    later = T0 + 5 * HOUR_MS
    line.handle(agent.message(gate(later, "granted", credential="card-0002")), now=later)
    (case,) = line.rows(case_)
    (raised,) = line.rows(alert)

    def close(connection):
        connection.execute(case_.update().values(closed_at=T0, state="rated"))
        connection.execute(alert.update().values(closed_at=T0, state="normal"))
        made = {column.name: value_of(column, {}) for column in evidence.columns}
        for name, of in (("clip", raised["id"]), ("other", None)):
            row = {**made, "id": name, "kind": "clip", "state": "stored", "alert": of}
            row |= {"sha256": secrets.token_hex(32), "device": "cam", "case_id": None, "size": 10}
            connection.execute(insert(evidence), [row])

    done(line.writer.submit(0, close))
    return NewHold("h" * 32, SITE, case["id"], "派出所 2026-17", "案件", "boss", FAR + DAY_MS)


def whoever(line):
    """Who passed with a card; the forced door itself is a passage too."""
    return sorted(row["masked"] for row in line.rows(passage) if row["subject"] is not None)


def known(line):
    """Who can be found, and which way they are known to have gone."""
    return sorted((row["masked"], row["way"]) for row in line.rows(passer))


def test_a_held_case_keeps_what_belongs_to_it_until_it_is_released(line, held):
    done(line.writer.submit(0, lambda c: place_hold(c, held, T0)))
    sweep(line, FAR)
    assert (len(line.rows(case_)), len(line.rows(alert))) == (1, 1)
    assert whoever(line) == ["••••0001"]
    assert known(line) == [("••••0001", "in")]
    assert {row["at"] for row in line.rows(observation)} == {T0, T0 + 60_000}
    keep = KeepEvidence({"clip": 90}, 1000, 10**9)
    gone = done(line.writer.submit(5, lambda c: remove_aged(c, keep, FAR)))
    full = replace(keep, max_bytes=0)
    gone += done(line.writer.submit(5, lambda c: make_room(c, full, FAR)))
    states = {row["id"]: row["state"] for row in line.rows(evidence)}
    assert (states, len(gone)) == ({"clip": "stored", "other": "removed"}, 1)
    over = {"by": "boss", "reason": "结案", "now": FAR}
    done(line.writer.submit(0, lambda c: end_hold(c, SITE, held.id, **over)))
    with pytest.raises(ConflictError):
        done(line.writer.submit(0, lambda c: end_hold(c, SITE, held.id, **over)))
    sweep(line, FAR + 1)
    done(line.writer.submit(5, lambda c: remove_aged(c, keep, FAR)))
    assert {row["state"] for row in line.rows(evidence)} == {"removed"}
    for table in (case_, alert, passage, observation, passer):
        assert line.rows(table) == []


def test_a_hold_ends_by_time_and_keeps_more_where_that_is_said(line, held):
    more = (Span("gate-east", T0, T0 + 6 * HOUR_MS),)
    until = T0 + 500 * DAY_MS
    done(line.writer.submit(0, lambda c: place_hold(c, replace(held, more=more, until=until), T0)))
    sweep(line, until - 1)
    assert whoever(line) == ["••••0001", "••••0002"]
    sweep(line, until)
    assert [row["ended_at"] for row in line.rows(legal_hold)] == [until]
    assert line.rows(passage) == []


def test_a_hold_is_of_a_case_of_its_site(line, held):
    with pytest.raises(NotFoundError):
        done(line.writer.submit(0, lambda c: place_hold(c, replace(held, site="elsewhere"), T0)))
