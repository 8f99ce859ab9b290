"""The process that touches one photo: `python -m hub.vision.photo_child [stamp]`, stdin to stdout.

It ends with 0 and a JPEG, or with anything else and nothing worth reading.
"""

import os
import resource
import signal
import sys
from typing import Final

import cv2
import numpy as np

LONGEST_PX: Final = 1920
"""Enough to read a door's number; a photo weighs some 400 KiB."""

QUALITY: Final = 82
LINES: Final = 6
"""How often a stamp stands in a picture: cutting one line away leaves the others."""

MEMORY_BYTES: Final = 1536 * 1024 * 1024
_CPU_S: Final = 20


def main() -> int:
    """Turn the photo upright, make it smaller and write it anew."""
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is not taken for a picture
    _limit()
    os.nice(5)  # the line goes first
    cv2.setNumThreads(1)
    data = np.frombuffer(sys.stdin.buffer.read(), np.uint8)
    try:
        # this flag also turns the picture as its EXIF block says
        shown = cv2.imdecode(data, cv2.IMREAD_COLOR)
    except cv2.error:
        return 3
    if shown is None:
        return 3
    high, wide = shown.shape[:2]
    scale = LONGEST_PX / max(high, wide)
    if scale < 1:
        size = (max(1, round(wide * scale)), max(1, round(high * scale)))
        shown = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
    if sys.argv[1:2] != [""]:
        _stamp(shown, "".join(sys.argv[1:2]))
    done, written = cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    if not done:
        return 3
    sink.write(written.tobytes())
    sink.close()
    return 0


def _stamp(shown: np.ndarray, text: str) -> None:
    """Draw the text across the picture, dark on light, so that it shows on any ground."""
    high, wide = shown.shape[:2]
    font = cv2.FONT_HERSHEY_SIMPLEX
    (needed, _), _ = cv2.getTextSize(text, font, 1.0, 1)
    scale = max(0.3, min(1.0, 0.96 * wide / max(1, needed)))
    long = max(1, round(needed * scale * 1.08))
    for line in range(LINES):
        y = round(high * (line + 0.6) / LINES)
        for x in range(2 - (line % 2) * long // 2, wide, long):
            # an outline of shifted copies: a thicker line would be a wider one
            for dx, dy, grey in ((1, 1, 0), (-1, -1, 0), (1, -1, 0), (-1, 1, 0), (0, 0, 255)):
                ink = (grey, grey, grey)
                cv2.putText(shown, text, (x + dx, y + dy), font, scale, ink, 1, cv2.LINE_AA)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_S, _CPU_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.alarm(_CPU_S * 2)  # should the hub be gone when a photo hangs


if __name__ == "__main__":
    sys.exit(main())
