"""Whatever an agent, a device or a stranger says: it is set aside, counted or flagged, where people
can see it; the message right behind it is stored, and the line goes on.
"""

import pytest

from simulators.mosquitto import Mosquitto, find_mosquitto
from tests.faults.street import HOUR, Agent, Api, now, until
from tests.faults.town import SITE, a_hub, write_site
from wire import AgentStatus, Lane, topics
from wire.envelope import MAX_ENVELOPE_BYTES

pytestmark = [pytest.mark.socket, pytest.mark.slow]

AGENTS = [f"a{number}" for number in range(1, 41)]


@pytest.fixture(scope="module")
def broker(tmp_path_factory):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with Mosquitto(tmp_path_factory.mktemp("bad-days")) as broker:
        yield broker


@pytest.fixture(scope="module")
def hub(broker, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bad-days-hub")
    devices = {name: {f"{name}-gate": "gate", f"{name}-fw": "water-pressure"} for name in AGENTS}
    write_site(folder, devices)
    with a_hub(folder, broker) as hub:
        yield hub


@pytest.fixture(scope="module")
def api(hub):
    api = Api(hub)
    yield api
    api.close()


@pytest.fixture(scope="module")
def fresh():
    return iter(AGENTS)


@pytest.fixture
def agent(api, broker, fresh):
    """One of its own for each test, whose hub is seen to be on the line."""
    agent = Agent(api, broker.port, next(fresh))
    agent.neighbour_is_stored()
    yield agent
    agent.close()


@pytest.fixture(autouse=True)
def _the_hub_itself_has_no_fault(api):
    yield
    assert api.counters()["rule_errors"] == 0
    reasons = {item["reason"] for item in api.get("dead-letters", limit=200)["items"]}
    assert "hub-error" not in reasons


def one_signal(agent: Agent, value: bytes) -> bytes:
    return (
        b'[{"device":"%s","kind":"water-pressure","at":1,"seen":1,"signals":{"pressure":%s}}]'
        % (agent.sensor.encode(), value)
    )


UNREADABLE_HEADERS = {
    "no header line": (lambda good: b"\x00\x01 no newline here", "bad-header"),
    "empty": (lambda good: b"", "bad-header"),
    "header cut in the middle": (lambda good: good[:40] + b"\n[]", "bad-header"),
    "header that is a list": (lambda good: b"[" * 500 + b"\n[]", "bad-header"),
    "number beyond what JSON keeps": (
        lambda good: good.replace(b'"seq":', b'"seq":9' + b"9" * 30, 1),
        "bad-header",
    ),
    "version that is not known": (
        lambda good: good.replace(b'"v":1', b'"v":2', 1),
        "unknown-version",
    ),
    "floor above its own number": (
        lambda good: good.replace(b'"floor":1', b'"floor":999', 1),
        "bad-floor",
    ),
    "one byte too large": (
        lambda good: good + b" " * (MAX_ENVELOPE_BYTES + 1 - len(good)),
        "too-large",
    ),
}


@pytest.mark.parametrize("case", UNREADABLE_HEADERS)
def test_unreadable_header_is_set_aside(agent, case):
    spoil, reason = UNREADABLE_HEADERS[case]
    agent.publish(spoil(agent.envelope(agent.observation(), seq=99)))
    agent.neighbour_is_stored()
    assert agent.letters() == [(reason, None)]


UNREADABLE_BODIES = {
    "not JSON": lambda agent: b"[{]",
    "not UTF-8": lambda agent: b'["\xff\xfe"]',
    "not a list": lambda agent: b'{"device":"x"}',
    "not a number": lambda agent: one_signal(agent, b"NaN"),
    "infinity": lambda agent: one_signal(agent, b"-Infinity"),
    "number beyond every float": lambda agent: one_signal(agent, b"1e999"),
    "nested too deep": lambda agent: one_signal(agent, b"[" * 5000 + b"]" * 5000),
    "too many observations": lambda agent: b"[" + b",".join([b"{}"] * 1001) + b"]",
}


@pytest.mark.parametrize("case", UNREADABLE_BODIES)
def test_unreadable_body_is_set_aside_by_its_number_and_acknowledged(agent, case):
    seq = agent.skip()
    agent.publish(agent.envelope(seq=seq, body=UNREADABLE_BODIES[case](agent)))
    agent.neighbour_is_stored()
    assert agent.letters() == [("bad-body", seq)]
    until(lambda: agent.acks and agent.acks[-1].upto == seq + 1)


def test_value_that_its_kind_refuses_is_counted_and_the_rest_is_stored(agent):
    before = agent.api.counters()["rejected_signals"]
    odd = agent.observation("granted", signals={"direction": "sideways", "open": False})
    agent.say(odd)
    agent.neighbour_is_stored()
    assert agent.stored_once(odd)["signals"] == {"event": "granted", "open": False}
    assert agent.api.counters()["rejected_signals"] == before + 1


@pytest.mark.parametrize(
    ("device", "reason"),
    [
        ("nobody-knows-me", "unknown-device"),
        ("a40-gate", "unknown-device"),  # another agent's
        (None, "wrong-kind"),  # its own sensor, said to be a gate
    ],
)
def test_device_that_the_agent_may_not_speak_for_is_set_aside(agent, device, reason):
    before = agent.api.counters()["unknown_device"]
    foreign = agent.observation(device=device or agent.sensor)
    own = agent.observation()
    seq = agent.skip()
    agent.say(foreign, own, seq=seq)
    agent.neighbour_is_stored()
    assert agent.letters() == [(reason, seq)]
    assert agent.stored_once(own)["index"] == 1
    assert foreign.source_id not in {item["source_id"] for item in agent.stored()}
    counted = agent.api.counters()["unknown_device"] - before
    assert counted == (1 if reason == "unknown-device" else 0)


def test_agent_that_nobody_registered_is_set_aside(agent, api):
    before = api.counters()["unknown_agent"]
    topic = topics.up(SITE, "stranger", Lane.EVENT)
    agent.publish(agent.envelope(agent.observation(), seq=1), topic=topic)
    agent.neighbour_is_stored()
    assert api.counters()["unknown_agent"] == before + 1
    letter = api.get("dead-letters", limit=1)["items"][0]
    assert (letter["agent"], letter["reason"]) == ("stranger", "unknown-agent")


def test_envelope_on_another_lanes_topic_is_set_aside(agent):
    agent.publish(agent.envelope(agent.observation(), seq=1, lane=Lane.LIFE), lane=Lane.EVENT)
    agent.neighbour_is_stored()
    assert agent.letters() == [("wrong-lane", 1)]


def test_duplicates_are_counted_and_stored_once(agent):
    before = agent.api.counters()["duplicates"]
    record = agent.observation("granted")
    envelope = agent.envelope(record)
    for _ in range(3):
        agent.publish(envelope)
    agent.say(record)  # re-pushed by the device in an envelope of its own
    agent.neighbour_is_stored()
    assert agent.stored_once(record)
    assert agent.api.counters()["duplicates"] == before + 3
    assert agent.api.agent(agent.name)["lanes"]["event"]["duplicates"] == 3


def test_reordered_envelopes_are_stored_in_the_order_of_their_numbers(agent):
    seqs = [agent.skip() for _ in range(6)]
    records = {seq: agent.observation("granted", at=now() + seq) for seq in seqs}
    for seq in [seqs[place] for place in (4, 1, 5, 0, 3, 2)]:
        agent.say(records[seq], seq=seq)
    agent.neighbour_is_stored()
    stored = [item["source_id"] for item in agent.stored()]
    assert stored[1:-1] == [records[seq].source_id for seq in seqs]
    until(lambda: agent.acks[-1].upto == seqs[-1] + 1 and not agent.acks[-1].ranges)


def test_observation_a_day_late_is_marked_and_makes_no_sound(agent):
    before = agent.api.counters()["late"]
    yesterday = now() - 24 * HOUR
    opened = agent.observation("opened", at=yesterday, seen=now(), historical=True)
    closed = agent.observation("closed", at=yesterday + 900, seen=now(), historical=True)
    agent.say(opened, closed)
    agent.neighbour_is_stored()
    item = agent.stored_once(opened)
    assert (item["at"], item["late"]) == (yesterday, True)
    assert agent.api.counters()["late"] == before + 2
    alert = until(agent.alerts)[0]
    assert (alert["condition"], alert["late"], alert["at"]) == ("door-forced", True, yesterday)
    assert alert["state"] == "returned-unacknowledged"  # never one that sounds
    assert agent.device()["state"] == "ok"


@pytest.mark.parametrize("clock", [HOUR, -HOUR, None], ids=["ahead", "behind", "1970"])
def test_device_clock_that_is_off_is_flagged_and_its_events_count_as_now(agent, clock):
    began = now()
    at = 0 if clock is None else began + clock
    forced = agent.observation("opened", at=at, seen=began)
    agent.say(forced)
    # not `neighbour_is_stored`: that one's clock is right, which takes the flag away again
    item = until(lambda: [one for one in agent.stored() if one["source_id"] == forced.source_id])[0]
    assert (item["at"], item["late"]) == (began, False)
    device = agent.device()
    assert (device["state"], device["skew_ms"]) == ("fault", at - began)
    alert = until(agent.alerts)[0]
    assert (alert["condition"], alert["state"], alert["at"]) == (
        "door-forced",
        "unacknowledged",
        began,
    )
    agent.neighbour_is_stored()
    assert agent.device()["state"] == "ok"


@pytest.mark.parametrize("off", [HOUR, -HOUR], ids=["ahead", "behind"])
def test_agent_clock_that_is_off_is_measured_and_taken_out(api, broker, fresh, off):
    agent = Agent(api, broker.port, next(fresh))
    began = now()
    forced = agent.observation("opened", at=began + off)
    agent.say(forced, sent_at=began + off)
    item = until(lambda: [one for one in agent.stored() if one["source_id"] == forced.source_id])[0]
    assert item["at"] == pytest.approx(began, abs=5000)
    assert item["late"] is False
    assert api.agent(agent.name)["clock_offset_ms"] == pytest.approx(-off, abs=5000)
    alert = until(agent.alerts)[0]
    assert (alert["condition"], alert["late"]) == ("door-forced", False)
    agent.close()


def test_dropped_numbers_are_declared_and_counted(agent):
    before = agent.api.counters()["declared_dropped"]
    for _ in range(4):
        seq = agent.skip()
    agent.say(agent.observation(), floor=seq + 1)
    agent.neighbour_is_stored()
    assert agent.api.counters()["declared_dropped"] == before + 4
    assert agent.api.agent(agent.name)["lanes"]["event"]["declared_dropped"] == 4


@pytest.mark.parametrize(
    "garbage", [b"\xff\x00", b"{}", b'{"v":9,"state":"online"}', b"[" * 5000], ids=repr
)
def test_garbage_on_the_status_topic_is_set_aside(agent, garbage):
    place = topics.status(SITE, agent.name)
    agent.publish(garbage, topic=place)
    status = AgentStatus(state="online", boot=agent.boot, at=now(), version="7.7")
    agent.publish(status.encode(), topic=place)
    agent.neighbour_is_stored()
    until(lambda: agent.api.agent(agent.name)["version"] == "7.7")
    assert agent.letters() == [("bad-status", None)]


def test_retained_envelope_is_set_aside_and_its_agent_sends_it_again(agent, hub):
    assert hub.stop() == 0
    record = agent.observation("granted")
    envelope = agent.envelope(record)
    agent.publish(envelope, retain=True)
    hub.start()
    hub.wait_ready()
    until(lambda: [reason for reason, _ in agent.letters()] == ["retained"])
    assert record.source_id not in {item["source_id"] for item in agent.stored()}
    agent.publish(envelope)
    agent.neighbour_is_stored()
    assert agent.stored_once(record)
