"""The folder of own copies: what is in force, what was before, and how a new text takes its place.

Layout: `alarms/door-forced.toml` is a copy in force; `history/alarms/door-forced/` holds every text
that was saved, named `MS-VERSION-WHO.toml`, and what was found there when it was not one of them.
`ORIGIN` beside them is the version of the file that the first copy was made from.
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hub.config.own import HISTORY
from hub.editing.parts import Part

ORIGIN: Final = "ORIGIN"
KEPT: Final = 50
"""Texts of one part that stay; the older go."""


@dataclass(frozen=True, slots=True)
class Past:
    """A text of the past. by: who saved it; empty for one that was not saved from the console."""

    at: int
    version: str
    by: str
    path: Path

    @property
    def id(self) -> str:
        """Names it among the part's own."""
        return f"{self.at}-{self.version}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """folder: of the own copies; it comes into being with the first of them."""

    folder: Path

    def text(self, part: Part) -> str:
        """What is in force on the disk; empty where there is no file. Raises OSError."""
        own = self._copy(part)
        return _read(own) if own.is_file() else self.original(part)

    def original(self, part: Part) -> str:
        """What `hub.toml` names, whether or not there is a copy of it."""
        return _read(part.path) if part.path is not None and part.path.is_file() else ""

    def is_own(self, part: Part) -> bool:
        """Whether an own copy is in force."""
        return self._copy(part).is_file()

    def is_stale(self, part: Part) -> bool:
        """Whether the original has changed since the own copy was made."""
        mark = self._past(part) / ORIGIN
        return (
            self.is_own(part) and mark.is_file() and _read(mark) != version_of(self.original(part))
        )

    def history(self, part: Part) -> list[Past]:
        """Every text of the past that is kept, newest first."""
        found = (_past(path) for path in self._past(part).glob("*.toml"))
        return sorted((one for one in found if one), key=lambda one: one.path.name, reverse=True)

    def put(self, part: Part, text: str, *, by: str, now: int) -> None:
        """Make `text` what is in force, whole or not at all. Raises OSError.

        A text that equals the original takes the own copy away.
        """
        before, copy = self.text(part), self._copy(part)
        past = self.history(part)
        if not past or past[0].version != version_of(before):
            place = copy if copy.is_file() else part.path
            at = _changed_at(place)
            self._keep(part, before, at=min(at, now - 1), by="")
        if not copy.is_file():
            _replace(self._past(part) / ORIGIN, version_of(self.original(part)))
        self._keep(part, text, at=now, by=by)
        if text == self.original(part):
            copy.unlink(missing_ok=True)
        else:
            _replace(copy, text)
        for one in self.history(part)[KEPT:]:
            one.path.unlink(missing_ok=True)

    def _keep(self, part: Part, text: str, *, at: int, by: str) -> None:
        _replace(self._past(part) / f"{at:013d}-{version_of(text)}-{by}.toml", text)

    def _copy(self, part: Part) -> Path:
        return self.folder / part.file

    def _past(self, part: Part) -> Path:
        return self.folder / HISTORY / part.id


def version_of(text: str) -> str:
    """Names a text: the beginning of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _past(path: Path) -> Past | None:
    at, _, rest = path.stem.partition("-")
    version, _, by = rest.partition("-")
    return Past(int(at), version, by, path) if at.isdecimal() and version else None


def _changed_at(path: Path | None) -> int:
    if path is None or not path.is_file():
        return 0
    return path.stat().st_mtime_ns // 1_000_000


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _replace(path: Path, text: str) -> None:
    """For the hub's user alone: addresses of channels are secrets."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
