"""Secrets of machines: drawn here, kept as hashes, shown once."""

import hashlib
import hmac
import re
import secrets
from enum import StrEnum
from typing import Final

ENDING_MS: Final = 30 * 24 * 3_600_000
"""People are told so long before a credential ends."""


class Use(StrEnum):
    """What a machine's credential can be good for."""

    REPORT = "report"  # cases
    READ = "read"  # where its own cases stand


ALL_USES: Final = frozenset(Use)

SECRET_BYTES: Final = 32
_FORM: Final = re.compile(r"Bearer ghm_([0-9a-f]{16})_([A-Za-z0-9_-]{43})")


def new_id() -> str:
    """16 hex digits."""
    return secrets.token_hex(8)


def new_secret() -> str:
    """256 random bits, in 43 characters: too many to guess, so a plain hash of it is enough."""
    return secrets.token_urlsafe(SECRET_BYTES)


def shown(machine: str, secret: str) -> str:
    """The credential as its owner writes it after `Authorization: Bearer`."""
    return f"ghm_{machine}_{secret}"


def parse(header: str) -> tuple[str, str] | None:
    """Machine and secret of an Authorization header; None when it is not of this form."""
    found = _FORM.fullmatch(header)
    return None if found is None else (found[1], found[2])


def new_callback_secret() -> str:
    """What signs callbacks; its receiver keeps it as it is written here."""
    return f"ghs_{secrets.token_urlsafe(SECRET_BYTES)}"


def hash_of(secret: str) -> str:
    """SHA-256, 64 hex digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(secret: str, kept: str | None) -> bool:
    """Whether this is the secret that was hashed; in constant time."""
    return kept is not None and hmac.compare_digest(hash_of(secret), kept)
