"""Looks through recordings in a child process: what breaks a decoder must not break us.

Corrupt files have been seen to abort a whole process inside FFmpeg, to hang it, and to ask for
all memory there is. The child has a memory limit and a watchdog; whatever becomes of it, the
caller gets a result or one FootageError.
"""

import multiprocessing
import resource
import signal
from contextlib import closing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from edge.errors import FootageError
from edge.vision.falling.scan import Progress, Scan, scan

STALL_S = 30.0
"""A child that is silent for so long hangs (it reports every ten pictures)."""
MEMORY_BYTES = 6 * 1024**3
"""Address space of the child: 4K takes under 2 GiB of it, libraries included."""


def scan_footage(path: Path, *, stall_s: float = STALL_S) -> Scan:
    """Run a recording through the falling-object front end.

    Raises FootageError, one line for people that names the file: missing, unreadable, without a
    picture; the decoder crashed, hung or ran out of memory.
    """
    try:
        there = path.is_file()
    except OSError as error:  # a folder that may not be entered, a name that is too long
        raise FootageError(f"{path}: {error.strerror or 'cannot be read'}") from None
    if not there:
        raise FootageError(f"{path}: no such file")
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, path), name="footage", daemon=True)
    with closing(ours):
        child.start()
        theirs.close()
        try:
            return _result(ours, child, path, stall_s)
        finally:
            child.kill()
            child.join()
            child.close()


def _result(ours: Connection, child: BaseProcess, path: Path, stall_s: float) -> Scan:
    while True:
        if not ours.poll(stall_s):
            raise FootageError(f"{path}: the decoder hung for {stall_s:g} s")
        try:
            message = ours.recv()
        except EOFError:
            child.join(stall_s)
            raise FootageError(f"{path}: the decoder crashed ({_ending(child)})") from None
        match message:
            case Scan():
                return message
            case str():
                raise FootageError(message)


def _ending(child: BaseProcess) -> str:
    code = child.exitcode
    if code is None:
        return "no exit"
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _child(theirs: Connection, path: Path) -> None:
    """What the child does: send progress, then a Scan, or a line of text that says why not."""
    import av.logging  # noqa: PLC0415 - decoders are loaded in the child alone
    import cv2  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    av.logging.set_level(None)
    cv2.setNumThreads(1)
    try:
        for message in scan(path):
            theirs.send(message)
    except FootageError as error:
        theirs.send(str(error))
    except MemoryError:
        theirs.send(f"{path}: takes more than {MEMORY_BYTES >> 30} GiB to decode")


__all__ = ["FootageError", "Progress", "Scan", "scan_footage"]
