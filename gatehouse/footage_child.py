"""The process that decodes a video: `python -m gatehouse.footage_child FILE`.

Writes a line of JSON and the frame's BGR bytes, frame by frame; `end`, or `fault` with its text.
"""

import json
import os
import resource
import sys
from typing import Any, BinaryIO, Final

import av
from av.error import FFmpegError

MAX_PIXELS: Final = 16_000_000
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
        for frame in container.decode(stream):
            if frame.width * frame.height > MAX_PIXELS:
                _say(sink, {"fault": f"{frame.width}x{frame.height} pixels are more than allowed"})
                return
            _say(sink, {"width": frame.width, "height": frame.height})
            sink.write(frame.to_ndarray(format="bgr24").tobytes())
    _say(sink, {"end": True})


def _say(sink: BinaryIO, message: dict[str, Any]) -> None:
    sink.write(json.dumps(message).encode() + b"\n")
    sink.flush()


if __name__ == "__main__":
    main()
