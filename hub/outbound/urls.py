"""Addresses as people write them, read strictly: what two parsers could tell apart is refused.

Whoever checks a URL and whoever connects must mean the same host. So there is one reader, and the
connection is made from what it read, never from the text.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from hub.errors import BadRequestError
from hub.outbound.addresses import Address, read_address

MOST_LETTERS: Final = 2048
_MOST_HOST: Final = 253
_MOST_PORT: Final = 65_535

_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<authority>[^/?#]*)"
    r"(?P<path>/[^?#]*)?"
    r"(?P<query>\?[^#]*)?"
)
_LETTERS: Final = re.compile(r"[!$&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~%]+")
"""RFC 3986, 2, without the fragment's mark: no blank, no control, no backslash, ASCII alone."""

_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""A name whose last part is one is an IPv4 address to some (WHATWG URL, 3.5): 127.1, 0x7f.1."""


class AddressRefusedError(BadRequestError):
    """The hub does not connect there; the words name no address."""

    code = "address-refused"


class Use(StrEnum):
    """What an address is for; each has its own schemes."""

    WEBHOOK = "webhook"
    CALLBACK = "callback"
    NOTIFICATION = "notification"
    CAMERA = "camera"


SCHEMES: Final[Mapping[Use, Mapping[str, int]]] = {
    Use.WEBHOOK: {"https": 443, "http": 80},
    Use.CALLBACK: {"https": 443, "http": 80},
    Use.NOTIFICATION: {"https": 443, "http": 80},
    Use.CAMERA: {"rtsp": 554, "rtsps": 322, "https": 443, "http": 80},
}
"""By use: the schemes that it takes, and the port of each."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL, read. host: a name in lower case, or an address without brackets.

    address: where host is one. path: with the query, as it goes on the request line.
    """

    scheme: str
    host: str
    port: int
    path: str
    address: Address | None = None

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return self.scheme in {"https", "rtsps"}


def read_url(url: str, use: Use) -> Target:
    """Read a URL for one use. Resolves nothing. Raises AddressRefusedError."""
    if len(url) > MOST_LETTERS:
        raise AddressRefusedError(f"an address has at most {MOST_LETTERS} characters")
    whole = _URL.fullmatch(url)
    if whole is None or not _LETTERS.fullmatch(url):
        raise AddressRefusedError("not an address of the form scheme://host:port/path")
    schemes = SCHEMES[use]
    scheme = whole["scheme"].lower()
    if scheme not in schemes:
        raise AddressRefusedError(f"a {use} begins with {' or '.join(schemes)}")
    if "@" in whole["authority"]:
        raise AddressRefusedError("an address holds no login")
    authority = _AUTHORITY.fullmatch(whole["authority"])
    if authority is None:
        raise AddressRefusedError("its host cannot be read")
    port = schemes[scheme] if authority["port"] is None else int(authority["port"])
    if not 0 < port <= _MOST_PORT:
        raise AddressRefusedError("its port is none")
    host, address = _host(authority["host"])
    path = (whole["path"] or "/") + (whole["query"] or "")
    return Target(scheme, host, port, path, address)


def _host(written: str) -> tuple[str, Address | None]:
    if written.startswith("["):
        address = read_address(written[1:-1])
        if address is None or address.version != 6:  # noqa: PLR2004 - brackets are IPv6's
            raise AddressRefusedError("its IPv6 address cannot be read")
        return str(address), address
    host = written.lower()
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        address = read_address(host)
        if address is None:
            raise AddressRefusedError("an IPv4 address is four decimal numbers")
        return str(address), address
    # names beyond ASCII as DNS writes them (xn--…): others fold them in ways of their own
    if len(host) > _MOST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefusedError("its host is not a name as DNS has them")
    return host, None
