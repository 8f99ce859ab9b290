"""Recorded pictures and videos as frames.

A video is decoded in a child process of its own: a malformed one can end its decoder.
"""

import contextlib
import json
import os
import select
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

PICTURES: Final = {".jpg", ".jpeg", ".png"}
VIDEOS: Final = {".avi", ".flv", ".m4v", ".mjpeg", ".mkv", ".mov", ".mp4", ".ts", ".webm"}
_PICTURE_STARTS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_ROOT: Final = Path(__file__).parents[1]
_CHUNK: Final = 1 << 20
_PATIENCE_S: Final = 20.0


class FootageError(Exception):
    """A file that cannot be shown, or not to its end; `str()` is one line naming it."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """A decoded frame. pixels: rows of BGR bytes."""

    number: int
    width: int
    height: int
    pixels: bytes


def collect(paths: Sequence[Path]) -> tuple[list[Path], list[FootageError]]:
    """The files that paths mean, folders searched whole, and what was wrong with paths."""
    files: list[Path] = []
    faults: list[FootageError] = []
    for path in paths:
        try:
            if stat.S_ISDIR(path.stat().st_mode):
                told = len(faults)
                inside = _inside(path, faults)
                files += inside
                if not inside and len(faults) == told:
                    faults.append(FootageError(path, "holds no picture and no video"))
            elif path.is_file():
                files.append(path)
            else:
                faults.append(FootageError(path, "no such file"))
        except FileNotFoundError:
            faults.append(FootageError(path, "no such file"))
        except OSError as error:
            faults.append(FootageError(path, error.strerror or "cannot be read"))
    return files, faults


def _inside(folder: Path, faults: list[FootageError]) -> list[Path]:
    """A folder's pictures and videos, in order; what cannot be entered is added to the faults."""

    def shut(error: OSError) -> None:
        faults.append(FootageError(Path(error.filename), error.strerror or "cannot be read"))

    found: list[Path] = []
    for root, _, names in os.walk(folder, onerror=shut):
        named = (Path(root, name) for name in names)
        found += [p for p in named if p.suffix.lower() in PICTURES | VIDEOS and not _is_other(p)]
    return sorted(found)


def _is_other(path: Path) -> bool:
    """Whether it is known to be no file: a pipe, a socket, a link to nowhere."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except PermissionError:
        return False  # told when it is opened
    except OSError:
        return True


def is_picture(path: Path) -> bool:
    """Whether a file is a picture: by its name, or where that says nothing, by its first bytes."""
    suffix = path.suffix.lower()
    if suffix in PICTURES or suffix in VIDEOS:
        return suffix in PICTURES
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(8).startswith(_PICTURE_STARTS)
    return False


def picture(path: Path) -> bytes:
    """A picture's bytes, undecoded. Raises FootageError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FootageError(path, error.strerror or "cannot be read") from None


def video(path: Path, *, patience_s: float = _PATIENCE_S) -> Iterator[VideoFrame]:
    """A video's frames in order. Raises FootageError, after the frames that could be read."""
    child = subprocess.Popen(  # noqa: S603 - our own module; the path is one argument
        [sys.executable, "-m", "gatehouse.footage_child", str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    try:
        yield from _frames(path, child, patience_s)
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        if child.stdout is not None:
            child.stdout.close()
        child.wait()


def _frames(path: Path, child: subprocess.Popen[bytes], patience_s: float) -> Iterator[VideoFrame]:
    source = _Source(child, patience_s)
    number = 0
    while True:
        try:
            said = json.loads(source.line())
            if "fault" in said:
                raise FootageError(path, _after(str(said["fault"]), number))
            if "end" in said:
                return
            pixels = source.exactly(int(said["width"]) * int(said["height"]) * 3)
        except _SilentError:
            raise FootageError(path, _after("its decoder hangs", number)) from None
        except (ValueError, KeyError, EOFError):
            raise FootageError(path, _after("it ended its decoder", number)) from None
        yield VideoFrame(number, int(said["width"]), int(said["height"]), pixels)
        number += 1


def _after(problem: str, frames: int) -> str:
    return f"{problem} (after {frames} frames)" if frames else problem


class _SilentError(Exception):
    """Nothing came for too long."""


class _Source:
    """A child's stdout, read with patience."""

    def __init__(self, child: subprocess.Popen[bytes], patience_s: float) -> None:
        self._pipe: Any = child.stdout
        self._patience_s = patience_s
        self._held = bytearray()

    def line(self) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            self._more()
        return self._take(end + 1)

    def exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            self._more()
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._held[:count])
        del self._held[:count]
        return taken

    def _more(self) -> None:
        if not select.select([self._pipe], [], [], self._patience_s)[0]:
            raise _SilentError
        chunk = os.read(self._pipe.fileno(), _CHUNK)
        if not chunk:
            raise EOFError
        self._held += chunk
