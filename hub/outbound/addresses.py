"""Which IP addresses the hub may be sent to. Pure."""

from collections.abc import Sequence
from enum import StrEnum
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


class Verdict(StrEnum):
    """What becomes of an address."""

    FINE = "fine"
    UNLISTED = "unlisted"  # only where the list of this hub names its network
    NEVER = "never"


def _networks(*names: str) -> tuple[Network, ...]:
    return tuple(ip_network(name) for name in names)


NEVER: Final = _networks(
    "0.0.0.0/8",  # this network; Linux connects 0.0.0.0 to itself
    "169.254.0.0/16",  # link-local, and most clouds' metadata
    "100.100.100.200/32",  # Alibaba Cloud's metadata
    "168.63.129.16/32",  # Azure's platform
    "192.0.0.0/24",  # IETF's own, Oracle Cloud's metadata among it
    "192.88.99.0/24",  # 6to4 relays
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",  # reserved, and broadcast
    "::/96",  # unspecified; IPv4-compatible, deprecated (RFC 4291, 2.5.5.1). Loopback: see below
    "64:ff9b:1::/48",  # local translation: whatever the network makes of it
    "100::/64",  # discard
    "2001::/23",  # IETF's own: Teredo, ORCHID, benchmarks
    "2002::/16",  # 6to4
    "fd00:ec2::254/128",  # Amazon's metadata
    "fd20:ce::254/128",  # Google's metadata
    "fe80::/10",  # link-local
    "fec0::/10",  # site-local, deprecated
    "ff00::/8",  # multicast
)
"""Nothing that a person wants called lies there, whatever a list says."""

_UNLISTED: Final = _networks(
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "172.16.0.0/12",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "2001:db8::/32",
    "3fff::/20",
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
_LOOPBACK_V6: Final = IPv6Address("::1")
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052
_ISATAP: Final = (0x00005EFE, 0x02005EFE)  # RFC 5214, 6.1
_LOW_32: Final = 0xFFFF_FFFF


def judge(address: Address, allowed: Sequence[Network] = ()) -> Verdict:
    """The verdict on an address. allowed: networks of this hub's list.

    An IPv4 address that stands inside an IPv6 one is judged as what it is.
    """
    inner = plain(address)
    if inner == _LOOPBACK_V6:
        return _listed(inner, allowed)
    if _within(inner, NEVER):
        return Verdict.NEVER
    if isinstance(inner, IPv6Address):
        if inner.scope_id is not None or int(inner) >> 32 & _LOW_32 in _ISATAP:
            return Verdict.NEVER
        if inner not in _GLOBAL_V6:
            return _listed(inner, allowed)
    return _listed(inner, allowed) if _within(inner, _UNLISTED) else Verdict.FINE


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped or translated (NAT64) one means; others as they are."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return IPv4Address(int(address) & _LOW_32)
    return address


def read_address(text: str) -> Address | None:
    """An address as its standard form writes it: four decimal numbers, or RFC 4291. Else None."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def _listed(address: Address, allowed: Sequence[Network]) -> Verdict:
    return Verdict.FINE if _within(address, allowed) else Verdict.UNLISTED


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)
