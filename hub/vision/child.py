"""The process that touches pictures: `python -m hub.vision.child`, fed through its stdin.

It decodes and infers with little memory and no more than one thread. When a picture is more than
it can bear, it ends; whoever started it starts another.
"""

import os
import resource
import signal
import sys
import time
from typing import Final

import cv2
import numpy as np

from hub.vision.frames import Shot, UndecodableError, decode, whole
from hub.vision.model import ModelSpec
from hub.vision.network import Network, UnfitError
from hub.vision.pipe import Message, pack, read

_FILES: Final = 64


def main() -> None:
    """Take a model, then pictures, until stdin ends."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints is not taken for an answer
    first = read(source)
    if first is None:
        return
    order, content = first
    _limit(int(order["memory_bytes"]))
    cv2.setNumThreads(1)
    try:
        spec = ModelSpec.model_validate(order["spec"])
        network = Network(spec, content)
        network.warm(whole(np.zeros((64, 64, 3), np.uint8)))
    except UnfitError as error:
        sink.write(pack({"unfit": str(error)}))
        return
    sink.write(pack({"ready": True}))
    while (said := read(source)) is not None:
        # should the hub be gone when a picture hangs, nobody else would end this process
        signal.setitimer(signal.ITIMER_REAL, float(order["alone_s"]))
        sink.write(pack(_answer(network, spec, *said)))
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(network: Network, spec: ModelSpec, order: Message, body: bytes) -> Message:
    begin = time.perf_counter()
    try:
        shot = _shot(spec, order, body)
    except UndecodableError:
        return {"undecodable": True}
    found = network.detect(shot)
    return {
        "found": found,
        "width": shot.size.width,
        "height": shot.size.height,
        "ms": round((time.perf_counter() - begin) * 1000, 2),
    }


def _shot(spec: ModelSpec, order: Message, body: bytes) -> Shot:
    """An encoded picture, or a decoded frame of which the size is said."""
    if "width" not in order:
        return decode(body, spec.input)
    rows = np.frombuffer(body, np.uint8).reshape(int(order["height"]), int(order["width"]), 3)
    return whole(rows)


def _limit(memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, _FILES))


if __name__ == "__main__":
    main()
