"""What is kept of a message, once, whatever it holds."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.pipeline.incoming import read
from hub.store.schema import agent as agent_table
from hub.store.schema import (
    alert,
    case_,
    change,
    dead_letter,
    device_health,
    observation,
    passage,
    stream,
)
from hub.store.write.streams import MAX_HELD, Stream
from hub.telemetry.tables import point
from tests.hub_machinery.estate import BOOT, SITE, T0, Agent, a_line, done, gate, pressure
from wire import Lane, Observation, SeqSet


def test_a_message_sent_again_is_stored_once_and_acknowledged_again(line):
    message = Agent().message(gate(T0, "granted"))
    first = line.handle(message)
    again = line.handle(message, message)
    assert first == again
    assert (first[0].boot, first[0].lane, first[0].upto) == (BOOT, "event", 1)
    assert len(line.rows(observation)) == 1
    assert line.counters()["duplicates"] == 2


def test_a_gap_is_acknowledged_as_a_range_and_closes(line):
    agent = Agent()
    (ack,) = line.handle(*[agent.message(gate(T0, "state"), seq=seq) for seq in (1, 3, 4)])
    assert (ack.upto, ack.ranges) == (1, ((3, 4),))
    (ack,) = line.handle(agent.message(gate(T0, "state"), seq=2))
    assert (ack.upto, ack.ranges) == (4, ())


def test_first_contact_starts_below_the_floor_and_declares_nothing(line):
    (ack,) = line.handle(Agent().message(gate(T0, "state"), seq=100, floor=90))
    assert (ack.upto, ack.ranges) == (89, ((100, 100),))
    assert "declared_dropped" not in line.counters()


def test_a_floor_above_what_is_known_declares_the_missing_as_dropped(line):
    agent = Agent()
    line.handle(agent.message(gate(T0, "state"), seq=1))
    line.handle(agent.message(gate(T0, "state"), seq=5))
    (ack,) = line.handle(agent.message(gate(T0, "state"), seq=9, floor=8))
    assert (ack.upto, ack.ranges) == (7, ((9, 9),))
    assert line.counters()["declared_dropped"] == 5  # 2, 3, 4, 6, 7
    assert line.rows(stream)[0]["declared_dropped"] == 5


def test_too_many_gaps_are_left_for_the_agent_to_send_again():
    one = Stream(1, (SITE, "gates", BOOT, "event"), SeqSet(), 0)
    for seq in range(2, 2 * MAX_HELD + 2, 2):
        assert one.accept(seq, 1) is True
    assert one.accept(2 * MAX_HELD + 10, 1) is None
    assert one.accept(1, 1) is True  # the lowest gap may always close
    assert one.accept(2, 1) is False


@settings(max_examples=25)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_any_order_and_any_repetition_store_each_once(tmp_path_factory, shuffle, count):
    agent = Agent()
    messages = [agent.message(gate(T0 + n, "state"), now=T0) for n in range(count)]
    sent = messages * 3
    shuffle.shuffle(sent)
    with a_line(tmp_path_factory.mktemp("order")) as line:
        acks = []
        while sent:
            size = shuffle.randint(1, 5)
            acks = line.handle(*sent[:size], now=T0)
            del sent[:size]
        assert (acks[0].upto, acks[0].ranges) == (count, ())
        assert [row["seq"] for row in line.rows(observation)] == list(range(1, count + 1))
        assert line.counters()["stored"] == count
        assert line.counters().get("duplicates", 0) == 2 * count


MIXED = [
    gate(T0, "opened", open=True),
    gate(T0 + 1, "granted", source_id="r1"),
    gate(T0 + 2, "granted", source_id="r1"),
    pressure(T0 + 3, 0.3, device="gate-east"),
    gate(T0 + 4, "denied", device="gate-west-of-nowhere"),
    *[gate(T0 + 5 + n, "denied") for n in range(5)],
    gate(T0 + 3_000, "state", open=True, seen=T0 + 90_000),
    gate(T0 - 50_000_000, "granted", direction="sideways", historical=True, seen=T0),
    gate(T0 + 2_500, "closed", open=False),
]


def test_observations_leave_the_same_in_one_message_and_in_one_each(tmp_path_factory):
    """Devices that take turns, strangers, repetitions, bad values, old ones, clocks that err."""
    left = []
    for messages in ([MIXED], [[one] for one in MIXED]):
        agent = Agent()
        with a_line(tmp_path_factory.mktemp("line")) as line:
            for message in messages:
                line.handle(agent.message(*message, now=T0 + 4_000))
            done(line.pipeline.tick(T0 + 5_000))
            left.append(
                {
                    "counters": line.counters(),
                    "rows": _columns(line, observation, "device", "at", "late", "rejected"),
                    "passages": _columns(line, passage, "device", "at", "result", "direction"),
                    "alerts": _columns(line, alert, "condition", "device", "state", "at", "detail"),
                    "health": _columns(line, device_health, "device", "last_at", "skew_ms"),
                    "readings": _columns(line, device_health, "readings"),
                    "dead": _columns(line, dead_letter, "reason", "device"),
                }
            )
    assert left[0] == left[1]
    assert {"duplicates", "dead", "late", "rejected_signals"} <= left[0]["counters"].keys()
    assert left[0]["alerts"]


def _columns(line, table, *names):
    return sorted(str([row[name] for name in names]) for row in line.rows(table))


def test_a_devices_own_record_is_stored_once_however_often_it_is_pushed(line):
    agent = Agent()
    record = gate(T0, "granted", credential="card-00112233", source_id="rec-1")
    other = gate(T0, "granted", device="gate-west", source_id="rec-1")
    line.handle(agent.message(record, record), agent.message(other))
    line.handle(agent.message(record))
    line.restart()
    line.handle(agent.message(record))
    assert len(line.rows(observation)) == len(line.rows(passage)) == 2
    assert line.counters()["duplicates"] == 3


def test_sensitive_values_are_never_in_clear_in_any_file(line):
    secret = "6217-4402-9981-7735"
    agent = Agent()
    line.handle(agent.message(gate(T0, "granted", credential=secret, method="card")))
    # Also what could not be read may hold one.
    broken = json.dumps([{"device": "gate-east", "signals": {"credential": secret}}]).encode()
    line.handle(agent.message(now=T0, body=broken))
    (row,) = line.rows(passage)
    assert row["masked"] == "••••7735"
    assert row["subject"] == line.seal.hash(SITE, secret)
    assert line.seal.open(SITE, row["sealed"]).decode() == secret
    assert line.rows(observation)[0]["signals"]["credential"] == row["subject"]
    line.stop()
    written = b"".join(p.read_bytes() for p in line.folder.rglob("*") if p.is_file())
    line.start()
    assert secret.encode() not in written
    assert secret.encode().hex().encode() not in written
    assert row["subject"].encode() in written


def test_a_card_has_other_hashes_on_other_sites(line):
    assert line.seal.hash("one", "card") != line.seal.hash("two", "card")


def test_a_bad_value_is_dropped_counted_and_named_and_the_rest_kept(line):
    odd = Observation(
        device="gate-east",
        kind="gate",
        at=T0,
        seen=T0,
        signals={"event": "exploded", "open": True, "fire": "yes", "nonsense": 1},
    )
    line.handle(Agent().message(odd))
    (row,) = line.rows(observation)
    assert row["signals"] == {"open": True}
    assert sorted(row["rejected"]) == ["event", "fire"]
    assert line.counters()["rejected_signals"] == 2


def test_a_number_outside_what_the_sensor_can_report_is_no_point(line):
    line.handle(Agent("water").message(pressure(T0, 77.0), lane=Lane.TELEMETRY))
    assert line.rows(point) == []
    assert line.counters()["rejected_signals"] == 1


def test_telemetry_is_points_and_an_urgent_reading_is_a_row_besides(line):
    agent = Agent("water")
    line.handle(agent.message(pressure(T0, 0.3), lane=Lane.TELEMETRY))
    line.handle(agent.message(pressure(T0 + 500, 0.1), lane=Lane.LIFE, now=T0 + 500))
    assert [row["value"] for row in line.rows(point)] == [0.3, 0.1]
    assert [row["signals"] for row in line.rows(observation)] == [{"pressure": 0.1}]
    assert line.counters()["stored"] == 2


@pytest.mark.parametrize(
    ("speaker", "what", "reason"),
    [
        ("water", gate(T0, "state"), "unknown-device"),  # another agent's device
        ("gates", gate(T0, "state", device="gate-north"), "unknown-device"),
        ("gates", pressure(T0, 1.0, device="gate-east"), "wrong-kind"),
    ],
)
def test_what_an_agent_may_not_say_is_set_aside_and_acknowledged(line, speaker, what, reason):
    (ack,) = line.handle(Agent(speaker).message(what, gate(T0, "state")))
    assert ack.upto == 1
    letters = line.rows(dead_letter)
    assert (letters[0]["reason"], letters[0]["device"]) == (reason, what.device)
    assert (letters[0]["seq"], letters[0]["idx"]) == (1, 0)
    counters = line.counters()
    assert counters["dead"] == len(letters)
    assert counters.get("unknown_device", 0) == sum(
        letter["reason"] == "unknown-device" for letter in letters
    )


def test_an_unknown_agent_is_acknowledged_without_a_row_of_its_own(line):
    (ack,) = line.handle(Agent("stranger").message(gate(T0, "state"), seq=7))
    assert (ack.upto, ack.ranges) == (0, ((7, 7),))
    assert line.rows(stream) == []
    assert line.counters()["unknown_agent"] == 1


POISON = [
    b"",
    b"{",
    b"null",
    b"[1, 2]",
    b'[{"device": "gate-east"}]',
    b"\xff\xfe\x00",
    b'[{"device":"gate-east","kind":"gate","at":1e400,"seen":1,"signals":{}}]',
    b'[{"device":"gate-east","kind":"gate","at":NaN,"seen":1,"signals":{}}]',
    b"[" * 100_000,
    b'[{"device":"gate-east","kind":"gate","at":1,"seen":1,"signals":{"open":NaN}}]',
    b'[{"device":"gate-east","kind":"gate","at":1,"seen":1,"signals":{"x":"\\ud800"}}]',
    b'[{"device":"../../etc","kind":"gate","at":1,"seen":1,"signals":{}}]',
]


@pytest.mark.parametrize("body", POISON)
def test_poison_is_set_aside_with_its_number_and_the_next_message_flows(line, body):
    agent = Agent()
    (ack,) = line.handle(agent.message(now=T0, body=body), agent.message(gate(T0, "granted")))
    assert ack.upto == 2
    (letter,) = line.rows(dead_letter)
    assert (letter["reason"], letter["seq"]) == ("bad-body", 1)
    assert len(line.rows(observation)) == 1


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("gatehouse/1/court/gates/up/event", b"no header", "bad-header"),
        ("gatehouse/1/court/gates/up/event", b'{"v":9}\n[]', "unknown-version"),
        ("gatehouse/1/court/gates/up/event", b"x" * (2 * 1024 * 1024 + 1), "too-large"),
        ("gatehouse/1/court/gates/up/gossip", b"", "bad-topic"),
        ("gatehouse/2/court/gates/up/event", b"", "unknown-version"),
    ],
)
def test_what_has_no_readable_number_is_set_aside_without_an_answer(line, topic, payload, reason):
    assert line.handle((topic, payload, T0)) == []
    (letter,) = line.rows(dead_letter)
    assert (letter["reason"], letter["size"]) == (reason, len(payload))


def test_an_envelope_on_another_lanes_topic_is_poison(line):
    _, payload, now = Agent().message(gate(T0, "state"))
    (ack,) = line.handle(("gatehouse/1/court/gates/up/life", payload, now))
    assert line.rows(dead_letter)[0]["reason"] == "wrong-lane"
    assert ack.upto == 1


def test_damaged_messages_never_raise():
    _, whole, _ = Agent().message(gate(T0, "granted", credential="card-1"))
    draw = random.Random(20)
    for _ in range(2_000):
        damaged = bytearray(whole)
        for _ in range(draw.randint(1, 8)):
            damaged[draw.randrange(len(damaged))] = draw.randrange(256)
        message = read("gatehouse/1/court/gates/up/event", bytes(damaged), T0)
        assert message.fault is not None or message.observations


def test_a_device_clock_in_1970_is_flagged_and_the_agents_moment_stands(line):
    line.handle(Agent().message(gate(1_000, "opened", seen=T0, open=True)))
    (row,) = line.rows(observation)
    assert (row["at"], row["late"]) == (T0, False)
    assert line.rows(device_health)[0]["skew_ms"] == 1_000 - T0
    assert ("device", "gate-east") in {(r["type"], r["ref"]) for r in line.rows(change)}


def test_an_agent_clock_an_hour_behind_is_corrected_and_shown(line):
    behind = T0 - 3_600_000
    line.handle(Agent().message(gate(behind, "granted"), now=T0, sent_at=behind))
    (row,) = line.rows(observation)
    assert (row["at"], row["late"]) == (T0, False)
    assert line.rows(agent_table)[0]["clock_offset_ms"] == 3_600_000


def test_an_old_event_is_recorded_and_marked_and_opens_no_case(line):
    agent = Agent()
    old = T0 - 2 * 3_600_000
    line.handle(agent.message(gate(old, "opened", open=True, seen=old)))
    done(line.pipeline.tick(T0 + 2_000))
    assert line.rows(observation)[0]["late"] is True
    assert line.counters()["late"] == 1
    assert all(row["late"] for row in line.rows(alert))
    assert line.rows(case_) == []


def test_a_rule_that_fails_is_counted_and_passed_over(line, monkeypatch):
    rule = line.registry.device(SITE, "gate-east").keyed[0][1]
    monkeypatch.setattr(type(rule), "step", lambda *_args: (_ for _ in ()).throw(ZeroDivisionError))
    (ack,) = line.handle(Agent().message(gate(T0, "granted")))
    assert ack.upto == 1
    assert line.counters()["rule_errors"] == 1
    assert len(line.rows(passage)) == 1
