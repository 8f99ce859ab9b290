"""Stills as a plate camera takes them: JPEGs that any reader opens, small, no two alike.

What they show is plain grey: nobody's car. Their size comes from a comment segment (ITU-T T.81,
B.2.4.5), so that the way they travel is that of a real picture.
"""

import base64
import random
from typing import Final

GREY: Final = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERX"
    "RTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAA"
    "AAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AP//Z"
)
"""8 by 8 pixels."""

_START: Final = 2
_COMMENT: Final = b"\xff\xfe"
_LARGEST_COMMENT: Final = 65_533
SIZES: Final = (12_000, 45_000)
"""Bytes; the stills of real cameras are a few times larger."""


def snapshot(draw: random.Random) -> bytes:
    """A JPEG of a size drawn from `SIZES`."""
    comment = draw.randbytes(min(draw.randint(*SIZES), _LARGEST_COMMENT))
    segment = _COMMENT + (len(comment) + 2).to_bytes(2, "big") + comment
    return GREY[:_START] + segment + GREY[_START:]
