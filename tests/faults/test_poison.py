"""Ten thousand damaged messages: each is set aside with its reason, or stored; the line goes on."""

import json
import random
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.ingest import Ingest
from hub.mqtt import Delivery
from hub.store.schema import dead_letter, observation
from tests.faults.mutation import good, judged, poison
from tests.faults.street import Agent as Street
from tests.faults.street import Api, until
from tests.faults.town import a_hub, write_site
from tests.hub_machinery.estate import BOOT, SITE, T0, Agent, a_line, gate, pressure
from wire import Lane, topics

MESSAGES = 10_000
NEIGHBOUR_EVERY = 50
THROUGH_BROKER = 600
HEADERLESS = {"bad-header", "unknown-version", "bad-floor", "too-large"}

REGRESSIONS: list[str] = []
"""Seeds that once failed; each is run again for good."""


class Mouth:
    """The hub's ingest with nothing in front of it. taken: how often the broker was answered."""

    def __init__(self, line):
        self.line, self.taken, self.number = line, 0, 0
        self.ingest = Ingest(
            line.pipeline,
            hub_boot="00000000000000bb",
            publish=lambda *_: True,
            heard=lambda _: None,
            now=lambda: T0,
        )

    def deliver(self, topic, payload):
        self.number += 1
        self.ingest.delivered([Delivery(topic, payload, False, self.number, self)])
        if self.ingest.health().waiting > 2_000:  # as the broker's receive maximum would
            until(lambda: self.ingest.health().waiting < 500)

    def acknowledge(self, numbers):
        self.taken += len(numbers)


@pytest.fixture
def mouth(tmp_path):
    with a_line(tmp_path) as line:
        made = Mouth(line)
        with made.ingest:
            yield made


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("once_failed", [None, *REGRESSIONS])
def test_damaged_messages_are_set_aside_by_reason_and_their_neighbours_stored(
    mouth, seed, once_failed
):
    draw, line = random.Random(once_failed or seed), mouth.line
    topic, neighbour = topics.up(SITE, "gates", Lane.EVENT), Agent("water")
    expected, delivered = Counter(), 0
    for number in range(1, MESSAGES + 1):
        # a stream of its own for each few, so that one with a huge number spoils only these
        one = poison(draw, f"{number // 20:016x}", number, "gate-east")
        expected[one.reason] += 1
        mouth.deliver(topic, one.payload)
        delivered += 1
        if number % NEIGHBOUR_EVERY == 0:
            mouth.deliver(*neighbour.message(pressure(T0 + number, 0.3), lane=Lane.LIFE)[:2])
            delivered += 1
    until(lambda: mouth.taken == delivered, 120)
    letters = Counter(row["reason"] for row in line.rows(dead_letter))
    assert {reason: letters[reason] for reason in HEADERLESS} == {
        reason: expected[reason] for reason in HEADERLESS
    }
    # a damaged number may be one that is known, or too far off: then nobody looks at the body
    assert letters["bad-body"] <= expected["bad-body"]
    assert letters["bad-body"] > 0.8 * expected["bad-body"]
    assert sum(expected[reason] for reason in HEADERLESS) > MESSAGES / 20
    assert letters["hub-error"] == 0
    assert line.counters().get("rule_errors", 0) == 0
    assert (
        len(line.rows(observation, observation.c.device == "fw-1")) == MESSAGES // NEIGHBOUR_EVERY
    )


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    header=st.dictionaries(
        st.sampled_from(["v", "boot", "lane", "seq", "floor", "sent_at", "type", "more"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=5,
        ),
    ),
    body=st.binary(max_size=300) | st.text(max_size=100).map(str.encode),
)
def test_whatever_a_header_and_a_body_hold_the_next_message_is_stored(mouth, header, body):
    line, before = mouth.line, mouth.taken
    payload = json.dumps(header).encode() + b"\n" + body
    letters = len(line.rows(dead_letter))
    mouth.deliver(topics.up(SITE, "gates", Lane.EVENT), payload)
    until(lambda: mouth.taken == before + 1)
    if judged(payload) in HEADERLESS:
        assert len(line.rows(dead_letter)) == letters + 1
    mouth.deliver(*Agent(boot=BOOT).message(gate(T0, "state"))[:2])
    until(lambda: mouth.taken == before + 2)
    assert line.counters()["stored"] >= 1


@pytest.mark.socket
@pytest.mark.slow
def test_damage_through_a_real_broker_stops_nobody(tmp_path, broker, nursery, seed):
    write_site(tmp_path, {"a": {"a-gate": "gate"}, "b": {"b-gate": "gate"}})
    draw, expected = random.Random(seed), Counter()
    with a_hub(tmp_path, broker, spawn=nursery.spawn) as hub:
        api = Api(hub)
        bad, well = Street(api, broker.port, "a"), Street(api, broker.port, "b")
        well.neighbour_is_stored()
        for number in range(1, THROUGH_BROKER + 1):
            one = poison(draw, f"{number // 20:016x}", number, "a-gate")
            expected[one.reason] += 1
            bad.publish(one.payload)
        bad.publish(good(bad.boot, 1, "a-gate", draw))
        until(lambda: [ack for ack in bad.acks if ack.boot == bad.boot], 60)
        well.neighbour_is_stored()
        letters, before = Counter(), None
        while True:
            more = {} if before is None else {"before": before}
            page = api.get("dead-letters", limit=200, **more)
            letters.update(item["reason"] for item in page["items"])
            before = page["next"]
            if before is None:
                break
        bad.close()
        well.close()
        api.close()
    assert {reason: letters[reason] for reason in HEADERLESS} == {
        reason: expected[reason] for reason in HEADERLESS
    }
    assert letters["hub-error"] == 0
