"""The hub's keys under a passphrase: who finds the backup alone can read nothing sensitive."""

import json
import os
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.backup.archive import BackupError

_SALT: Final = 16
_NONCE: Final = 12
_LABEL: Final = b"gatehouse-backup-secrets-1"


def seal(files: Mapping[str, str], passphrase: str) -> bytes:
    """Salt, nonce, and the files under ChaCha20-Poly1305 with a scrypt key (RFC 7914; 32 MiB)."""
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    text = json.dumps(dict(files)).encode()
    return salt + nonce + _cipher(passphrase, salt).encrypt(nonce, text, _LABEL)


def unseal(sealed: bytes, passphrase: str) -> dict[str, str]:
    """What `seal` was given. Raises BackupError when the passphrase is another."""
    salt, nonce, text = sealed[:_SALT], sealed[_SALT : _SALT + _NONCE], sealed[_SALT + _NONCE :]
    try:
        plain = _cipher(passphrase, salt).decrypt(nonce, text, _LABEL)
    except InvalidTag:
        raise BackupError("the passphrase does not open this backup's keys") from None
    return {str(name): str(value) for name, value in json.loads(plain).items()}


def _cipher(passphrase: str, salt: bytes) -> ChaCha20Poly1305:
    key = Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase.encode())
    return ChaCha20Poly1305(key)
