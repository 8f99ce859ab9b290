"""Sessions: what the browser holds, what the hub keeps of it, and when it ends."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final

IDLE_MS: Final = 30 * 60 * 1000
"""A session ends this long after its last request; an open stream counts as a request, so that a
control room's screen is not logged out in the middle of a shift."""

ABSOLUTE_MS: Final = 12 * 60 * 60 * 1000
"""A session ends this long after its login, whatever happens: one long shift."""

TOUCH_MS: Final = 60 * 1000
"""How stale the stored time of the last request may be; saves a write per request."""


@dataclass(frozen=True, slots=True)
class Session:
    """A session as stored. key: SHA-256 of the token, in hex; the token itself is not kept.

    address: where the login came from.
    """

    key: str
    user: str
    created_at: int
    seen_at: int
    address: str | None = None

    @property
    def id(self) -> str:
        """What people see of it."""
        return self.key[:16]

    def alive(self, now: int) -> bool:
        """It has neither idled nor grown too old."""
        return now < min(self.seen_at + IDLE_MS, self.created_at + ABSOLUTE_MS)

    def wants_touch(self, now: int) -> bool:
        """Its `seen_at` should be written again."""
        return now - self.seen_at >= TOUCH_MS


def new_token() -> str:
    """A token of 256 random bits, URL-safe."""
    return secrets.token_urlsafe(32)


def key_of(token: str) -> str:
    """What is stored of a token. A plain hash will do: the token is random, not chosen."""
    return hashlib.sha256(b"gatehouse-session\n" + token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """The CSRF token that belongs to a session token; tells nothing of it or of its key."""
    return hashlib.sha256(b"gatehouse-csrf\n" + token.encode()).hexdigest()


def csrf_matches(token: str, given: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(csrf_of(token).encode(), given.encode())
