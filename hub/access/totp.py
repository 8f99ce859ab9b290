"""Second factors: codes that change with time (TOTP, RFC 6238), and recovery codes for a lost one.

HMAC-SHA-1, six digits, 30 s: what every authenticator app takes for granted (RFC 6238, 1.2; RFC
4226, 5.3). No library is needed for these few lines, and the RFC's vectors test them.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote, urlencode

from hub.access.passwords import draw_groups

STEP_MS: Final = 30_000
DIGITS: Final = 6
SECRET_BYTES: Final = 20
"""160 bits, as long as the hash (RFC 4226, 4)."""

SKEW_STEPS: Final = 1
"""A telephone's clock may be a step off either way (RFC 6238, 5.2)."""

RECOVERY_CODES: Final = 10
ISSUER: Final = "Gatehouse"


def new_secret() -> bytes:
    """Drawn for one account."""
    return secrets.token_bytes(SECRET_BYTES)


def step_of(now: int) -> int:
    """The time step of a moment, ms."""
    return now // STEP_MS


def code_at(secret: bytes, step: int, digits: int = DIGITS) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8), "sha1")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def accepted_step(secret: bytes, code: str, now: int, last_step: int) -> int | None:
    """The time step whose code this is; None for a wrong code, or one that was used already.

    last_step: of the newest code that was accepted: neither it nor an older one is, ever again
        (RFC 6238, 5.2).
    """
    typed = code.replace(" ", "").encode()
    here = step_of(now)
    for step in range(here - SKEW_STEPS, here + SKEW_STEPS + 1):
        if step > last_step and hmac.compare_digest(code_at(secret, step).encode(), typed):
            return step
    return None


def shown(secret: bytes) -> str:
    """The secret as people type it into an app: base 32."""
    return base64.b32encode(secret).decode()


def address(secret: bytes, account: str, issuer: str = ISSUER) -> str:
    """What a QR code holds for authenticator apps: an `otpauth:` address."""
    query = urlencode({"secret": shown(secret), "issuer": issuer})
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?{query}"


def new_recovery_codes() -> list[str]:
    """Codes of 79 random bits that each stand in for a factor once."""
    return [draw_groups(4, 4) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> str:
    """What is kept of one. A plain hash will do: the code is random, and too long to guess."""
    plain = "".join(code.lower().split()).replace("-", "")
    return hashlib.sha256(b"gatehouse-recovery\n" + plain.encode()).hexdigest()
