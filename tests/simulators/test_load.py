import secrets
import threading

import paho.mqtt.client as paho
import pytest

from hub.config.site import load_site
from simulators.errors import ConfigError
from simulators.load import Load, agent_name, run, write_site
from wire import Ack, Envelope, SeqSet, Topic
from wire.observation import decode_observations

pytestmark = pytest.mark.socket


class Acker:
    """The hub's half of the durability contract, without its disk: reads all, acknowledges all."""

    def __init__(self, port, *, deaf_from=None):
        self.devices = set()
        self.received = 0
        self._boot = secrets.token_hex(8)
        self._deaf_from = deaf_from
        self._streams = {}
        self._subscribed = threading.Event()
        self._client = paho.Client(paho.CallbackAPIVersion.VERSION2)
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)

    def __enter__(self):
        self._client.loop_start()
        self._client.subscribe("gatehouse/1/load/+/up/+", qos=1)
        assert self._subscribed.wait(5)
        return self

    def __exit__(self, *error):
        self._client.disconnect()
        self._client.loop_stop()

    def _take(self, client, userdata, message):
        agent = Topic.parse(message.topic).agent
        envelope = Envelope.decode(message.payload)
        header = envelope.header
        observations = decode_observations(envelope.body)
        if self._deaf_from is not None and header.seq >= self._deaf_from:
            return
        self.received += len(observations)
        self.devices |= {(agent, one.device) for one in observations}
        seen = self._streams.setdefault(agent, SeqSet())
        assert seen.add(header.seq), "a load generator sends nothing twice"
        ack = Ack(hub=self._boot, boot=header.boot, lane=header.lane, upto=seen.upto)
        client.publish(f"gatehouse/1/load/{agent}/ack", ack.encode(), qos=1)


def test_every_message_is_a_real_envelope_and_every_ack_is_counted(mosquitto):
    with Acker(mosquitto.port) as hub:
        report = run(Load(agents=5, rate=200, seconds=1.0, broker=mosquitto.url))
    assert report["sent"] == report["acked"] == hub.received == 200
    assert hub.devices == {(agent_name(n), f"{agent_name(n)}-p") for n in range(1, 6)}
    assert 0 < report["rate"] < 300  # a busy machine sends them later, never sooner
    assert 0 < report["ack_latency_s"]["p50"] <= report["ack_latency_s"]["p99"] < 45
    assert report["cpu_s"] > 0


def test_messages_that_are_never_acknowledged_are_not_counted_as_such(mosquitto):
    with Acker(mosquitto.port, deaf_from=6):
        report = run(Load(agents=2, rate=50, seconds=1.0, broker=mosquitto.url, wait_s=0.5))
    assert (report["sent"], report["acked"]) == (50, 10)


def test_messages_carry_as_many_observations_as_asked_for(mosquitto):
    with Acker(mosquitto.port) as hub:
        load = Load(agents=2, rate=50, seconds=0.5, broker=mosquitto.url, batch=4)
        report = run(load)
    assert (report["sent"], report["acked"], hub.received) == (25, 25, 100)


def test_full_window_holds_the_load_up_until_its_time_is_over(mosquitto):
    with Acker(mosquitto.port, deaf_from=6):
        load = Load(agents=2, rate=500, seconds=1.0, broker=mosquitto.url, window=7, wait_s=0.5)
        report = run(load)
    assert (report["sent"], report["acked"]) == (17, 10)


def test_broker_alone_is_measured_by_its_own_acks(mosquitto):
    load = Load(agents=2, rate=200, seconds=0.5, broker=mosquitto.url, hub=False)
    report = run(load)
    assert report["sent"] == report["acked"] == 100
    assert 0 < report["ack_latency_s"]["p50"] <= report["ack_latency_s"]["p99"] < 45


@pytest.mark.parametrize(
    ("broker", "error"),
    [
        ("http://127.0.0.1", ConfigError),
        ("nonsense", ConfigError),
        ("mqtt://127.0.0.1:1", OSError),
    ],
)
def test_broker_that_cannot_be_used_is_told(broker, error):
    with pytest.raises(error):
        run(Load(agents=1, rate=10, seconds=0.1, broker=broker))


def test_rate_of_nothing_is_refused():
    with pytest.raises(ConfigError, match="above 0"):
        run(Load(agents=1, rate=0, seconds=1, broker="mqtt://127.0.0.1"))


def test_written_site_is_one_that_the_hub_reads(tmp_path):
    path = tmp_path / "load.toml"
    write_site(path, 3)
    site = load_site(path)
    assert [(agent.id, device.id) for agent, device in site.devices()] == [
        ("load-0001", "load-0001-p"),
        ("load-0002", "load-0002-p"),
        ("load-0003", "load-0003-p"),
    ]
