import socket
import threading

import paho.mqtt.client as paho
import pytest

from simulators.errors import SimulatorError
from simulators.mosquitto import HOST, Mosquitto

pytestmark = pytest.mark.socket


def retained(port: int, topic: str) -> bytes | None:
    """The retained message of `topic`, None when there is none."""
    found: list[bytes] = []
    subscribed, answered = threading.Event(), threading.Event()
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.on_subscribe = lambda *_: subscribed.set()
    client.on_message = lambda _c, _u, message: (found.append(message.payload), answered.set())
    client.connect(HOST, port)
    client.loop_start()
    client.subscribe([(topic, 1), (f"{topic}/end", 1)])
    assert subscribed.wait(5)
    client.publish(f"{topic}/end", b"end", qos=1)  # comes after what was retained
    assert answered.wait(5)
    client.disconnect()
    client.loop_stop()
    return next((payload for payload in found if payload != b"end"), None)


def retain(port: int, topic: str, payload: bytes) -> None:
    client = paho.Client(paho.CallbackAPIVersion.VERSION2)
    client.connect(HOST, port)
    client.loop_start()
    client.publish(topic, payload, qos=1, retain=True).wait_for_publish(5)
    client.disconnect()
    client.loop_stop()


def test_killed_broker_forgets_what_it_acknowledged(mosquitto):
    retain(mosquitto.port, "broker-test/kept", b"x")
    assert retained(mosquitto.port, "broker-test/kept") == b"x"

    port = mosquitto.port
    mosquitto.kill()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port), timeout=1)

    mosquitto.restart()
    assert mosquitto.port == port
    assert retained(port, "broker-test/kept") is None


def test_second_start_of_a_running_broker_is_refused(mosquitto):
    with pytest.raises(SimulatorError, match="runs already"):
        mosquitto.start()
    assert mosquitto.running


def test_unknown_option_is_reported_with_the_brokers_own_words(mosquitto, tmp_path):
    with pytest.raises(SimulatorError, match="no_such_option"):
        Mosquitto(tmp_path, options=["no_such_option 1"]).start()
