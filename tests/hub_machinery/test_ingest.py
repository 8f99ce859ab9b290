"""Through a real broker: stored, then acknowledged; nothing stops the line."""

import asyncio
import queue
import sqlite3
import threading
import time

import paho.mqtt.client as paho
import pytest
from paho.mqtt.enums import CallbackAPIVersion
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from gatehouse.broker import embedded_broker
from hub.ingest import Ingest, Presence
from hub.ingest.waiting import LANE_MESSAGES, Arrived, Waiting
from hub.mqtt import Delivery, Link, LinkSettings
from hub.store.schema import agent as agent_table
from hub.store.schema import dead_letter, observation
from simulators.mosquitto import Mosquitto, find_mosquitto
from tests.hub_machinery.estate import BOOT, SITE, T0, Agent, gate
from wire import Ack, AgentStatus, Lane, topics

HUB_BOOT = "00000000000000bb"


def wait_until(met, timeout_s=15.0):
    deadline = time.monotonic() + timeout_s
    while not met():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)


class Broker:
    """Remembers what may be forgotten."""

    def __init__(self):
        self.acknowledged = []

    def acknowledge(self, numbers):
        self.acknowledged += numbers


class Station:
    """The hub's side on a broker, and a plain client in the agent's place."""

    def __init__(self, line, port):
        self.line = line
        self.heard = []
        self.presence = Presence([SITE], HUB_BOOT, lambda: T0)
        self.ingest = Ingest(
            line.pipeline,
            hub_boot=HUB_BOOT,
            publish=lambda topic, payload: self.link.publish(topic, payload, qos=0),
            heard=self.heard.append,
            now=lambda: T0,
        )
        self.link = Link(
            LinkSettings("127.0.0.1", port, "hub-test"),
            topics=[topics.ups_of(SITE), topics.statuses_of(SITE)],
            delivered=self.ingest.delivered,
            greeting=self.presence.greeting,
            goodbye=self.presence.goodbye,
            will=self.presence.will(),
        )
        self.acks = queue.Queue()
        self.hub_states = []
        self.client = paho.Client(CallbackAPIVersion.VERSION2, "agent-test")
        self.client.on_message = self._message
        self.listening = threading.Event()
        filters = [(topics.ack(SITE, "gates"), 1), (f"gatehouse/1/{SITE}/hub/#", 1)]
        self.client.on_connect = lambda client, *_: client.subscribe(filters)
        self.client.on_subscribe = lambda *_: self.listening.set()
        self.client.on_disconnect = lambda *_: self.listening.clear()
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert self.listening.wait(10)

    def __enter__(self):
        self.ingest.__enter__()
        self.link.__enter__()
        wait_until(lambda: self.link.connected)
        return self

    def __exit__(self, *_):
        self.link.__exit__()
        self.ingest.__exit__()
        self.client.disconnect()
        self.client.loop_stop()

    def _message(self, _client, _data, message):
        if message.topic.endswith("/ack"):
            self.acks.put(Ack.decode(message.payload))
        else:
            self.hub_states.append(message.payload)

    def publish(self, message, **options):
        topic, payload, _ = message
        self.client.publish(topic, payload, qos=1, **options).wait_for_publish(10)

    def ack_of(self, upto):
        while True:
            ack = self.acks.get(timeout=45)
            if ack.upto >= upto:
                return ack


pytestmark = pytest.mark.socket


@pytest.fixture
def broker(tmp_path):
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    with Mosquitto(tmp_path) as broker:
        yield broker


@pytest.fixture
def station(line, broker):
    with Station(line, broker.port) as station:
        yield station


def test_a_message_is_acknowledged_once_it_is_stored(line, station):
    station.publish(Agent().message(gate(T0, "granted"), now=T0))
    ack = station.ack_of(1)
    assert (ack.hub, ack.boot, ack.lane) == (HUB_BOOT, BOOT, Lane.EVENT)
    assert len(line.rows(observation)) == 1


def test_more_messages_than_the_broker_hands_over_at_once_all_pass(line, station):
    agent = Agent()
    for _ in range(300):
        topic, payload, _ = agent.message(gate(T0, "state"), now=T0)
        station.client.publish(topic, payload, qos=1)
    assert station.ack_of(300).ranges == ()
    assert line.counters()["stored"] == 300


def test_poison_is_set_aside_and_the_next_message_flows(line, station):
    agent = Agent()
    station.client.publish(topics.up(SITE, "gates", Lane.EVENT), b"\x00 no header", qos=1)
    station.publish(agent.message(body=b"[{]"))
    station.publish(agent.message(gate(T0, "granted")))
    assert station.ack_of(2).upto == 2
    assert [row["reason"] for row in line.rows(dead_letter)] == ["bad-header", "bad-body"]


def test_a_retained_envelope_is_not_taken_for_a_new_one(line, broker):
    client = paho.Client(CallbackAPIVersion.VERSION2)
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    agent = Agent()
    topic, payload, _ = agent.message(gate(T0, "granted"))
    client.publish(topic, payload, qos=1, retain=True).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()
    with Station(line, broker.port) as station:
        station.publish(agent.message(gate(T0, "granted"), seq=2))
        assert station.acks.get(timeout=45).ranges == ((2, 2),)
    assert [row["seq"] for row in line.rows(observation)] == [2]


def test_statuses_and_last_wills_reach_the_agents_row(line, station):
    def publish(**fields):
        status = AgentStatus(boot=BOOT, **fields)
        topic = topics.status(SITE, "gates")
        station.client.publish(topic, status.encode(), qos=1, retain=True).wait_for_publish(10)

    def state():
        return [row["state"] for row in line.rows(agent_table)]

    publish(state="online", nonce="ab" * 16, version="1.2")
    wait_until(lambda: state() == ["online"])
    publish(state="offline")
    wait_until(lambda: state() == ["offline"])
    assert [heard.status.nonce for heard in station.heard] == ["ab" * 16, None]
    assert line.rows(agent_table)[0]["version"] == "1.2"


def test_an_unreadable_status_is_set_aside(line, station):
    station.client.publish(topics.status(SITE, "gates"), b"{}", qos=1)
    wait_until(lambda: [r["reason"] for r in line.rows(dead_letter)] == ["bad-status"])


def test_a_full_disk_is_waited_out_without_an_answer_and_nothing_is_lost(line, station):
    refused = []

    def refuse(connection):
        refused.append(connection)
        raise OperationalError("COMMIT", {}, sqlite3.OperationalError("disk is full"))

    event.listen(line.store.writer, "commit", refuse)
    station.publish(Agent().message(gate(T0, "granted")))
    wait_until(lambda: len(refused) > 3)
    assert station.ingest.health().failing_since == T0
    assert station.acks.empty()
    event.remove(line.store.writer, "commit", refuse)
    station.ack_of(1)
    wait_until(lambda: station.ingest.health().failing_since is None)
    assert len(line.rows(observation)) == 1


def test_a_message_that_breaks_the_pipeline_is_set_aside_alone(line, station, monkeypatch):
    handling = line.pipeline._handling
    take_in = handling._open

    def failing(work, batch, opened):
        if opened.header.seq == 3 and opened.message.observations:
            raise ZeroDivisionError
        take_in(work, batch, opened)

    monkeypatch.setattr(handling, "_open", failing)
    agent = Agent()
    for _ in range(5):
        topic, payload, _ = agent.message(gate(T0, "state"), now=T0)
        station.client.publish(topic, payload, qos=1)
    assert station.ack_of(5).ranges == ()
    assert sorted(row["seq"] for row in line.rows(observation)) == [1, 2, 4, 5]
    assert [(row["reason"], row["seq"]) for row in line.rows(dead_letter)] == [("hub-error", 3)]


def test_a_killed_broker_is_found_again_and_told_who_the_hub_is(station, broker):
    broker.kill()
    wait_until(lambda: not (station.link.connected or station.listening.is_set()))
    broker.start()
    wait_until(lambda: station.link.connected and station.listening.is_set())
    station.publish(Agent().message(gate(T0, "granted")))
    station.ack_of(1)


async def test_a_broker_that_only_speaks_3_1_1_is_spoken_to_in_that(line, tmp_path):
    """amqtt, the broker of the demo, hangs up on MQTT 5."""
    async with embedded_broker(tmp_path) as access:
        port = int(access.url.rsplit(":", 1)[1])
        password = access.password_file.read_text()
        got = []
        settings = LinkSettings("127.0.0.1", port, "hub", access.username, password)
        link = Link(settings, topics=[topics.ups_of(SITE)], delivered=got.extend)
        await asyncio.to_thread(link.__enter__)
        try:
            await asyncio.to_thread(wait_until, lambda: link.connected)
            topic = topics.up(SITE, "gates", Lane.EVENT)
            await asyncio.to_thread(wait_until, lambda: link.publish(topic, b"hello") and got)
            assert (got[0].topic, got[0].payload) == (topic, b"hello")
            got[0].ack()
        finally:
            await asyncio.to_thread(link.__exit__)


def test_the_hub_says_that_it_comes_and_goes(line, broker):
    with Station(line, broker.port) as station:
        wait_until(lambda: station.hub_states)
        client, states = station.client, station.hub_states
        assert b'"online"' in states[-1]
        assert HUB_BOOT.encode() in states[-1]
        station.link.__exit__()
        wait_until(lambda: b'"offline"' in states[-1])
        assert client.is_connected()


def test_what_waits_is_bounded_and_taken_by_importance():
    waiting = Waiting()
    broker = Broker()
    telemetry, life = (
        Delivery(topics.up(SITE, "gates", lane), b"x", False, 7, broker)
        for lane in (Lane.TELEMETRY, Lane.LIFE)
    )
    shed = waiting.put([Arrived(telemetry, n) for n in range(LANE_MESSAGES + 5)])
    assert [one.received_at for one in shed] == list(range(LANE_MESSAGES, LANE_MESSAGES + 5))
    assert waiting.put([Arrived(life, -1)]) == []
    assert waiting.take()[0].received_at == -1
    assert broker.acknowledged == []
