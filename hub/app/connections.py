"""How many connections are held and for how long: whoever says nothing gives way to who does.

Each connection is one of the files that the process may have open, and the store, the broker's
link and evidence need some as well. Whoever reaches the port could otherwise take all of them
without a login: by opening many, by sending a byte at a time, by reading no answer.
"""

import asyncio
import ipaddress
import resource
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

import h11
import structlog
from uvicorn.protocols.http.h11_impl import H11Protocol

from hub.residents.quota import network_of

log = structlog.get_logger(__name__)

MOST: Final = 4096
EACH: Final = 256
"""Connections of one address; a screen holds a handful."""

BACKLOG: Final = 256
"""Connections that are taken in one go, before any of them can be turned away."""

TELL_EVERY: Final = 1000
"""Refusals, of which the log tells one: a flood must not become one of lines."""

_AT_WORK: Final = frozenset({h11.IDLE, h11.SEND_RESPONSE, h11.SEND_BODY})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in real seconds, is waited for the other side.

    head: for the whole of a request's head, from the connection's or its first byte on. idle: for
    the next bytes of a body; body: for all of it. reading: for an answer to be read so far that the
    next part of it can be written.
    """

    head: float = 20.0
    idle: float = 30.0
    body: float = 300.0
    reading: float = 300.0


PATIENT: Final = Patience()


@dataclass(slots=True)
class Room:
    """For one listener. total: connections at a time; each: of one address, or one IPv6 network.

    near: addresses that stand for many (a proxy in front); so does this machine itself.
    """

    total: int
    each: int = EACH
    near: Collection[str] = ()
    refused: int = 0
    _held: Counter[str] = field(default_factory=Counter)

    @property
    def held(self) -> int:
        """Connections now."""
        return self._held.total()

    def enter(self, address: str) -> bool:
        """Whether there is room for one more."""
        place = network_of(address)
        full = self.held >= self.total
        if full or (self._held[place] >= self.each and not self._is_near(address)):
            self.refused += 1
            if self.refused % TELL_EVERY == 1:
                log.warning("http.connections_refused", refused=self.refused, full=full)
            return False
        self._held[place] += 1
        return True

    def leave(self, address: str) -> None:
        """One that had entered is gone."""
        place = network_of(address)
        self._held[place] -= 1
        if not self._held[place]:
            del self._held[place]

    def _is_near(self, address: str) -> bool:
        try:
            return address in self.near or ipaddress.ip_address(address).is_loopback
        except ValueError:
            return False


def room_here(near: Collection[str] = ()) -> Room:
    """As much as leaves a quarter of the process's files for everything else."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = MOST if soft == resource.RLIM_INFINITY else soft * 3 // 4 - BACKLOG
    return Room(max(16, min(MOST, files)), near=near)


def held_in(room: Room, patience: Patience = PATIENT) -> type[H11Protocol]:
    """The server's protocol, for connections that are let in and held like this."""

    class Held(_Held):
        _room = room
        _patience = patience

    return Held


class _Held(H11Protocol):
    _room: Room
    _patience: Patience
    _entered = False
    _waits_for: str | None = None
    _since = _heard = 0.0
    _look: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._entered = self._room.enter(self._address)
        if self._entered:
            self._wait()
        else:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for timer in (self._look, self._unread):
            if timer is not None:
                timer.cancel()
        if self._entered:
            self._entered = False
            self._room.leave(self._address)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._unread = self.loop.call_later(self._patience.reading, self._end)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _wait(self) -> None:
        """Note what the other side owes now, and look again when it should be here."""
        waits_for = self._owed()
        now = self.loop.time()
        if waits_for != self._waits_for:
            self._waits_for, self._since = waits_for, now
        self._heard = now
        if waits_for is not None and self._look is None:
            self._look = self.loop.call_at(self._deadline(), self._looked)

    def _owed(self) -> str | None:
        if self.transport.is_closing():
            return None
        theirs = self.conn.their_state
        if theirs is h11.IDLE:
            return "head"
        if theirs is h11.SEND_BODY:
            return "body" if self.conn.our_state in _AT_WORK else "rest"
        return None

    def _deadline(self) -> float:
        if self._waits_for != "body":  # the rest of one that was answered already is not read
            return self._since + self._patience.head
        return min(self._heard + self._patience.idle, self._since + self._patience.body)

    def _looked(self) -> None:
        self._look = None
        if self._waits_for is None:
            return
        if self._owed() == "body" and self.flow.read_paused:  # it is we who do not take it
            self._since = self._heard = self.loop.time()
        elif self._keeps_alive():  # uvicorn ends it, some seconds after its last answer
            return
        if self.loop.time() < self._deadline():
            self._look = self.loop.call_at(self._deadline(), self._looked)
        else:
            self._end()

    def _keeps_alive(self) -> bool:
        return self._waits_for == "head" and self.timeout_keep_alive_task is not None

    def _end(self) -> None:
        self.transport.abort()
