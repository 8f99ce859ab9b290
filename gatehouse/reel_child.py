"""The process that turns pictures into a recording: `python -m gatehouse.reel_child OUT FPS`.

Takes the paths as lines of JSON on stdin; for each that cannot be shown, writes a line with
`path` and `fault`, and at the end one with `shown`, how many can be.
"""

import json
import os
import resource
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Final

import av
import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from hub.vision.picture import inspect
from hub.vision.result import Refused

_MEMORY: Final = 2 * 1024**3
_QUALITY: Final = "2"
_MS: Final = Fraction(1, 1000)


def main() -> None:
    """Write the recording that the command line names."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    cv2.setNumThreads(1)
    paths = [Path(json.loads(line)) for line in sys.stdin]
    with os.fdopen(os.dup(1), "wb") as sink:
        os.dup2(2, 1)
        shown = _write(paths, Path(sys.argv[1]), float(sys.argv[2]), sink)
        _say(sink, {"shown": shown})


def _write(paths: list[Path], out: Path, fps: float, sink: BinaryIO) -> int:
    shown = 0
    stream: VideoStream | None = None
    with av.open(str(out), "w", format="matroska") as output:
        for path in paths:
            pixels = _pixels(path)
            if isinstance(pixels, str):
                _say(sink, {"path": str(path), "fault": pixels})
                continue
            if stream is None:
                stream = _stream(output, pixels, fps)
            frame = VideoFrame.from_ndarray(_fitting(pixels, stream), format="bgr24")
            frame.pts, frame.time_base = round(shown * 1000 / fps), _MS
            output.mux(stream.encode(frame))
            shown += 1
        if stream is not None:
            output.mux(stream.encode(None))
    return shown


def _pixels(path: Path) -> "np.ndarray[Any, np.dtype[np.uint8]] | str":
    """(H, W, 3) uint8, BGR; or why not. Its declared size is looked at before it is decoded."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return error.strerror or "cannot be read"
    size = inspect(data)
    if isinstance(size, Refused):
        return size.detail
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return "cannot be decoded" if pixels is None else np.asarray(pixels, np.uint8)


def _stream(
    output: "av.container.OutputContainer",
    pixels: "np.ndarray[Any, np.dtype[np.uint8]]",
    fps: float,
) -> VideoStream:
    """Motion JPEG of the first picture's size, each picture a key frame."""
    stream = output.add_stream("mjpeg", rate=Fraction(fps).limit_denominator(1000))
    stream.height, stream.width = (max(2, side & ~1) for side in pixels.shape[:2])
    stream.pix_fmt = "yuvj444p"
    stream.time_base = _MS
    stream.codec_context.time_base = _MS
    stream.codec_context.options = {"qmin": _QUALITY, "qmax": _QUALITY}
    return stream


def _fitting(
    pixels: "np.ndarray[Any, np.dtype[np.uint8]]", stream: VideoStream
) -> "np.ndarray[Any, np.dtype[np.uint8]]":
    """The picture as large as the first one, black where it has another shape."""
    high, wide = pixels.shape[:2]
    scale = min(stream.height / high, stream.width / wide)
    size = (min(stream.width, round(wide * scale)), min(stream.height, round(high * scale)))
    if size != (wide, high):
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    whole = np.zeros((stream.height, stream.width, 3), np.uint8)
    top, left = (stream.height - size[1]) // 2, (stream.width - size[0]) // 2
    whole[top : top + size[1], left : left + size[0]] = pixels
    return whole


def _say(sink: BinaryIO, message: dict[str, Any]) -> None:
    sink.write(json.dumps(message).encode() + b"\n")
    sink.flush()


if __name__ == "__main__":
    main()
