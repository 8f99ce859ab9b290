"""Identities for tests: an authority, enrolled agents, and a Mosquitto that wants certificates."""

import os
import signal
import ssl
import subprocess
import threading
import time
from pathlib import Path

import paho.mqtt.client as paho
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from paho.mqtt.enums import MQTTProtocolVersion

from edge.identity.files import save_identity, signing_request
from hub.pki import Authority, BrokerFiles, Enrolment, write_broker
from hub.pki.broker import write_lists
from simulators.mosquitto import HOST, find_mosquitto
from simulators.processes import free_port
from wire.enrolment import (
    EnrolmentRequest,
    RenewalRequest,
    claim_key,
    common_name,
    plain_code,
    renewal_bytes,
    request_proof,
)

SHIPPED = Path(__file__).parents[2] / "configs" / "mosquitto"
SITE = "court"
AGENTS = frozenset({"gates", "water", "lifts"})
WITHIN_S = 45.0


class Hand:
    """A clock that passes only when told to; ms."""

    def __init__(self, now: int) -> None:
        self.ms = now

    def now(self) -> int:
        return self.ms


def real() -> int:
    return time.time_ns() // 1_000_000


def an_enrolment(folder: Path, now=real) -> Enrolment:
    Authority.make(folder, now())
    return Enrolment(folder, {SITE: AGENTS}, now)


def asking(code: str, *, site=SITE, agent="gates", serial="SN-1", key=None) -> EnrolmentRequest:
    """What an agent asks with."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    csr = signing_request(key, common_name(site, agent))
    secret = claim_key(plain_code(code))
    proof = request_proof(secret, site=site, agent=agent, serial=serial, csr=csr)
    return EnrolmentRequest(site=site, agent=agent, serial=serial, csr=csr, proof=proof)


def renewing(certificate: str, key, *, signer=None) -> RenewalRequest:
    csr = signing_request(ec.generate_private_key(ec.SECP256R1()), "anything")
    signed = (signer or key).sign(renewal_bytes(certificate, csr), ec.ECDSA(hashes.SHA256()))
    return RenewalRequest(certificate=certificate, csr=csr, signature=signed.hex())


def enrolled(enrolment: Enrolment, data: Path, agent: str, hub: str = "http://127.0.0.1:1"):
    """An agent's identity in its data folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    code = enrolment.claim(SITE, agent, "SN-1")
    answer = enrolment.enrol(asking(code, agent=agent, key=key))
    data.mkdir(parents=True, exist_ok=True)
    return save_identity(
        data, key=key, certificate=answer.certificate, authority=answer.authority, hub=hub
    )


class Broker:
    """Mosquitto as `gatehouse pki broker` sets it up; only its folder and ports are others."""

    def __init__(self, folder: Path, secrets: Path) -> None:
        self.folder, self._secrets = folder, secrets
        self.port, self.hub_port = free_port(), free_port()
        files = BrokerFiles(folder, [HOST, "localhost"], self.port, self.hub_port, HOST, HOST)
        self.hub_key, self.hub_certificate = write_broker(
            files, folder, secrets, shipped=SHIPPED, now=real()
        )
        configuration = folder / "mosquitto.conf"
        text = configuration.read_text().replace("/var/lib/mosquitto/", f"{folder}/")
        if os.getuid() == 0:  # it would become the user mosquitto, who may not write here
            text += "\nuser root\n"
        configuration.write_text(text)

    def __enter__(self):
        self._log = (self.folder / "log").open("ab")
        self._process = subprocess.Popen(
            [find_mosquitto(), "-c", self.folder / "mosquitto.conf"],
            stdout=self._log,
            stderr=self._log,
        )
        return self

    def __exit__(self, *_):
        self._process.terminate()
        self._process.wait(WITHIN_S)
        self._log.close()

    def reload(self) -> None:
        write_lists(self.folder, self._secrets, now=real())
        self._process.send_signal(signal.SIGHUP)


class Client:
    """A client that shows what it is given, and does not come back by itself."""

    def __init__(self, port: int, name: str, *, ca: Path, cert=None, key=None, user=None) -> None:
        self._client = paho.Client(
            paho.CallbackAPIVersion.VERSION2, name, protocol=MQTTProtocolVersion.MQTTv311
        )
        self.heard: list[tuple[str, bytes]] = []
        self.reason, self.gone, self._answered = None, threading.Event(), threading.Event()
        self._client.on_connect = self._connected
        self._client.on_disconnect = self._cut_off
        self._client.on_message = lambda _c, _d, one: self.heard.append((one.topic, one.payload))
        context = ssl.create_default_context(cafile=ca)
        if cert is not None:
            context.load_cert_chain(cert, key)
        self._client.tls_set_context(context)
        if user is not None:
            self._client.username_pw_set(user, "x")
        deadline = time.monotonic() + WITHIN_S
        while True:
            try:
                self._client.connect(HOST, port)
                break
            except ConnectionRefusedError:  # it is still starting
                assert time.monotonic() < deadline
                time.sleep(0.05)
        self._client.loop_start()

    @property
    def welcome(self) -> bool:
        """Whether it was let in."""
        until(lambda: self._answered.is_set() or self.gone.is_set())
        return self._answered.is_set() and self.reason == "Success"

    def _connected(self, _client, _data, _flags, reason, _properties) -> None:
        self.reason = str(reason)
        self._answered.set()

    def _cut_off(self, client, *_) -> None:
        client.disconnect()
        self.gone.set()

    def subscribe(self, topic: str) -> None:
        done = threading.Event()
        self._client.on_subscribe = lambda *_: done.set()
        self._client.subscribe(topic, 1)
        assert done.wait(WITHIN_S)

    def publish(self, topic: str, payload: bytes) -> None:
        self._client.publish(topic, payload, qos=1)

    def talk_until_gone(self, topic: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not self.gone.wait(0.1):
            assert time.monotonic() < deadline, "not cut off in time"
            self.publish(topic, b"still here")

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def until(found) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not found():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)
