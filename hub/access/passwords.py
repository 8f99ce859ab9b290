"""Passwords: argon2id (RFC 9106), and the ones that the hub draws itself."""

import secrets
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER: Final = PasswordHasher()
"""The library's own parameters: RFC 9106's low-memory choice (64 MiB, 3 passes, 4 lanes)."""

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""No letters that are read as one another (i l o 0 1): people copy it from a terminal."""

_GROUPS, _GROUP_LENGTH = 4, 5


def new_password() -> str:
    """A password of 99 random bits, in groups for copying: `k3f9d-…`."""
    return draw_groups(_GROUPS, _GROUP_LENGTH)


def draw_groups(groups: int, length: int) -> str:
    """Random letters and digits, in groups; 4.95 bits each."""
    drawn = ("".join(secrets.choice(_ALPHABET) for _ in range(length)) for _ in range(groups))
    return "-".join(drawn)


def hash_password(password: str) -> str:
    """The encoded hash, salt and parameters. Takes tens of milliseconds: call it in a thread."""
    return _HASHER.hash(password)


def password_matches(encoded: str | None, password: str) -> bool:
    """Check a password; as slow as `hash_password`.

    encoded: None for an unknown user: the same work is done, so that the time taken does not
        tell which names exist.
    """
    try:
        matches = _HASHER.verify(encoded if encoded is not None else _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return matches and encoded is not None


@cache
def _nobody() -> str:
    """The hash of a password that nobody has, made once."""
    return _HASHER.hash(secrets.token_hex(32))


def prepare() -> None:
    """Do now what the first check would otherwise do: it must not be slower than the others."""
    _nobody()
