"""The key files of a rotation: the next key beside the present one, until all is done."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from hub.errors import HubError
from hub.store.secrets import NEXT, RECEIPT_KEY, Secrets, draw_key, load_secrets

LOCK: Final = "in-use"
HASH_KEY: Final = "hash.key"
SEALING_KEY: Final = "sealing.key"
_FIELDS: Final = {HASH_KEY: "hash_key", SEALING_KEY: "sealing_key"}


class KeysInUseError(HubError):
    """A hub runs with these keys, or another rotation does."""

    code = "keys-in-use"


@contextmanager
def keys_held(folder: Path, *, alone: bool) -> Iterator[None]:
    """The keys in `folder` stay as they are meanwhile; alone: and nobody else uses them.

    Raises KeysInUseError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            who = "a hub runs with these keys; stop it first" if alone else "its keys are renewed"
            raise KeysInUseError(f"{folder}: {who}") from None
        yield
    finally:
        os.close(handle)


def begin(folder: Path, name: str) -> tuple[Secrets, Secrets]:
    """The keys as they are, and as they will be; a rotation that was begun goes on with its key.

    name: the file of the key. What residents' receipts are hashed with stays, in a file of its own.
    """
    now = load_secrets(folder, rotating=name)
    if name == HASH_KEY and not (folder / RECEIPT_KEY).exists():
        draw_key(folder / RECEIPT_KEY, now.receipt_key)
    after = draw_key(folder / (name + NEXT))
    return now, replace(now, **{_FIELDS[name]: after})


def finish(folder: Path, name: str) -> None:
    """The next key is the key from now on; the old one is overwritten, and gone.

    On a disk that writes elsewhere than it is told to (flash, copy on write) its bytes may stay
    for a while where no file is.
    """
    with (folder / name).open("r+b", buffering=0) as old:
        size = os.fstat(old.fileno()).st_size
        (folder / (name + NEXT)).replace(folder / name)
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        old.write(os.urandom(size))
        os.fsync(old.fileno())
