"""Posts to an address that a person set: pinned, without redirects, proxies or endless answers."""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from hub.outbound.addresses import Address
from hub.outbound.guard import Guard, Pinned
from hub.outbound.urls import Use

TIMEOUT_S: Final = 10.0
"""For each thing that is waited for."""

WITHIN_S: Final = 30.0
"""For all of it, from the connection on: an answer that comes a byte at a time would hold the
thread, and whoever else waits for it, for hours."""

ANSWER_BYTES: Final = 16_384


@dataclass(frozen=True, slots=True)
class Answer:
    """status: a redirect (3xx) is an answer like another, and is not followed. body: its start."""

    status: int
    body: bytes


def post(
    guard: Guard,
    url: str,
    body: bytes,
    *,
    use: Use,
    headers: Mapping[str, str] | None = None,
    timeout_s: float = TIMEOUT_S,
    within_s: float = WITHIN_S,
) -> Answer:
    """Post once, in the thread of its own that blocking wants.

    The name in the URL stays in `Host` and in the TLS handshake, the certificate is checked
    against it, and the connection goes to the address that the guard judged.
    Raises AddressRefusedError; OSError and http.client.HTTPException when it did not get there.
    """
    pinned = guard.pin(url, use)
    last: OSError | None = None
    for address in pinned.addresses:
        connection = _connection(pinned, address, timeout_s)
        late = threading.Timer(within_s, _cut, [connection])
        late.daemon = True
        late.start()
        try:
            connection.connect()
        except OSError as error:
            late.cancel()
            connection.close()
            last = error
            continue
        try:
            connection.request("POST", pinned.target.path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(ANSWER_BYTES))
        finally:
            late.cancel()
            connection.close()
    raise last or OSError("no address")


def _cut(connection: http.client.HTTPConnection) -> None:
    """Whoever reads from it or writes to it is told that it is over."""
    sock: socket.socket | None = connection.sock
    if sock is not None:
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


def _connection(pinned: Pinned, address: Address, timeout_s: float) -> http.client.HTTPConnection:
    target = pinned.target
    if target.tls:
        return _Tls(target.host, target.port, str(address), timeout_s)
    return _Plain(target.host, target.port, str(address), timeout_s)


class _Plain(http.client.HTTPConnection):
    def __init__(self, host: str, port: int, address: str, timeout_s: float) -> None:
        super().__init__(host, port, timeout=timeout_s)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _Tls(http.client.HTTPSConnection):
    def __init__(self, host: str, port: int, address: str, timeout_s: float) -> None:
        self._trusted = ssl.create_default_context()
        super().__init__(host, port, timeout=timeout_s, context=self._trusted)
        self._address = address

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self.timeout)
        sock = self._trusted.wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = sock
        sock.do_handshake()
