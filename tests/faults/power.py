"""A disk whose power can be cut: what was not synced is gone, as it is for a real one.

An ext4 file system in a file, mounted through a loop device. `cut` is the file system's own
"shutdown" (FS_IOC_SHUTDOWN without a flush of its log, as xfstests uses it): from that moment every
write and sync fails, and pages that were never written back are lost; `restore` unmounts, mounts,
and so replays the journal. SIGKILL alone shows nothing of this: the page cache outlives a process.

It takes root and loop devices. What a disk itself claims to have written and has not, it does not
show.
"""

import fcntl
import os
import shutil
import struct
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

_SHUTDOWN = 0x8004587D
"""_IOR('X', 125, __u32), linux/fs.h and fs/ext4/ext4.h."""

_NO_LOG_FLUSH = 2


class NoPowerDiskError(Exception):
    """There can be none here."""


class PowerDisk:
    """A context manager; `folder` is where it is mounted. Raises NoPowerDiskError."""

    def __init__(self, place: Path, *, mib: int = 96) -> None:
        self.folder = place / "disk"
        self._image = place / "disk.img"
        self._mib = mib

    def __enter__(self) -> Self:
        if os.geteuid() != 0 or not shutil.which("mkfs.ext4", path=_PATH):
            raise NoPowerDiskError("a disk whose power can be cut takes root and mkfs.ext4")
        self.folder.mkdir()
        with self._image.open("wb") as image:
            image.truncate(self._mib * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0", str(self._image))
        self._mount()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        subprocess.run(["umount", "-l", self.folder], check=False, env={"PATH": _PATH})
        self._image.unlink()

    def cut(self) -> None:
        """The power fails now."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def restore(self) -> None:
        """The power is back. Nobody may have a file open any more."""
        _run("umount", str(self.folder))
        self._mount()

    def _mount(self) -> None:
        _run("mount", "-o", "loop", str(self._image), str(self.folder))


_PATH = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin"])


def _run(*command: str) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={"PATH": _PATH})
    if done.returncode:
        raise NoPowerDiskError(f"{command[0]} cannot be used here: {done.stderr.strip()[:200]}")
