"""How large a picture says it is, read from its first bytes: before anything decodes it.

A decompression bomb is a small file that declares a huge picture. Only the declaration is read
here, in plain Python; nothing is decompressed.
"""

import struct
from dataclasses import dataclass
from typing import Final

from hub.vision.result import Refused

MAX_BYTES: Final = 8 * 1024 * 1024
MAX_SIDE: Final = 8192
MAX_PIXELS: Final = 16_000_000
"""A 4K camera's picture has 8.3 million pixels."""

_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_END = b"\xff\xd9"
_SCAN, _NO_LENGTH = 0xDA, {0x01, *range(0xD0, 0xD8)}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Start-of-frame markers: ITU-T T.81, table B.1."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a picture may weigh, bytes, and measure, px."""

    max_bytes: int = MAX_BYTES
    max_side: int = MAX_SIDE
    max_pixels: int = MAX_PIXELS


CAMERA: Final = Limits()


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in px, as declared."""

    width: int
    height: int


def inspect(data: bytes, limits: Limits = CAMERA) -> Size | Refused:
    """The declared size of a JPEG or PNG, or why it will not be decoded."""
    if len(data) > limits.max_bytes:
        return Refused("too-large", f"{len(data)} bytes, more than {limits.max_bytes}")
    if data.startswith(_JPEG):
        size = _jpeg_size(data)
    elif data.startswith(_PNG):
        size = _png_size(data)
    else:
        return Refused("not-a-picture", "neither JPEG nor PNG")
    if isinstance(size, Refused):
        return size
    if not (size.width and size.height):
        return Refused("not-a-picture", "declares a size of zero")
    side, pixels = max(size.width, size.height), size.width * size.height
    if side > limits.max_side or pixels > limits.max_pixels:
        return Refused("too-large", f"{size.width}x{size.height} pixels, more than allowed")
    return size


def _jpeg_size(data: bytes) -> Size | Refused:
    """Walk the marker segments up to the first scan; the frame header comes before it."""
    at, size = 2, None
    while at + 4 <= len(data):
        if data[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            return Refused("not-a-picture", "broken JPEG header")
        marker = data[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - fill byte
            at += 1
            continue
        if marker in _NO_LENGTH:
            at += 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker in _FRAMES:
            if at + 9 > len(data):
                break
            height, width = struct.unpack_from(">HH", data, at + 5)
            size = Size(width, height)
        if marker == _SCAN:
            if size is None:
                return Refused("not-a-picture", "JPEG without a frame header")
            if data.find(_END, at) < 0:
                return Refused("truncated", "the JPEG ends early")
            return size
        at += 2 + max(2, length)
    return Refused("truncated", "the JPEG ends in its header")


def _png_size(data: bytes) -> Size | Refused:
    header = len(_PNG) + 8 + 8
    if len(data) < header:
        return Refused("truncated", "the PNG ends in its header")
    if data.rfind(b"IEND", header) < 0:
        return Refused("truncated", "the PNG ends early")
    width, height = struct.unpack_from(">II", data, len(_PNG) + 8)
    return Size(width, height)
