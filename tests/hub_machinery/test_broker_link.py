"""The hub's connection itself, against a real broker."""

import datetime as dt
import ipaddress
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hub.mqtt import Link, LinkSettings, acknowledge
from simulators.mosquitto import Mosquitto, find_mosquitto
from wire.mqtt import Version

pytestmark = [
    pytest.mark.socket,
    pytest.mark.skipif(find_mosquitto() is None, reason="mosquitto is not installed"),
]


class Mailbox:
    """What a link was handed, acknowledged at once."""

    def __init__(self):
        self.got = []
        self._came = threading.Condition()

    def take(self, deliveries):
        with self._came:
            self.got += deliveries
            acknowledge(deliveries)
            self._came.notify_all()

    def wait_for(self, count):
        with self._came:
            assert self._came.wait_for(lambda: len(self.got) >= count, timeout=60)
        return self.got


def wait_until(met):
    deadline = time.monotonic() + 60
    while not met():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.01)


@pytest.fixture
def certificate(tmp_path):
    """A key and a certificate for 127.0.0.1 that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "cert.pem").write_bytes(made.public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return tmp_path


def test_everything_comes_through_tls_in_order(certificate):
    options = [f"certfile {certificate}/cert.pem", f"keyfile {certificate}/key.pem"]
    root = ["user root"]  # started by root it changes its user, who may not read this folder
    with Mosquitto(certificate, listener=options, options=root) as broker:
        box = Mailbox()
        tls = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
        settings = LinkSettings("127.0.0.1", broker.port, "hub", tls=tls)
        with Link(settings, topics=["t/+"], delivered=box.take) as link:
            wait_until(lambda: link.connected)
            sent = [b"%d" % number + bytes(number * 1000) for number in range(300)]
            for payload in sent:
                assert link.publish("t/1", payload)
            assert [one.payload for one in box.wait_for(300)] == sent


@pytest.mark.parametrize("version", Version)
def test_more_than_the_broker_takes_at_once_waits_for_its_turn(tmp_path, version):
    with Mosquitto(tmp_path, options=["max_inflight_messages 2"]) as broker:
        box = Mailbox()
        settings = LinkSettings("127.0.0.1", broker.port, "hub", protocols=(version,))
        with Link(settings, topics=["t"], delivered=box.take) as link:
            wait_until(lambda: link.connected)
            for number in range(500):
                assert link.publish("t", b"%d" % number)
            assert [int(one.payload) for one in box.wait_for(500)] == list(range(500))


def test_link_comes_back_after_its_broker(tmp_path):
    with Mosquitto(tmp_path) as broker:
        box = Mailbox()
        settings = LinkSettings("127.0.0.1", broker.port, "hub")
        greeting = {"hello": b"here"}
        with Link(settings, topics=["t"], delivered=box.take, greeting=lambda: greeting) as link:
            wait_until(lambda: link.connected)
            broker.kill()
            wait_until(lambda: not link.connected)
            assert not link.publish("t", b"lost")
            broker.start()
            wait_until(lambda: link.connected)
            assert link.publish("t", b"kept")
            assert [one.payload for one in box.wait_for(1)] == [b"kept"]
