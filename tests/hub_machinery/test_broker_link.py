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
from hub.mqtt.session import Handlers, Session
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
    return make_certificate(tmp_path)


def make_certificate(folder, *, address="127.0.0.1", ends_in=dt.timedelta(days=1)):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "broker")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=2))
        .not_valid_after(now + ends_in)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


def tls_broker(folder):
    options = [f"certfile {folder}/cert.pem", f"keyfile {folder}/key.pem"]
    root = ["user root"]  # started by root it changes its user, who may not read this folder
    return Mosquitto(folder, listener=options, options=root)


@pytest.mark.parametrize(
    ("made", "trusted", "why"),
    [
        ({"ends_in": dt.timedelta(days=-1)}, True, "expired"),
        ({"address": "127.0.0.2"}, True, "mismatch"),
        ({}, False, "self-signed"),
    ],
    ids=["expired", "of another address", "of another authority"],
)
def test_a_broker_with_a_bad_certificate_is_never_spoken_to(tmp_path, made, trusted, why):
    make_certificate(tmp_path, **made)
    tls = ssl.create_default_context(cafile=str(tmp_path / "cert.pem") if trusted else None)
    with tls_broker(tmp_path) as broker:
        session = Session(
            LinkSettings("127.0.0.1", broker.port, "hub", tls=tls),
            Version.V5,
            topics=["t/+"],
            will=None,
            handlers=Handlers(lambda _: None, lambda: None),
        )
        with pytest.raises(ssl.SSLCertVerificationError, match=why):
            session.hold()
        assert not session.was_up


def test_everything_comes_through_tls_in_order(certificate):
    with tls_broker(certificate) as broker:
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
