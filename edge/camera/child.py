"""The child process of one camera: `python -m edge.camera.child`, started by `edge.camera.process`.

Orders come on stdin, reports leave on stdout, and it ends when the agent does. It may use only so
much memory: a stream that wants more ends the child, not the machine.
"""

import contextlib
import os
import resource
import sys
import threading
from pathlib import Path
from typing import Any, Final

import av
import av.logging
import cv2

from edge.camera.capture import Capture
from edge.camera.cutting import ClipAsk
from edge.camera.pipe import Message, PipeError, pack, read
from edge.camera.source import Source

MEMORY_BYTES: Final = 2 * 1024**3
_NICE: Final = 5


def main() -> None:
    """Read the first order, which describes the camera; then serve it."""
    _confine()
    first = read(sys.stdin.buffer)
    if first is None:
        return
    lock = threading.Lock()

    def say(message: dict[str, Any], body: bytes) -> None:
        with lock:
            sys.stdout.buffer.write(pack(message, body))
            sys.stdout.buffer.flush()

    capture = Capture(Source.model_validate(first[0]["source"]), say)
    threading.Thread(target=_obey, args=[capture], daemon=True).start()
    capture.run()


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(_NICE)
    av.logging.set_level(av.logging.PANIC)  # its messages repeat the address, login and all
    cv2.setNumThreads(1)


def _obey(capture: Capture) -> None:
    """Take orders until the agent is gone."""
    with contextlib.suppress(PipeError, OSError):
        while (order := read(sys.stdin.buffer)) is not None:
            _do(capture, order[0])
    os._exit(0)  # the main thread may hang in a stream that never answers


def _do(capture: Capture, order: Message) -> None:
    match order:
        case {"do": "watch", "seconds": float() | int() as seconds}:
            capture.watch(seconds)
        case {"do": "live", "seconds": float() | int() as seconds}:
            capture.live(seconds)
        case {
            "do": "clip",
            "id": str() as name,
            "from": int() as start,
            "to": int() as end,
            "path": str() as path,
        }:
            capture.clip(ClipAsk(name, start, end, Path(path)))


if __name__ == "__main__":
    main()
