"""Pictures on the agent's disk, each a file named by its SHA-256, until the hub has them."""

import hashlib
import os
import re
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

MEBIBYTE: Final = 1024 * 1024
_NAME: Final = re.compile(r"[0-9a-f]{64}")
_PART: Final = ".part"


class PictureQuota(BaseModel):
    """The most that waiting pictures may take; beyond it the oldest go, and are counted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_mib: Annotated[float, Field(ge=1, le=1024 * 1024)] = 512.0

    @property
    def max_bytes(self) -> int:
        """`max_mib` in bytes."""
        return int(self.max_mib * MEBIBYTE)


class PictureStore:
    """One folder of pictures; any thread may call.

    dropped: pictures that the quota has cost since the store was opened.
    """

    def __init__(self, folder: Path, quota: PictureQuota) -> None:
        self.dropped = 0
        self._folder = folder
        self._max_bytes = quota.max_bytes
        self._lock = threading.Lock()
        self._sizes = _found(folder)
        self._total = sum(self._sizes.values())

    def put(self, data: bytes) -> str:
        """Store a picture; its SHA-256 in hex. It is on disk on return. Raises OSError."""
        name = hashlib.sha256(data).hexdigest()
        with self._lock:
            if name not in self._sizes:
                self._write(name, data)
                self._sizes[name] = len(data)
                self._total += len(data)
                self._shrink()
        return name

    def path(self, sha256: str) -> Path | None:
        """The file of a picture; None when it is not, or no longer, here."""
        with self._lock:
            return self._folder / sha256 if sha256 in self._sizes else None

    def waiting(self) -> list[str]:
        """All pictures, oldest first."""
        with self._lock:
            return list(self._sizes)

    def remove(self, sha256: str) -> None:
        """The hub has it. One that is not here is no error. Raises OSError."""
        with self._lock:
            if sha256 in self._sizes:
                self._delete(sha256)

    def _write(self, name: str, data: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self._folder / (name + _PART)
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._folder / name)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _shrink(self) -> None:
        """Let the oldest go until the rest fits; the newest stays in any case."""
        while self._total > self._max_bytes and len(self._sizes) > 1:
            self._delete(next(iter(self._sizes)))
            self.dropped += 1

    def _delete(self, name: str) -> None:
        (self._folder / name).unlink(missing_ok=True)
        self._total -= self._sizes.pop(name)


def _found(folder: Path) -> OrderedDict[str, int]:
    """What an earlier run left, oldest first; its unfinished files go."""
    if not folder.is_dir():
        return OrderedDict()
    for part in folder.glob(f"*{_PART}"):
        part.unlink(missing_ok=True)
    files = [(path.stat(), path.name) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    files.sort(key=lambda one: (one[0].st_mtime_ns, one[1]))
    return OrderedDict((name, stat.st_size) for stat, name in files)
