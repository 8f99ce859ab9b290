"""The guard: reads an address, resolves it once, and says to which IP addresses to connect."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from hub.outbound.addresses import Address, Network, Verdict, judge, plain, read_address
from hub.outbound.own import Endpoint, is_of_this_machine
from hub.outbound.urls import AddressRefusedError, Target, Use, read_url

Resolve = Callable[[str], Sequence[str]]
"""A name to its addresses as text. Raises OSError when nobody knows it."""

MOST_ADDRESSES: Final = 4


@dataclass(frozen=True, slots=True)
class Pinned:
    """A target, and the addresses that were judged: connect to these and to no others."""

    target: Target
    addresses: tuple[Address, ...]


def system_resolve(name: str) -> list[str]:
    """As the system resolves it."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


class Guard:
    """allowed: networks of `[outbound] allow`, beyond the public ones. own: see `hub.outbound.own`.

    A name is refused when any of its addresses is: a mixed answer is somebody's attempt.
    """

    def __init__(
        self,
        allowed: Sequence[Network] = (),
        own: Sequence[Endpoint] = (),
        *,
        resolve: Resolve = system_resolve,
        local: Callable[[Address], bool] = is_of_this_machine,
    ) -> None:
        self._allowed = tuple(allowed)
        self._own = tuple(own)
        self._resolve = resolve
        self._local = local

    def read(self, url: str, use: Use) -> Target:
        """For where an address is set: read, and an address that stands in it judged.

        A name is not resolved here, for what it means may change; `pin` does when it is used.
        Raises AddressRefusedError.
        """
        target = read_url(url, use)
        if target.address is not None:
            self.judge(target.address, target.port)
        return target

    def pin(self, url: str, use: Use) -> Pinned:
        """Resolve and judge, to be connected to at once. Blocking. Raises AddressRefusedError."""
        target = read_url(url, use)
        if target.address is not None:
            found: list[Address] = [target.address]
        else:
            found = self._resolved(target.host)
        for address in found:
            self.judge(address, target.port)
        return Pinned(target, tuple(dict.fromkeys(found))[:MOST_ADDRESSES])

    def judge(self, address: Address, port: int) -> None:
        """Whether an address and port may be connected to. Raises AddressRefusedError."""
        match judge(address, self._allowed):
            case Verdict.NEVER:
                raise AddressRefusedError("its network is one that the hub never connects to")
            case Verdict.UNLISTED:
                raise AddressRefusedError(
                    "it is not a public address, and [outbound] allow does not list its network"
                )
            case Verdict.FINE:
                if self._is_own(address, port):
                    raise AddressRefusedError("it is a part of the hub itself")

    def _resolved(self, name: str) -> list[Address]:
        try:
            texts = self._resolve(name)
        except (OSError, UnicodeError):
            raise AddressRefusedError("its name is not known") from None
        found = [read_address(text) for text in texts]
        addresses = [address for address in found if address is not None]
        if not addresses or len(addresses) != len(found):
            raise AddressRefusedError("its name has no address that can be read")
        return addresses

    def _is_own(self, address: Address, port: int) -> bool:
        return any(port == one.port and self._same(address, one) for one in self._own)

    def _same(self, address: Address, own: Endpoint) -> bool:
        if own.here:
            return self._local(address)
        written = read_address(own.host)
        if written is not None:
            return plain(address) == plain(written)
        try:
            return plain(address) in {
                plain(one) for one in map(read_address, self._resolve(own.host)) if one is not None
            }
        except (OSError, UnicodeError):
            return False  # nobody can reach it by that name now
