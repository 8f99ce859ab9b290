"""A whole recording through the front end; meant to run in a child process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from edge.errors import FootageError
from edge.vision.falling.frontend import FallingFrontEnd
from wire.tracks import Track

Luma = NDArray[np.uint8]

MAX_PIXELS = 8192 * 4608
"""Pictures larger than this are refused: no facade camera makes them, bombs do."""
MIN_SIDE = 32
USUAL_FPS = 25.0
"""Where a file does not state its rate."""
FASTEST_FPS = 240.0
"""A stated rate beyond this is a container's time base, not a camera's rate."""
BITS = 8
PLANAR = ("yuv4", "yuvj4", "nv12", "nv21", "nv16", "gray")
MAX_DAMAGED = 200
"""Packets that may fail to decode in a row before a recording is given up."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a recording. damaged: packets that could not be decoded."""

    frames: int
    seconds: float
    fps: float
    damaged: int
    tracks: tuple[Track, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """Some pictures are done; sent so that a watchdog knows."""

    frames: int


def scan(path: Path) -> Iterator[Progress | Scan]:
    """Progress while it runs, the result last. Raises FootageError: one line for people."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise FootageError(f"{path}: holds no video")
            yield from _scan(container, path)
    except OSError as error:  # PyAV's errors of files and formats are OSErrors, or:
        raise FootageError(f"{path}: {error.strerror or 'cannot be read'}") from error
    except av.FFmpegError as error:
        raise FootageError(f"{path}: cannot be decoded ({type(error).__name__})") from error


def _scan(container: "av.container.InputContainer", path: Path) -> Iterator[Progress | Scan]:
    stream = container.streams.video[0]
    fps = float(stream.average_rate or stream.guessed_rate or USUAL_FPS)
    fps = fps if 1.0 <= fps <= FASTEST_FPS else USUAL_FPS
    decoder = _Decoder(container, stream)
    front_end: FallingFrontEnd | None = None
    size, tracks, frames, at_s = (0, 0), list[Track](), 0, 0.0
    first_s: float | None = None
    for frame in decoder:
        if (frame.width, frame.height) != size:
            tracks += front_end.flush() if front_end else []
            size = (frame.width, frame.height)
            front_end = _front_end(size, fps, path)
        stamp = frame.time if frame.time is not None else frames / fps
        first_s = stamp if first_s is None else first_s
        at_s = stamp - first_s if frames == 0 else max(stamp - first_s, at_s + 0.2 / fps)
        if front_end is not None:
            tracks += front_end.step(luma_of(frame), at_s)
        frames += 1
        if frames % 10 == 0:
            yield Progress(frames)
    tracks += front_end.flush() if front_end else []
    if frames == 0:
        raise FootageError(f"{path}: not one picture can be decoded")
    yield Scan(frames, round(at_s + 1 / fps, 3), round(fps, 3), decoder.damaged, tuple(tracks))


def _front_end(size: tuple[int, int], fps: float, path: Path) -> FallingFrontEnd:
    if min(size) < MIN_SIDE or size[0] * size[1] > MAX_PIXELS:
        raise FootageError(f"{path}: pictures of {size[0]} x {size[1]} px are not looked at")
    return FallingFrontEnd(*size, fps=fps)


def luma_of(frame: "av.VideoFrame") -> Luma:
    """The picture's brightness, (H, W); without a copy where the format has a plane of it."""
    format_ = frame.format
    if not format_.name.startswith(PLANAR) or format_.components[0].bits != BITS:
        return np.asarray(frame.to_ndarray(format="gray"), np.uint8)
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return np.asarray(rows[: frame.height, : frame.width])


class _Decoder:
    """The pictures of a stream; packets that cannot be decoded are counted and left out."""

    def __init__(self, container: "av.container.InputContainer", stream: "av.VideoStream") -> None:
        self.damaged = 0
        self._container = container
        self._stream = stream

    def __iter__(self) -> Iterator["av.VideoFrame"]:
        in_a_row = 0
        packets = self._container.demux(self._stream)
        while in_a_row < MAX_DAMAGED:
            try:
                packet = next(packets)
                pictures = packet.decode()
            except StopIteration:
                return
            except av.FFmpegError:
                self.damaged += 1
                in_a_row += 1
                continue
            in_a_row = 0
            yield from pictures
