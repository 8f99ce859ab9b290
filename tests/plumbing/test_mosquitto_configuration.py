"""The shipped configuration of Mosquitto, on the real broker: only paths and ports are others."""

import datetime as dt
import ipaddress
import os
import shutil
import ssl
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as paho
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

from simulators.mosquitto import HOST, find_mosquitto
from simulators.processes import free_port
from wire import MAX_ENVELOPE_BYTES

pytestmark = pytest.mark.socket

SHIPPED = Path(__file__).parents[2] / "configs" / "mosquitto"
WITHIN_S = 30.0
PASSWORD = "of-this-test"


class Broker:
    """Mosquitto on the shipped files, copied to `folder`. port: loopback's; tls_port: outside's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.tls_port = folder, free_port(), free_port()
        self._configuration = folder / "mosquitto.conf"
        (folder / "conf.d").mkdir()
        paths = {
            "/var/lib/mosquitto/": f"{folder}/",
            "/etc/mosquitto/": f"{folder}/",
            "listener 1883 ": f"listener {self.port} ",
            "listener 8883\n": f"listener {self.tls_port} {HOST}\n",
        }
        for name in ("mosquitto.conf", "conf.d/outside.conf.example", "gatehouse.acl"):
            text = (SHIPPED / name).read_text("utf-8")
            for shipped, here in paths.items():
                text = text.replace(shipped, here)
            (folder / name.removesuffix(".example")).write_text(text, "utf-8")
        _certificate(folder / "certs")
        passwords = folder / "gatehouse.passwd"
        passwords.touch()
        for user in ("hub", "court/gates"):
            subprocess.run(["mosquitto_passwd", "-b", passwords, user, PASSWORD], check=True)
        if os.getuid() == 0:  # it would become the user mosquitto, who may not write here
            with self._configuration.open("a", encoding="utf-8") as out:
                out.write("\nuser root\n")

    def start(self) -> None:
        log = (self.folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(
                [find_mosquitto(), "-c", self._configuration], stdout=log, stderr=log
            )
        deadline = time.monotonic() + WITHIN_S
        while True:
            try:
                Client(self.port, "probe", user="hub").close()
            except OSError:
                assert self._process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(WITHIN_S)


class Client:
    def __init__(self, port: int, name: str, *, keep=False, user=None, ca=None, version=5) -> None:
        protocol = MQTTProtocolVersion.MQTTv5 if version == 5 else MQTTProtocolVersion.MQTTv311
        clean = {} if version == 5 else {"clean_session": not keep}
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, name, protocol=protocol, **clean
        )
        self.heard: list[bytes] = []
        self.reason, self.gone, self._answered = None, threading.Event(), threading.Event()
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._cut_off
        self._client.on_message = lambda _c, _d, message: self.heard.append(message.payload)
        if ca is not None:
            self._client.tls_set(ca_certs=str(ca), tls_version=ssl.PROTOCOL_TLS_CLIENT)
        if user is not None:
            self._client.username_pw_set(user, PASSWORD)
        self._client.connect(HOST, port)
        self._client.loop_start()
        assert self._answered.wait(WITHIN_S)

    def _connected(self, _client, _data, _flags, reason, _properties) -> None:
        self.reason = str(reason)
        self._answered.set()

    def _cut_off(self, client, *_) -> None:
        client.disconnect()  # and do not come back
        self.gone.set()

    def subscribe(self, topic: str) -> None:
        done = threading.Event()
        self._client.on_subscribe = lambda *_: done.set()
        assert self._client.subscribe(topic, 1)[0] == MQTTErrorCode.MQTT_ERR_SUCCESS
        assert done.wait(WITHIN_S)

    def publish(self, topic: str, payload: bytes) -> paho.MQTTMessageInfo:
        return self._client.publish(topic, payload, qos=1)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def broker(tmp_path):
    if find_mosquitto() is None or shutil.which("mosquitto_passwd") is None:
        pytest.skip("mosquitto is not installed")
    made = Broker(tmp_path)
    made.start()
    yield made
    made.stop()


def until(found) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not found():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def test_what_a_client_missed_is_kept_over_a_restart_however_much_it_is(broker):
    """The defaults keep 1,000 of these 3,000, and say nothing."""
    away = Client(broker.port, "away", keep=True, user="hub", version=3)
    away.subscribe("gatehouse/1/court/gates/ack")
    away.close()
    speaker = Client(broker.port, "speaker", user="hub")
    sent = [speaker.publish("gatehouse/1/court/gates/ack", b"%d" % n) for n in range(3000)]
    for one in sent:
        one.wait_for_publish(WITHIN_S)
    speaker.close()
    broker.stop()
    broker.start()
    back = Client(broker.port, "away", keep=True, user="hub", version=3)
    until(lambda: len(back.heard) >= 3000)
    assert back.heard == [b"%d" % n for n in range(3000)]
    back.close()


def test_the_largest_envelope_passes_and_what_is_larger_does_not(broker):
    listener, speaker = (
        Client(broker.port, "listener", user="hub"),
        Client(broker.port, "speaker", user="hub"),
    )
    listener.subscribe("gatehouse/1/court/gates/up/media")
    speaker.publish("gatehouse/1/court/gates/up/media", bytes(MAX_ENVELOPE_BYTES))
    until(lambda: [len(one) for one in listener.heard] == [MAX_ENVELOPE_BYTES])
    old = Client(broker.port, "old", user="hub", version=3)
    old.publish("gatehouse/1/court/gates/up/media", bytes(2 * MAX_ENVELOPE_BYTES))
    assert old.gone.wait(WITHIN_S)
    for one in (listener, speaker, old):
        one.close()
    assert len(listener.heard) == 1


def test_from_outside_nobody_comes_in_without_a_password_or_speaks_for_another(broker):
    ca = broker.folder / "certs" / "ca.crt"
    stranger = Client(broker.tls_port, "stranger", ca=ca)
    nobody = Client(broker.port, "nobody")
    assert stranger.reason == nobody.reason == "Not authorized"
    agent = Client(broker.tls_port, "agent", user="court/gates", ca=ca)
    hub = Client(broker.tls_port, "hub", user="hub", ca=ca)
    assert (agent.reason, hub.reason) == ("Success", "Success")
    hub.subscribe("gatehouse/1/+/+/up/+")
    agent.subscribe("gatehouse/1/court/gates/cmd")
    agent.subscribe("gatehouse/1/court/water/cmd")
    agent.subscribe("gatehouse/1/court/gates/up/event")
    agent.publish("gatehouse/1/court/gates/up/event", b"as itself")
    hub.publish("gatehouse/1/court/water/cmd", b"for another")
    hub.publish("gatehouse/1/court/gates/cmd", b"an order")
    until(lambda: hub.heard and agent.heard)
    agent.publish("gatehouse/1/court/water/up/event", b"as another")
    assert agent.gone.wait(WITHIN_S)  # it is cut off
    liar = Client(broker.tls_port, "agent", user="court/gates", ca=ca)
    liar.publish("gatehouse/1/court/gates/cmd", b"to itself")
    assert liar.gone.wait(WITHIN_S)
    hub.publish("gatehouse/1/court/gates/up/event", b"the end")
    until(lambda: b"the end" in hub.heard)
    assert (hub.heard, agent.heard) == ([b"as itself", b"the end"], [b"an order"])
    for one in (stranger, nobody, agent, liar, hub):
        one.close()


def _certificate(folder: Path) -> None:
    """One certificate of loopback that is its own authority."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test broker")])
    now = dt.datetime.now(dt.UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(host, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "ca.crt").write_bytes(pem)
    (folder / "server.crt").write_bytes(pem)
    (folder / "server.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
