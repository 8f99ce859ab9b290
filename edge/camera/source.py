"""What a camera is, for the child that reads it. Opens nothing, and needs no codec."""

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

MAX_PIXELS: Final = 4096 * 4096
RECORDING_ENDED: Final = "the recording has ended"
"""Why there is no video any more once a file has been played that does not loop."""

SCHEMES: Final = frozenset({"rtsp", "rtsps", "http", "https", "udp", "file"})

Fraction01 = Annotated[float, Field(ge=0, le=1)]


Polygon = tuple[tuple[Fraction01, Fraction01], ...]
"""Corners `(x, y)` as fractions of the picture's width and height."""


class Source(BaseModel):
    """What the child is told.

    url: of the stream; may hold a login, so it is never logged. format: for streams that do not
    tell what they are. loop: a file begins anew at its end. masks: polygons that are blacked out.
    origin, zero, rate: the agent's clock, read by CLOCK_MONOTONIC. keep_s, keep_mib: the ring.
    frame_width: of the pictures for the hub, px. frozen_s: 0 never calls a picture frozen.
    falls: it looks up at a building, for what falls; the hub then needs no pictures of motion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    format: Literal["mpegts", "mpjpeg", "mjpeg", "rtsp"] | None = None
    loop: bool = False
    masks: tuple[Polygon, ...] = ()
    origin: int
    zero: float
    rate: float = 1.0
    keep_s: float = 40.0
    keep_mib: float = 48.0
    frame_width: int = 640
    frozen_s: float = 15.0
    falls: bool = False

    @property
    def is_file(self) -> bool:
        """Read at the pace of its own time stamps."""
        return scheme_of(self.url) == "file"


def scheme_of(url: str) -> str:
    """The protocol of an address; `file` for a path."""
    return urlsplit(url).scheme or "file"
