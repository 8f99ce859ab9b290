"""Secrets that people keep in files of their own."""

from pathlib import Path

from hub.errors import ConfigError


def read_password(path: Path) -> str:
    """What a file that only its owner can read holds. Raises ConfigError."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(path, "", "others can read this password; set its mode to 0600")
        password = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"cannot be read: {type(error).__name__}") from None
    if not password:
        raise ConfigError(path, "", "holds no password")
    return password
