"""A secret of the operator's in a file of its own."""

from pathlib import Path

from hub.errors import ConfigError


def read_secret(path: Path) -> str:
    """The file's one line. Raises ConfigError when others can read it, or it holds nothing."""
    try:
        if path.stat().st_mode & 0o077:
            raise ConfigError(path, "", "others can read this secret; set its mode to 0600")
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, "", f"cannot be read: {type(error).__name__}") from None
    if not secret:
        raise ConfigError(path, "", "is empty")
    return secret
