"""Plates and pictures on their way into the database, and the rule that all lanes share."""

from alembic import command

from hub.store.engine import open_store
from hub.store.schema import alert, observation, passage, rule_state
from hub.store.upgrade import _config, revision
from tests.hub_machinery.estate import SITE, T0, Agent, done
from wire import Observation
from wire.kinds import load

PLATE, OTHER = "粤B12345", "粤BD67890"
PICTURE = "0a" * 32
HOUR = 3_600_000


def barrier(at: int, event: str, device: str = "barrier-in", **signals) -> Observation:
    return Observation(
        device=device, kind="barrier", at=at, seen=at, signals={"event": event, **signals}
    )


def seen(at: int, plate: str = PLATE, **more) -> Observation:
    signals = {"plate": plate, "plate_grammar": "ok", "direction": "in", "result": "allowed"}
    return barrier(at, "seen", **(signals | {"method": "plate", "picture": PICTURE} | more))


def passed(at: int, way: str, plate: str = PLATE) -> Observation:
    return barrier(at, "passed", f"barrier-{way}", plate=plate, plate_grammar="ok", direction=way)


def test_passage_of_a_car_has_its_mark_its_mask_and_its_picture(line):
    line.handle(Agent("barriers").message(seen(T0), seen(T0 + 5, OTHER), seen(T0 + 9)))
    first, other, again = line.rows(passage)
    assert (first["result"], first["direction"], first["method"]) == ("granted", "in", "plate")
    assert (first["masked"], other["masked"]) == ("粤B·••••5", "粤B·•••••0")
    assert first["picture"] == PICTURE
    assert first["subject"] == again["subject"] != other["subject"]
    assert first["subject"] == line.seal.hash(SITE, PLATE)
    assert line.seal.open(SITE, first["sealed"]).decode() == PLATE


def test_no_plate_is_in_clear_in_the_database(line):
    line.handle(Agent("barriers").message(seen(T0), passed(T0 + 5000, "in")))
    done(line.pipeline.tick(T0 + HOUR))
    assert len(line.rows(observation)) == 2
    line.stop()
    stored = b"".join(path.read_bytes() for path in line.folder.glob("hub.db*"))
    line.start()
    assert PLATE.encode() not in stored
    assert b"12345" not in stored


def test_car_that_comes_in_twice_is_found_across_the_lanes(line):
    agent = Agent("barriers")
    for number, way in enumerate(("in", "out", "in", "in")):
        at = T0 + number * HOUR
        line.handle(agent.message(passed(at, way), now=at))
    (found,) = line.rows(alert)
    assert (found["condition"], found["device"], found["at"]) == (
        "in-without-out",
        "barrier-in",
        T0 + 3 * HOUR,
    )
    assert line.seal.hash(SITE, PLATE)[:12] not in str(found["detail"])
    done(line.pipeline.tick(T0 + 3 * HOUR + 60_000))
    assert line.rows(alert)[0]["state"] == "returned-unacknowledged"


def test_state_of_the_lanes_survives_a_restart(line):
    agent = Agent("barriers")
    line.handle(agent.message(passed(T0, "in"), now=T0))
    line.restart()
    line.handle(agent.message(passed(T0 + HOUR, "in"), now=T0 + HOUR))
    assert [one["condition"] for one in line.rows(alert)] == ["in-without-out"]
    states = line.rows(rule_state, rule_state.c.rule == "barrier-visits")
    assert [one["subject"] for one in states] == [SITE]


def test_second_car_on_one_permit_is_an_alert(line):
    agent = Agent("barriers")
    told = [
        seen(T0),
        barrier(T0 + 1000, "opened", arm="open"),
        barrier(T0 + 5000, "passed"),
        barrier(T0 + 8000, "passed"),
    ]
    for one in told:
        line.handle(agent.message(one, now=one.at + 50))
    done(line.pipeline.tick(T0 + 9000))
    assert [(one["condition"], one["device"]) for one in line.rows(alert)] == [
        ("tailgating", "barrier-in")
    ]


def test_every_rule_of_the_kind_is_bound_once(line):
    watched = line.registry.device(SITE, "barrier-in")
    keys = [key for key, _ in watched.keyed]
    assert {rule for _, rule, _ in keys} == set(load()["barrier"].rules)
    assert (SITE, "barrier-visits", SITE) in keys
    assert len(keys) == len(set(keys))


def test_database_of_the_first_version_keeps_its_passages(line):
    line.handle(Agent("barriers").message(seen(T0)))
    with line.store.writer.connect() as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    line.stop()
    line.start()
    (kept,) = line.rows(passage)
    assert (kept["masked"], kept["picture"]) == ("粤B·••••5", None)
    assert (line.folder / "hub.db.0001.bak").is_file()


def test_newest_revision_is_where_a_new_database_begins(tmp_path):
    store = open_store(tmp_path / "new.db")
    with store.reader.connect() as connection:
        assert revision(connection) >= "0002"
        names = {row[1] for row in connection.exec_driver_sql("PRAGMA table_info(passage)")}
    store.close()
    assert names == {column.name for column in passage.columns}
