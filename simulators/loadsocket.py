"""The load generator's connection: whole packets in and out, one thread, no waiting to send."""

import secrets
import selectors
import socket
from typing import Final, Self
from urllib.parse import unquote, urlsplit

from simulators.errors import ConfigError, SimulatorError
from wire import mqtt
from wire.mqtt import Answer, Publish, Version

_READ_BYTES: Final = 256 * 1024
_CHOKED_BYTES: Final = 1024 * 1024
_KEEPALIVE_S: Final = 60
_CONNECT_S: Final = 10.0


class LoadSocket:
    """broker: `mqtt://[user:password@]host[:port]`. Raises ConfigError for another address.

    A context manager; entering it connects, or raises OSError. The receive maximum is the largest,
    so that the broker holds back no acknowledgement.
    """

    version: Final = Version.V311

    def __init__(self, broker: str) -> None:
        address = urlsplit(broker)
        if address.scheme != "mqtt" or not address.hostname:
            raise ConfigError(f"broker: {address.scheme}://{address.hostname}: mqtt://host[:port]")
        self._address = (address.hostname, address.port or 1883)
        self._hello = mqtt.Connect(
            f"load-{secrets.token_hex(6)}",
            _KEEPALIVE_S,
            unquote(address.username) if address.username else None,
            unquote(address.password or "") if address.username else None,
        ).encode(self.version)
        self._reader = mqtt.Reader(self.version)
        self._unsent = bytearray()
        self._events = selectors.EVENT_READ

    def __enter__(self) -> Self:
        self._socket = socket.create_connection(self._address, timeout=_CONNECT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._socket, self._events)
        self.send(self._hello)
        return self

    def __exit__(self, *_: object) -> None:
        self._ready.close()
        self._socket.close()

    @property
    def choked(self) -> bool:
        """The broker reads more slowly than it is sent to."""
        return len(self._unsent) > _CHOKED_BYTES

    def send(self, data: bytes) -> None:
        """Send what goes now, keep the rest. Raises OSError."""
        self._unsent += data
        try:
            del self._unsent[: self._socket.send(self._unsent)]
        except BlockingIOError:
            return

    def receive(self, within_s: float) -> list[Publish | Answer]:
        """What came, as soon as something did. Raises OSError, SimulatorError (broker gone)."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        if events != self._events:
            self._ready.modify(self._socket, events)
            self._events = events
        for _, ready in self._ready.select(within_s):
            if ready & selectors.EVENT_WRITE:
                self.send(b"")
            if ready & selectors.EVENT_READ:
                data = self._socket.recv(_READ_BYTES)
                if not data:
                    raise SimulatorError("broker: hung up")
                return self._reader.feed(data)
        return []
