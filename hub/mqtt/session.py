"""One connection to the broker, from its CONNECT to its end."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.mqtt.delivery import Delivery
from hub.mqtt.pipe import Pipe
from hub.mqtt.settings import LinkSettings, Will
from wire import mqtt
from wire.mqtt import Answer, PacketType, Publish, Version

RECEIVE_MAXIMUM: Final = 2_000
"""Messages that the broker may hand over before the first is acknowledged (MQTT 5, 3.1.2.11.3).
This bounds what waits in the hub's memory; without it Mosquitto stops at 20."""

ANSWER_S: Final = 3.0
"""A broker that has not answered CONNECT by then does not know the protocol version: amqtt neither
answers MQTT 5 nor hangs up."""

SEND_MAXIMUM: Final = 65_535
"""Messages that a server takes unacknowledged where it names no figure (MQTT 5, 3.2.2.3.3)."""

MOST_WAITING: Final = 5_000
"""Messages of the hub's own that wait for the server's acknowledgements."""

_NUMBERS: Final = 65_535


@dataclass(frozen=True, slots=True)
class Handlers:
    """Called in the connection's own thread."""

    delivered: Callable[[Sequence[Delivery]], None]
    connected: Callable[[], None]


class Session:
    """One use only: `hold` runs it; all else may be called from any thread."""

    def __init__(
        self,
        settings: LinkSettings,
        version: Version,
        *,
        topics: Sequence[str],
        will: Will | None,
        handlers: Handlers,
    ) -> None:
        self.up = False
        self.was_up = False
        self.refusal: str | None = None
        self._settings = settings
        self._version = version
        self._topics = topics
        self._will = will
        self._handlers = handlers
        self._pipe: Pipe | None = None
        self._closing = False
        self._over = False
        self._lock = threading.Condition()
        self._sent: set[int] = set()
        self._waiting: deque[tuple[str, bytes, bool]] = deque()
        self._number = 0
        self._room = SEND_MAXIMUM
        self._keepalive_s = float(settings.keepalive_s)

    def hold(self) -> None:
        """Connect, and take what comes until the end. Raises OSError when nobody answers."""
        with Pipe(self._settings) as self._pipe:
            try:
                self._pipe.send(self._hello())
                self._run(self._pipe)
            except (OSError, mqtt.PacketError) as error:
                self.refusal = self.refusal or type(error).__name__
            finally:
                with self._lock:
                    self.up = False
                    self._lock.notify_all()

    def publish(self, topic: str, payload: bytes, *, qos: int, retain: bool) -> bool:
        """Hand a message to the connection; False when there is none, or it is choked."""
        pipe = self._pipe
        if not self.up or pipe is None:
            return False
        if not qos:
            return self._send(pipe, mqtt.publish(topic, payload, self._version, 0, retain=retain))
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                return False
            self._waiting.append((topic, payload, retain))
            self._send_waiting(pipe)
        return self.up

    def flush(self, timeout_s: float, messages: Iterable[tuple[str, bytes]]) -> None:
        """Publish retained messages and wait until the broker has them, or for `timeout_s`."""
        for topic, payload in messages:
            self.publish(topic, payload, qos=1, retain=True)
        with self._lock:
            self._lock.wait_for(
                lambda: not (self.up and (self._sent or self._waiting)), timeout=timeout_s
            )

    def acknowledge(self, numbers: list[int]) -> None:
        """See `hub.mqtt.delivery.Broker`."""
        pipe = self._pipe
        if self.up and pipe is not None and not self._send(pipe, mqtt.acknowledge(numbers)):
            self._over = True  # a broker that reads nothing any more

    def close(self) -> None:
        """End the connection; `hold` returns soon."""
        self._closing = True
        pipe = self._pipe
        if pipe is not None:
            pipe.wake()

    def _hello(self) -> bytes:
        at, will = self._settings, self._will
        return mqtt.Connect(
            at.client_id,
            at.keepalive_s,
            at.username,
            at.password,
            None if will is None else (will.topic, will.payload),
            RECEIVE_MAXIMUM,
        ).encode(self._version)

    def _run(self, pipe: Pipe) -> None:
        reader = mqtt.Reader(self._version)
        begun = heard = pinged = time.monotonic()
        while not self._over:
            if self._closing:
                pipe.send(mqtt.DISCONNECT)
                return
            data = pipe.receive(self._patience_s())
            now = time.monotonic()
            if data is None:
                return
            if data:
                heard = now
                self._take(reader.feed(data))
            if not self.was_up:
                if now - begun > ANSWER_S:
                    return
            elif now - heard > 1.5 * self._keepalive_s:
                self.refusal = "the broker is silent"
                return
            elif now - pinged >= self._keepalive_s / 2:
                pinged = now
                pipe.send(mqtt.PING)

    def _patience_s(self) -> float:
        return min(ANSWER_S / 4, self._keepalive_s / 4)

    def _take(self, packets: list[Publish | Answer]) -> None:
        deliveries: list[Delivery] = []
        for packet in packets:
            if isinstance(packet, Publish):
                topic, payload, number, retained = packet
                deliveries.append(Delivery(topic, payload, retained, number, self))
            else:
                self._answered(packet)
        if deliveries:
            self._handlers.delivered(deliveries)

    def _answered(self, packet: Answer) -> None:
        failed = next((code for code in packet.codes if code >= mqtt.FAILED), None)
        match packet.type:
            case PacketType.CONNACK:
                self._accepted(packet)
            case PacketType.SUBACK if failed is not None:
                self._refuse("subscription", failed)
            case PacketType.SUBACK:
                # Only now does it hear anything: what is published before this is lost to it.
                self.up = self.was_up = True
                self._handlers.connected()
            case PacketType.PUBACK:
                self._settle(packet.number)
            case PacketType.DISCONNECT:
                self._refuse("disconnect", packet.codes[0] if packet.codes else 0)

    def _accepted(self, packet: Answer) -> None:
        if packet.codes[0]:  # in MQTT 3.1.1 every code but 0 is a refusal
            self._refuse("connect", packet.codes[0])
            return
        self._room = packet.receive_maximum or SEND_MAXIMUM
        if packet.keepalive_s:
            self._keepalive_s = float(packet.keepalive_s)
        if self._pipe is not None:
            self._pipe.send(mqtt.subscribe(self._next_number(), self._topics, self._version))

    def _refuse(self, what: str, code: int) -> None:
        self.refusal = f"{what}: reason code {code:#04x}"
        self._over = True

    def _settle(self, number: int) -> None:
        with self._lock:
            self._sent.discard(number)
            if self._pipe is not None:
                self._send_waiting(self._pipe)
            self._lock.notify_all()

    def _send_waiting(self, pipe: Pipe) -> None:
        """Within what the server takes unacknowledged."""
        packets: list[bytes] = []
        while self._waiting and len(self._sent) < self._room:
            topic, payload, retain = self._waiting.popleft()
            number = self._next_number()
            self._sent.add(number)
            packets.append(mqtt.publish(topic, payload, self._version, number, retain=retain))
        if packets and not self._send(pipe, b"".join(packets)):
            self._over = True  # a broker that reads nothing any more

    def _next_number(self) -> int:
        self._number = self._number % _NUMBERS + 1
        while self._number in self._sent:
            self._number = self._number % _NUMBERS + 1
        return self._number

    def _send(self, pipe: Pipe, data: bytes) -> bool:
        try:
            return pipe.send(data)
        except OSError:  # the reading side tells of it
            return False
