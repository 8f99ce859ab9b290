"""Edge agents that bring evidence: known by a signature over what they bring (Ed25519)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request

from hub.access.errors import NotLoggedInError
from wire.media import upload_grant

LENGTH: Final = "Upload-Length"
_SHA: Final = re.compile(r"[0-9a-f]{64}")
_SHOWN: Final = re.compile(
    r'Gatehouse-Media site="([a-z0-9-]{1,64})", agent="([a-z0-9-]{1,64})", '
    r'signature="([0-9a-f]{128})"'
)
_MOST: Final = 2**40


@dataclass(frozen=True, slots=True)
class Courier:
    """An agent, and the one piece that it may bring. size: of the whole, bytes."""

    site: str
    agent: str
    sha256: str
    size: int


class Couriers:
    """keys: by `site/agent`, the public key, 64 hex digits."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        self._keys = {
            name: Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
            for name, key in keys.items()
        }

    def check(self, shown: str, sha256: str, size: int) -> Courier:
        """Who signed for this piece. Raises NotLoggedInError."""
        parts = _SHOWN.fullmatch(shown)
        if parts is None:
            raise NotLoggedInError("only a known agent brings evidence")
        site, agent, signature = parts.groups()
        key = self._keys.get(f"{site}/{agent}")
        if key is None:
            raise NotLoggedInError("only a known agent brings evidence")
        try:
            key.verify(bytes.fromhex(signature), upload_grant(site, agent, sha256, size))
        except InvalidSignature:
            raise NotLoggedInError("only a known agent brings evidence") from None
        return Courier(site, agent, sha256, size)


def courier_of(request: Request, couriers: Couriers) -> Courier:
    """The agent behind a request to `/api/media/{sha256}`. Raises NotLoggedInError."""
    sha256 = str(request.path_params.get("sha256", ""))
    length = request.headers.get(LENGTH, "")
    known = _SHA.fullmatch(sha256) and length.isdecimal() and 0 < int(length[:16]) <= _MOST
    if not known:
        raise NotLoggedInError("only a known agent brings evidence")
    return couriers.check(request.headers.get("Authorization", ""), sha256, int(length))
