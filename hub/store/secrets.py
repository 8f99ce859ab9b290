"""The hub's own keys: drawn on the first start, kept in files that only the hub's user can read."""

import itertools
import os
import secrets
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from hub.errors import HubError

log = structlog.get_logger(__name__)

KEY_BYTES: Final = 32
NEXT: Final = ".next"
"""Ends the name of a new key beside the present one, while all that was made with the one is taken
to the other (`hub.store.rekeying`)."""

RENEWED: Final = {"hash.key": "hash", "sealing.key": "sealing"}
"""Keys that can be renewed, and what `gatehouse keys rotate` calls them."""

RECEIPT_KEY: Final = "receipt.key"
_MIN_DISTINCT: Final = 12
"""32 random bytes have fewer than 12 different values less than once in 10^20 draws."""

_PUBLISHED: Final = frozenset(
    {
        # Ed25519 test keys, RFC 8032, 7.1
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        # sha256 of the empty text, "secret", "changeme", "password"
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
        "057ba03d6c44104863dc7361fe4578965d1887360f90a0895882e58a6248fc86",
        "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8",
    }
)


class WeakSecretError(HubError):
    """A key file that the hub refuses to start with."""

    code = "weak-secret"


@dataclass(frozen=True, slots=True)
class Secrets:
    """32 bytes each.

    hash_key, sealing_key, receipt_key: see `hub.store.seal`; signing_key: Ed25519 seed. receipt_key
    is the hash key until that one is renewed for the first time.
    """

    hash_key: bytes = field(repr=False)
    sealing_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    receipt_key: bytes = field(repr=False)


def load_secrets(folder: Path, *, rotating: str | None = None) -> Secrets:
    """Read the keys in `folder`; those that do not exist yet are drawn and written, mode 0600.

    rotating: the file of the key that is being renewed by whoever asks. Raises WeakSecretError for
    a file that others can read, of the wrong form, or whose key is weak or published, and while
    another key is half renewed. The message names the file, never its content.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_whole(folder, but=rotating)
    hash_key = draw_key(folder / "hash.key")
    receipts = folder / RECEIPT_KEY
    return Secrets(
        hash_key=hash_key,
        sealing_key=draw_key(folder / "sealing.key"),
        signing_key=draw_key(folder / "signing.key"),
        receipt_key=_read(receipts) if receipts.exists() else hash_key,
    )


def check_whole(folder: Path, *, but: str | None = None) -> None:
    """Raises WeakSecretError while a key is half renewed: what it made is in two halves."""
    for name, called in RENEWED.items():
        after = folder / (name + NEXT)
        if name != but and after.exists():
            raise WeakSecretError(
                f"{after}: the {called} key is half renewed; run"
                f" `gatehouse keys rotate {called}` again"
            )


def draw_key(path: Path, key: bytes | None = None) -> bytes:
    """The key in a file; where there is none, `key` or a drawn one is written there first."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    key = secrets.token_bytes(KEY_BYTES) if key is None else key
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    log.info("secrets.key_drawn", file=path.name)
    return key


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise WeakSecretError(f"{path}: others can read this key; set its mode to 0600")
    text = path.read_text(encoding="ascii", errors="replace").strip()
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise WeakSecretError(f"{path}: not a key; expected {KEY_BYTES * 2} hex digits") from None
    if len(key) != KEY_BYTES:
        raise WeakSecretError(f"{path}: {len(key)} bytes; expected {KEY_BYTES}")
    steps = {(after - before) % 256 for before, after in itertools.pairwise(key)}
    if len(set(key)) < _MIN_DISTINCT or len(steps) == 1 or key.hex() in _PUBLISHED:
        raise WeakSecretError(f"{path}: this key is weak or published; delete it to draw a new one")
    return key
