"""Checkpoints of the audit trail in files: lines of JSON, one file a month, only added to."""

import os
from collections.abc import Iterable
from pathlib import Path
from time import struct_time

from hub.access.checkpoints import Checkpoint, UnreadableCheckpointError, read_line


def append_checkpoints(folder: Path, made: Iterable[Checkpoint], at: struct_time) -> None:
    """Add them to this month's file, down to the disk. Raises OSError."""
    lines = "".join(f"{one.line()}\n" for one in made)
    if not lines:
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"audit-{at.tm_year:04}-{at.tm_mon:02}.jsonl"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def read_checkpoints(folder: Path) -> list[Checkpoint]:
    """Those of all files of a folder.

    The last line of a file may be cut off: the machine stopped while it was written. Raises
    UnreadableCheckpointError, which names file and line, and OSError.
    """
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder}: no such folder")
    found: list[Checkpoint] = []
    for path in sorted(folder.glob("audit-*.jsonl")):
        lines = path.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines[:-1], 1):
            try:
                found.append(read_line(line))
            except UnreadableCheckpointError as error:
                raise UnreadableCheckpointError(f"{path}: line {number}: {error}") from None
    return found
