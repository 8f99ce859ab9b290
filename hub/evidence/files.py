"""Evidence as files: `<site>/<first two digits>/<sha256>`, unfinished ones with `.part`."""

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from hub.evidence.port import OffsetError, WrongHashError

PART: Final = ".part"
BLOCK: Final = 256 * 1024
_SHA: Final = re.compile(r"[0-9a-f]{64}")


class EvidenceFiles:
    """See `EvidenceStore`. folder: is made when it is missing, for the hub's user alone."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder

    def offset(self, site: str, sha256: str) -> int:
        """See `EvidenceStore`."""
        done = self.size(site, sha256)
        return done if done is not None else _size(self._part(site, sha256)) or 0

    def append(self, site: str, sha256: str, start: int, chunk: bytes) -> int:
        """See `EvidenceStore`. On disk when it returns."""
        part = self._part(site, sha256)
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        have = self.offset(site, sha256)
        if start != have or self.size(site, sha256) is not None:
            raise OffsetError(have)
        with part.open("ab") as file:
            file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        return have + len(chunk)

    def complete(self, site: str, sha256: str) -> int:
        """See `EvidenceStore`."""
        done = self.size(site, sha256)
        if done is not None:
            return done
        part = self._part(site, sha256)
        with part.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != sha256:
            part.unlink(missing_ok=True)
            raise WrongHashError("these bytes are not the ones that were announced")
        size = part.stat().st_size
        part.replace(self._path(site, sha256))
        _sync(part.parent)
        return size

    def size(self, site: str, sha256: str) -> int | None:
        """See `EvidenceStore`."""
        return _size(self._path(site, sha256))

    def read(self, site: str, sha256: str, start: int, length: int) -> Iterator[bytes]:
        """See `EvidenceStore`."""
        with self._path(site, sha256).open("rb") as file:
            file.seek(start)
            while length > 0 and (block := file.read(min(BLOCK, length))):
                length -= len(block)
                yield block

    def remove(self, site: str, sha256: str) -> None:
        """See `EvidenceStore`."""
        self._path(site, sha256).unlink(missing_ok=True)
        self._part(site, sha256).unlink(missing_ok=True)

    def clean(self, wanted: Callable[[str, str], bool], older_than_s: float) -> int:
        """See `EvidenceStore`."""
        removed = 0
        for part in self._folder.glob(f"*/*/*{PART}"):
            site, sha256 = part.parent.parent.name, part.name.removesuffix(PART)
            old = time.time() - part.stat().st_mtime > older_than_s
            if old or not wanted(site, sha256):
                part.unlink(missing_ok=True)
                removed += 1
        return removed

    def _path(self, site: str, sha256: str) -> Path:
        if not _SHA.fullmatch(sha256) or "/" in site or "." in site:
            raise ValueError("not a name of evidence")
        return self._folder / site / sha256[:2] / sha256

    def _part(self, site: str, sha256: str) -> Path:
        path = self._path(site, sha256)
        return path.with_name(path.name + PART)


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _sync(folder: Path) -> None:
    """A renamed file is there after a power cut only once its folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
