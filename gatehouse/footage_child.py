"""The process that decodes a video: `python -m gatehouse.footage_child FILE`.

Writes a line of JSON and the frame's BGR bytes, frame by frame; `end`, or `fault` with its text.
A packet that cannot be decoded costs no other frame, and is a fault at the end.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO, Final

import av
from av.error import FFmpegError

MAX_PIXELS: Final = 16_000_000
MAX_DAMAGED: Final = 200
"""Packets that may fail to decode in a row before a video is given up."""
_MEMORY: Final = 3 * 1024**3


def main() -> None:
    """Decode the file named on the command line to stdout."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        try:
            _decode(sys.argv[1], sink)
        except FFmpegError as error:
            _say(sink, {"fault": f"cannot be read as a video: {error.strerror}"})


def _decode(path: str, sink: BinaryIO) -> None:
    with av.open(path, metadata_errors="ignore") as container:
        if not container.streams.video:
            _say(sink, {"fault": "holds no video"})
            return
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        shown = damaged = in_a_row = 0
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except FFmpegError:
                damaged, in_a_row = damaged + 1, in_a_row + 1
                if in_a_row >= MAX_DAMAGED:
                    break
                continue
            in_a_row = 0
            for frame in frames:
                if frame.width * frame.height > MAX_PIXELS:
                    size = f"{frame.width}x{frame.height}"
                    _say(sink, {"fault": f"{size} pixels are more than allowed"})
                    return
                _say(sink, {"width": frame.width, "height": frame.height})
                sink.write(frame.to_ndarray(format="bgr24").tobytes())
                shown += 1
    _say(sink, _end(shown, damaged))


def _end(shown: int, damaged: int) -> dict[str, Any]:
    if not shown:
        return {"fault": "cannot be read as a video: not one picture of it can be decoded"}
    return {"fault": f"{damaged} damaged packets left out"} if damaged else {"end": True}


def _say(sink: BinaryIO, message: dict[str, Any]) -> None:
    sink.write(json.dumps(message).encode() + b"\n")
    sink.flush()


if __name__ == "__main__":
    main()
