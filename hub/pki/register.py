"""What the authority has given out and promised: one file, changed whole or not at all.

Command line and hub both write it, so each change is made under a lock and by renaming.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from hub.pki.authority import PkiError
from hub.pki.owner import hand_over

FILE: Final = "pki-register.json"
_LOCK: Final = "pki-register.lock"


class Certificate(BaseModel):
    """One that was issued. serial: its number, hex. name: its common name. Times in ms.

    machine: the serial number of the agent's hardware. by: how it came about.
    """

    model_config = ConfigDict(frozen=True)

    serial: str
    name: str
    use: str
    fingerprint: str
    issued_at: int
    ends_at: int
    machine: str = ""
    by: str
    revoked_at: int | None = None
    reason: str = ""


class Claim(BaseModel):
    """A promise to issue one certificate. key: see `wire.enrolment.claim_key`, hex; no code."""

    model_config = ConfigDict(frozen=True)

    site: str
    agent: str
    machine: str
    key: str
    made_at: int
    ends_at: int
    used_at: int | None = None


class Book(BaseModel):
    """The file's content."""

    certificates: list[Certificate] = []
    claims: list[Claim] = []

    def current(self, name: str, now: int) -> list[Certificate]:
        """Those of a name that are good now, the longest lasting first."""
        good = [
            one
            for one in self.certificates
            if one.name == name and one.revoked_at is None and one.ends_at > now
        ]
        return sorted(good, key=lambda one: one.ends_at, reverse=True)


class Register:
    """folder: the hub's folder of secrets."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = folder / _LOCK

    def read(self) -> Book:
        """As it stands. Raises PkiError when it cannot be read."""
        try:
            return Book.model_validate_json(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Book()
        except (OSError, ValidationError) as error:
            raise PkiError(f"{self._path}: cannot be read: {type(error).__name__}") from None

    @contextmanager
    def change(self) -> Iterator[Book]:
        """The book, to be changed; written when the context ends well, and durable then."""
        handle = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            hand_over(self._lock)
            fcntl.flock(handle, fcntl.LOCK_EX)
            book = self.read()
            yield book
            self._write(book)
        finally:
            os.close(handle)  # and with it the lock

    def _write(self, book: Book) -> None:
        fresh = self._path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(book.model_dump(), file, indent=1)  # ASCII alone, as backups take it
            file.flush()
            os.fsync(file.fileno())
        hand_over(fresh)
        fresh.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
