"""One connection to the broker, from its CONNECT to its end."""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import paho.mqtt.client as paho
import structlog
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from hub.mqtt.delivery import Delivery
from hub.mqtt.settings import LinkSettings, Will

log = structlog.get_logger(__name__)

RECEIVE_MAXIMUM: Final = 2_000
"""Messages that the broker may hand over before the first is acknowledged (MQTT 5, 3.1.2.11.3).
This bounds what waits in the hub's memory; without it Mosquitto stops at 20."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """Called in the connection's own thread."""

    delivered: Callable[[Delivery], None]
    connected: Callable[[], None]


class Session:
    """One use only.

    answered: set when the broker has answered, or will not. over: set when the connection has
    ended or never came about.
    """

    def __init__(
        self,
        settings: LinkSettings,
        protocol: MQTTProtocolVersion,
        *,
        topics: Sequence[str],
        will: Will | None,
        handlers: Handlers,
    ) -> None:
        self.over = threading.Event()
        self.answered = threading.Event()
        self.up = False
        self.was_up = False
        self.refusal: str | None = None
        self._topics = topics
        self._handlers = handlers
        self._client = _client(settings, protocol, will)
        self._client.on_connect = self._connected
        self._client.on_connect_fail = self._failed
        self._client.on_disconnect = self._disconnected
        self._client.on_message = self._delivered
        self._settings = settings
        self._properties = _properties(protocol)

    def connect(self) -> None:
        """Begin; `over` tells when it came to nothing. Raises OSError when nobody answers."""
        at = self._settings
        self._client.connect(at.host, at.port, at.keepalive_s, properties=self._properties)
        self._client.loop_start()

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> bool:
        """Hand a message to the connection; False when there is none."""
        if not self.up:
            return False
        return (
            self._client.publish(topic, payload, qos, retain).rc == MQTTErrorCode.MQTT_ERR_SUCCESS
        )

    def flush(self, timeout_s: float, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish retained messages and wait until the broker has them, or for `timeout_s`."""
        if not self.up:
            return
        for topic, payload in messages:
            sent = self._client.publish(topic, payload, qos=1, retain=True)
            try:
                sent.wait_for_publish(timeout_s)
            except (RuntimeError, ValueError):  # the connection went first: its will speaks instead
                return

    def close(self) -> None:
        """End the connection and its thread."""
        self._client.disconnect()
        self._client.loop_stop()
        self._end()

    def _connected(
        self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        if reason.is_failure:
            self.refusal = str(reason)
            self._end()
            return
        self._client.subscribe([(topic, 1) for topic in self._topics])
        self.up = self.was_up = True
        self.answered.set()
        self._handlers.connected()

    def _end(self) -> None:
        self.over.set()
        self.answered.set()

    def _failed(self, _client: Any, _data: Any) -> None:
        self._end()

    def _disconnected(
        self, _client: Any, _data: Any, _flags: Any, reason: ReasonCode, _properties: Any
    ) -> None:
        self.up = False
        if self.refusal is None and reason.is_failure:
            self.refusal = str(reason)
        self._end()

    def _delivered(self, _client: Any, _data: Any, message: paho.MQTTMessage) -> None:
        def ack(mid: int = message.mid, qos: int = message.qos) -> None:
            if qos and self.up:
                self._client.ack(mid, qos)

        self._handlers.delivered(
            Delivery(message.topic, bytes(message.payload), retained=message.retain, ack=ack)
        )


def _properties(protocol: MQTTProtocolVersion) -> Properties | None:
    if protocol is not MQTTProtocolVersion.MQTTv5:
        return None
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call] # paho's
    properties.ReceiveMaximum = RECEIVE_MAXIMUM
    return properties


def _client(
    settings: LinkSettings, protocol: MQTTProtocolVersion, will: Will | None
) -> paho.Client:
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        settings.client_id,
        protocol=protocol,
        manual_ack=True,
        reconnect_on_failure=False,
    )
    if settings.username is not None:
        client.username_pw_set(settings.username, settings.password)
    if settings.tls is not None:
        client.tls_set_context(settings.tls)
    if will is not None:
        client.will_set(will.topic, will.payload, qos=1, retain=True)
    client.max_queued_messages_set(RECEIVE_MAXIMUM)
    return client
