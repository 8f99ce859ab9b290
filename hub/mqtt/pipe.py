"""The bytes to and from the broker: one thread reads, any thread writes, nobody waits for long."""

import selectors
import socket
import ssl
import threading
from typing import Final, Self

from hub.mqtt.settings import LinkSettings

CONNECT_S: Final = 5.0
READ_BYTES: Final = 256 * 1024
MOST_UNSENT: Final = 8 * 1024 * 1024
"""Bytes that a broker may leave unread before the hub says no to more."""


class Pipe:
    """A connection; a context manager that closes it. Raises OSError when nobody answers."""

    def __init__(self, settings: LinkSettings) -> None:
        plain = socket.create_connection((settings.host, settings.port), timeout=CONNECT_S)
        # an acknowledgement must not wait for the one before it (Nagle's algorithm)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if settings.tls is None:
            self._socket = plain
        else:
            self._socket = settings.tls.wrap_socket(plain, server_hostname=settings.host)
        self._socket.setblocking(False)
        self._lock = threading.Lock()  # OpenSSL's connections bear one thread at a time
        self._unsent = bytearray()
        self._bell, self._ear = socket.socketpair()
        for end in (self._bell, self._ear):
            end.setblocking(False)
        self._ready = selectors.DefaultSelector()
        self._ready.register(self._socket, selectors.EVENT_READ)
        self._ready.register(self._ear, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._ready.close()
            for one in (self._socket, self._bell, self._ear):
                one.close()

    def send(self, data: bytes) -> bool:
        """Send, or queue; False when too much is queued already. Raises OSError when it is gone."""
        with self._lock:
            if self._unsent:
                if len(self._unsent) + len(data) > MOST_UNSENT:
                    return False
                self._unsent += data
                return True
            sent = self._send(data)
            if sent == len(data):
                return True
            self._unsent += data[sent:]
        self.wake()
        return True

    def wake(self) -> None:
        """Let `receive` return, now or the next time."""
        try:
            self._bell.send(b"\0")
        except (BlockingIOError, OSError):  # it rings already, or nobody listens any more
            return

    def receive(self, within_s: float) -> bytes | None:
        """What came; empty when nothing did within that time, or `wake` was called.

        None when the other side has ended the connection. Raises OSError.
        """
        with self._lock:
            pending = isinstance(self._socket, ssl.SSLSocket) and self._socket.pending() > 0
            writing = bool(self._unsent)
        if not pending:
            self._listen(writing=writing)
            for key, _ in self._ready.select(within_s):
                if key.fileobj is self._ear:
                    self._ear.recv(READ_BYTES)
        with self._lock:
            if self._unsent:
                del self._unsent[: self._send(bytes(self._unsent[:READ_BYTES]))]
            try:
                return self._socket.recv(READ_BYTES) or None
            except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                return b""

    def _listen(self, *, writing: bool) -> None:
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if writing else 0)
        if self._ready.get_key(self._socket).events != events:
            self._ready.modify(self._socket, events)

    def _send(self, data: bytes) -> int:
        try:
            return self._socket.send(data)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return 0
