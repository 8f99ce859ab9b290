"""Tokens that the agent and one device share."""

import hmac
import os
import secrets
from pathlib import Path

import structlog

from edge.errors import ConfigError

log = structlog.get_logger()

MIN_TOKEN = 16
_PREFIX = "Bearer "


def load_or_make_token(path: Path) -> str:
    """The token in `path`; a missing file is made, mode 0600, with a fresh random token.

    Raises ConfigError when it is too short to be one, or cannot be read or made.
    """
    try:
        token = path.read_text(encoding="utf-8").strip() if path.exists() else _make(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    return checked(token, str(path))


def checked(token: str, where: str) -> str:
    """The token, if it is long enough and can stand in a header. Raises ConfigError."""
    if len(token) < MIN_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError(f"{where}: a token is {MIN_TOKEN} or more ASCII characters without space")
    return token


def shows(header: str | None, token: str) -> bool:
    """Whether an Authorization header shows this token; takes the same time for any wrong one."""
    given = (header or "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, (_PREFIX + token).encode())


def authorization(token: str) -> dict[str, str]:
    """The header that shows a token."""
    return {"Authorization": _PREFIX + token}


def _make(path: Path) -> str:
    token = secrets.token_urlsafe(24)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(token + "\n")
    log.info("controller.token_made", path=str(path))
    return token
