"""The picture that a plan may be drawn on: how large it says it is, before anything decodes it."""

import struct
from pathlib import Path
from typing import Final

from hub.config import Site
from hub.config.plan import Plan
from hub.errors import ConfigError

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_SIDE: Final = 12_000
MAX_PIXELS: Final = 60_000_000
"""A browser on a telephone shows no larger picture."""
SKEW: Final = 0.03
"""Share by which its shape may differ from the plan's: a scan is no better than this."""

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_NO_FRAME: Final = {0xC4, 0xC8, 0xCC}


def image_file(site: Site, plan: Plan) -> Path | None:
    """Where the picture lies: beside the site's file."""
    return None if plan.image is None else site.source.with_name(plan.image)


def image_type(path: Path) -> str:
    """Its media type, by its first bytes."""
    with path.open("rb") as file:
        return "image/png" if file.read(8) == _PNG else "image/jpeg"


def check_image(site: Site, plan: Plan, path: Path) -> None:
    """It is a picture of a size that can be shown, in the plan's shape. Raises ConfigError.

    path: the plan's file, for the error.
    """
    image = image_file(site, plan)
    if image is None:
        return
    try:
        data = image.read_bytes()
    except OSError as error:
        problem = f"{image} cannot be read: {error.strerror}"
        raise ConfigError(path, "image", problem) from None
    if len(data) > MAX_BYTES:
        problem = f"{image.name} weighs {len(data)} bytes; {MAX_BYTES} at most"
        raise ConfigError(path, "image", problem)
    size = _size(data)
    if size is None:
        raise ConfigError(path, "image", f"{image.name} is neither a PNG nor a JPEG")
    wide, high = size
    if not (wide and high) or max(size) > MAX_SIDE or wide * high > MAX_PIXELS:
        problem = f"{image.name} measures {wide} by {high} px; {MAX_SIDE} a side at most"
        raise ConfigError(path, "image", problem)
    shape = plan.size[0] / plan.size[1]
    if abs(wide / high / shape - 1) > SKEW:
        problem = (
            f"{image.name} measures {wide} by {high} px, which is not the shape of"
            f" {plan.size[0]:g} by {plan.size[1]:g} m"
        )
        raise ConfigError(path, "image", problem)


def _size(data: bytes) -> tuple[int, int] | None:
    """Width and height in px, as declared."""
    if data.startswith(_PNG) and data[12:16] == b"IHDR" and len(data) >= 24:  # noqa: PLR2004
        wide, high = struct.unpack_from(">II", data, 16)
        return int(wide), int(high)
    return _jpeg_size(data) if data.startswith(_JPEG) else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """The frame header's; ITU-T T.81, table B.1."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:  # noqa: PLR2004
            high, wide = struct.unpack_from(">HH", data, at + 5)
            return int(wide), int(high)
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    return None
