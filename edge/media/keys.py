"""The agent's own key, by which the hub knows whose evidence it takes."""

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from edge.errors import ConfigError
from wire.media import upload_grant

SEED_BYTES = 32


class MediaKey:
    """An Ed25519 key (RFC 8032). public: 64 hex digits, as `hub.toml` lists it under `[media]`."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def authorization(self, site: str, agent: str, sha256: str, size: int) -> str:
        """The header that lets this agent bring this content, and nothing else."""
        signature = self._key.sign(upload_grant(site, agent, sha256, size)).hex()
        return f'Gatehouse-Media site="{site}", agent="{agent}", signature="{signature}"'


def load_or_make_key(path: Path) -> MediaKey:
    """The key in `path`; a missing file is made, mode 0600. Raises ConfigError."""
    try:
        seed = bytes.fromhex(path.read_text(encoding="ascii")) if path.exists() else _make(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except ValueError:
        seed = b""
    if len(seed) != SEED_BYTES:
        raise ConfigError(f"{path}: not {SEED_BYTES} bytes in hex; delete it to have a new one")
    return MediaKey(seed)


def _make(path: Path) -> bytes:
    seed = os.urandom(SEED_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(seed.hex() + "\n")
    return seed
