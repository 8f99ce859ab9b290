"""Decoded pictures as arrays."""

import numpy as np
import numpy.typing as npt
from av.video.frame import VideoFrame

Luma = npt.NDArray[np.uint8]
"""Brightness, `(H, W)` uint8, 0 to 255."""

Pixels = npt.NDArray[np.uint8]
"""`(H, W, 3)` uint8, BGR."""

_WITH_LUMA = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "nv12", "gray"})


def luma_of(frame: VideoFrame) -> Luma:
    """A picture's brightness; the Y plane itself, not copied, where it has one."""
    if frame.format.name in _WITH_LUMA:
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), dtype=np.uint8).reshape(-1, plane.line_size)
        return rows[: frame.height, : frame.width]
    return np.asarray(frame.to_ndarray(format="gray"), dtype=np.uint8)


def pixels_of(frame: VideoFrame, width: int | None = None) -> Pixels:
    """A picture in colour, at most `width` wide."""
    wide = frame.width if width is None else min(width, frame.width)
    high = max(1, round(frame.height * wide / frame.width))
    return np.asarray(frame.to_ndarray(format="bgr24", width=wide, height=high), dtype=np.uint8)
