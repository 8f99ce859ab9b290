"""What a camera is, for the child that reads it; and how its stream is opened."""

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import av
from av.container import InputContainer
from av.video.stream import VideoStream
from pydantic import BaseModel, ConfigDict, Field

MAX_PIXELS: Final = 4096 * 4096
OPEN_S: Final = 6.0
READ_S: Final = 5.0
"""A server that says nothing for this long is as good as gone."""

_PROTOCOLS: Final = {
    "rtsp": "rtsp,rtp,udp,tcp",
    "rtsps": "rtsp,rtsps,rtp,udp,tcp,tls,crypto",
    "http": "http,tcp",
    "https": "https,http,tcp,tls,crypto",
    "udp": "udp",
    "file": "file",
}
SCHEMES: Final = frozenset(_PROTOCOLS)

_FORMATS: Final = "rtsp,sdp,rtp,mpegts,mpjpeg,mjpeg,h264,hevc,mov,matroska,avi"
"""No playlists: a stream must not be able to name further addresses or files."""

Fraction01 = Annotated[float, Field(ge=0, le=1)]


class Source(BaseModel):
    """What the child is told.

    url: of the stream; may hold a login, so it is never logged. format: for streams that do not
    tell what they are. loop: a file begins anew at its end. masks: polygons that are blacked out.
    origin, zero, rate: the agent's clock, read by CLOCK_MONOTONIC. keep_s, keep_mib: the ring.
    frame_width: of the pictures for the hub, px. frozen_s: 0 never calls a picture frozen.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    format: Literal["mpegts", "mpjpeg", "mjpeg", "rtsp"] | None = None
    loop: bool = False
    masks: tuple[tuple[tuple[Fraction01, Fraction01], ...], ...] = ()
    origin: int
    zero: float
    rate: float = 1.0
    keep_s: float = 40.0
    keep_mib: float = 48.0
    frame_width: int = 640
    frozen_s: float = 15.0

    @property
    def is_file(self) -> bool:
        """Read at the pace of its own time stamps."""
        return scheme_of(self.url) == "file"


def scheme_of(url: str) -> str:
    """The protocol of an address; `file` for a path."""
    return urlsplit(url).scheme or "file"


def open_stream(source: Source) -> tuple[InputContainer, VideoStream]:
    """Open the stream and its first video. Raises av.FFmpegError, OSError, ValueError."""
    scheme = scheme_of(source.url)
    options = {
        "protocol_whitelist": _PROTOCOLS[scheme],
        "format_whitelist": _FORMATS,
        "fflags": "nobuffer",
        "analyzeduration": "1000000",
        "fpsprobesize": "0",
        "max_pixels": str(MAX_PIXELS),
    }
    if scheme.startswith("rtsp"):
        options["rtsp_transport"] = "tcp"
    container = av.open(
        source.url.removeprefix("file://"),
        format=source.format,
        options=options,
        timeout=(OPEN_S, READ_S),
    )
    try:
        stream = container.streams.video[0]
        _check_size(stream.codec_context.width, stream.codec_context.height)
    except (IndexError, ValueError):
        container.close()
        raise ValueError("no usable video in this stream") from None
    stream.codec_context.thread_count = 1  # the agent has other cameras, and the machine few cores
    return container, stream


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise ValueError("picture too large")
