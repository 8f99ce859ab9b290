"""The guard for libraries that connect by themselves: each connection of a context is judged.

Apprise speaks to more than a hundred services through clients of its own. What it resolves and
where a service redirects it is not to be seen from outside, so the judgement stands where nothing
passes by: at `connect`, on the address itself.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from hub.outbound.addresses import read_address
from hub.outbound.guard import Guard
from hub.outbound.urls import AddressRefusedError

_METHODS: Final = ("connect", "connect_ex", "sendto")
_guard: ContextVar[Guard | None] = ContextVar("outbound-guard", default=None)


class FencedError(ConnectionRefusedError):
    """Raised out of a library's own `connect`: to it, the service is not there."""


@contextmanager
def fenced(guard: Guard) -> Iterator[None]:
    """While the context lasts, what runs in it connects only where the guard lets it.

    So do threads that were handed the context (`contextvars`), even when they outlive it. All
    else in the process connects as before. A thread that a library starts without it is outside.
    """
    _install()
    token = _guard.set(guard)
    try:
        yield
    finally:
        _guard.reset(token)


def _install() -> None:
    """Once: a worker that outlives its context must still find the fence."""
    for name in _METHODS:
        method = getattr(socket.socket, name)
        if not getattr(method, "fenced", False):
            setattr(socket.socket, name, _judging(method))


def _judging(method: Any) -> Any:
    def judged(self: socket.socket, *given: Any) -> Any:
        guard = _guard.get()
        if guard is not None:
            _judge(guard, self, given[-1])  # the address is the last, of `sendto` too
        return method(self, *given)

    judged.fenced = True  # type: ignore[attr-defined]
    return judged


def _judge(guard: Guard, one: socket.socket, address: Any) -> None:
    if one.family not in {socket.AF_INET, socket.AF_INET6}:
        raise FencedError("not a connection over the network")
    found = read_address(str(address[0]))
    if found is None:
        raise FencedError("a name where an address belongs")
    try:
        guard.judge(found, int(address[1]))
    except AddressRefusedError as error:
        raise FencedError(str(error)) from None
