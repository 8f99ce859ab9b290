"""What is known of a picture before anything decodes it."""

import struct
import zlib

import cv2
import numpy as np
import pytest

from hub.vision.picture import MAX_BYTES, Size, inspect
from hub.vision.result import Refused
from tests.vision_ebike.conftest import jpeg, paint


def png(width: int, height: int) -> bytes:
    """A PNG that declares any size, and holds next to nothing."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(b"\0")), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def resized_header(data: bytes, width: int, height: int) -> bytes:
    """A JPEG whose frame header declares another size."""
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


SMALL = jpeg(paint(64, 48, 90))
PROGRESSIVE = cv2.imencode(".jpg", paint(64, 48, 90), [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[
    1
].tobytes()


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (SMALL, Size(64, 48)),
        (PROGRESSIVE, Size(64, 48)),
        (SMALL[:2] + b"\xff\xfe\x00\x06\xff\xc0!!" + SMALL[2:], Size(64, 48)),  # a comment first
        (SMALL[:2] + b"\xff\xff" + SMALL[2:], Size(64, 48)),  # fill bytes
        (SMALL + b"\0\0\0", Size(64, 48)),
        (png(20, 10), Size(20, 10)),
    ],
)
def test_the_declared_size_is_read(data, size):
    assert inspect(data) == size


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "not-a-picture"),
        (b"GIF89a" + bytes(50), "not-a-picture"),
        (b"\xff\xd8\xff", "truncated"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\x00\x00\x00\x00", "not-a-picture"),
        (SMALL[:100], "truncated"),
        (SMALL[:-30], "truncated"),
        (SMALL[: SMALL.index(b"\xff\xc0")] + SMALL[SMALL.index(b"\xff\xda") :], "not-a-picture"),
        (resized_header(SMALL, 60000, 60000), "too-large"),
        (resized_header(SMALL, 8000, 8000), "too-large"),
        (resized_header(SMALL, 9000, 10), "too-large"),
        (resized_header(SMALL, 0, 10), "not-a-picture"),
        (png(100_000, 100_000), "too-large"),
        (png(20, 10)[:20], "truncated"),
        (png(20, 10)[:-12], "truncated"),
        (SMALL + bytes(MAX_BYTES), "too-large"),
    ],
)
def test_what_will_not_be_decoded_says_why(data, reason):
    answer = inspect(data)
    assert isinstance(answer, Refused)
    assert answer.reason == reason
    assert answer.detail


def test_any_cut_of_a_jpeg_is_refused_and_none_crashes():
    noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8)
    data = jpeg(noise)
    assert inspect(data) == Size(64, 48)
    for end in range(len(data) - 1):
        assert isinstance(inspect(data[:end]), Refused)
