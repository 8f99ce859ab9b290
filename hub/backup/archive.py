"""A backup as a folder, or that folder as one tar file; its manifest knows each file's hash."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from hub.errors import HubError

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_BLOCK: Final = 1024 * 1024

Progress = Callable[[str], None]


class BackupError(HubError):
    """A backup that is refused, or is not whole; one line says why."""

    code = "backup-refused"


class Archive:
    """A backup that is being made, in a folder that gets its name once it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: list[str] = []

    def place(self, name: str) -> Path:
        """Where the file of that name (`database/hub.db`) is to be written."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._names.append(name)
        return path

    def add(self, name: str, source: Path) -> bool:
        """Take a copy of a file along; False when it is gone."""
        try:
            shutil.copyfile(source, self.place(name))
        except FileNotFoundError:
            self._names.pop()
            return False
        return True

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the manifest; everything is on the disk afterwards, for its owner alone."""
        files = {}
        for name in self._names:
            path = self._folder / name
            path.chmod(0o600)
            with path.open("rb+") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            files[name] = {"size": path.stat().st_size, "sha256": digest}
        text = json.dumps({"format": FORMAT, **about, "files": files}, indent=1, ensure_ascii=False)
        manifest = self._folder / MANIFEST
        manifest.touch(mode=0o600)
        manifest.write_text(text, encoding="utf-8")


@contextmanager
def new(target: Path) -> Iterator[Archive]:
    """Make a backup at `target`, a folder, or a file where it ends in `.tar`.

    It is there whole or not at all. Raises BackupError when there is something already.
    """
    if target.exists():
        raise BackupError(f"{target}: exists already; a backup overwrites nothing")
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{target.name}.part-", dir=target.parent))
    try:
        yield Archive(folder)
        if target.suffix == ".tar":
            part = folder.with_suffix(".tar")
            part.touch(mode=0o600)
            with tarfile.open(part, "w") as tar:
                tar.add(folder, arcname=".")
            part.replace(target)
        else:
            folder.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def opened(source: Path, work: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder of a backup, and its manifest. work: where a tar file is unpacked meanwhile.

    Raises BackupError when it is none of ours.
    """
    if source.is_dir():
        yield source, _manifest(source)
        return
    work.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=work) as name:
        try:
            with tarfile.open(source) as tar:
                tar.extractall(name, filter="data")
        except (OSError, tarfile.TarError) as error:
            raise BackupError(f"{source}: cannot be unpacked: {error}") from None
        yield Path(name), _manifest(Path(name))


def verify(folder: Path, manifest: Mapping[str, Any], progress: Progress) -> None:
    """Compare every file with its hash. Raises BackupError naming the first that differs."""
    files = manifest["files"]
    done = 0
    for number, (name, expected) in enumerate(files.items(), 1):
        path = folder / name
        if not path.is_file() or path.stat().st_size != expected["size"]:
            raise BackupError(f"{name}: is missing from this backup, or not whole")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != expected["sha256"]:
                raise BackupError(f"{name}: differs from what was backed up")
        done += expected["size"]
        if number % 500 == 0 or number == len(files):
            progress(f"verified {number} of {len(files)} files, {done / 1e6:.1f} MB")


def copy_durably(source: Path, target: Path) -> None:
    """Copy a file so that it is whole and on the disk, for its owner alone, or not there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f"{target.name}.restoring")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, source.open("rb") as origin:
        shutil.copyfileobj(origin, file, _BLOCK)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if found["format"] != FORMAT:
            raise BackupError(f"{folder}: has format {found['format']}, which is not known here")
        names = list(found["files"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{folder}: is no backup, or one that was not finished") from None
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in names):
        raise BackupError(f"{folder}: names files outside itself")
    return dict(found)
