"""The hub's own parts, to which nobody may send it: broker, database, telemetry, its listeners."""

import socket
from typing import NamedTuple

from hub.outbound.addresses import Address, plain, read_address


class Endpoint(NamedTuple):
    """host: a name or an address; loopback, `0.0.0.0`, `::` and `` mean this machine."""

    host: str
    port: int

    @property
    def here(self) -> bool:
        """Whether it is on this machine whatever its address."""
        address = read_address(self.host)
        if address is None:
            return self.host in {"", "localhost"}
        return address.is_loopback or address.is_unspecified


def is_of_this_machine(address: Address) -> bool:
    """Whether this machine has the address; nothing is sent."""
    inner = plain(address)
    if inner.is_loopback or inner.is_unspecified:
        return True
    family = socket.AF_INET if inner.version == 4 else socket.AF_INET6  # noqa: PLR2004
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(inner), 0))
    except OSError:
        return False
    return True
