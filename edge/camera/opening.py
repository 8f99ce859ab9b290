"""Opens a camera's stream: only what is meant, and nothing that it points to."""

from typing import Final

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from edge.camera.source import MAX_PIXELS, Source, scheme_of

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

_FORMATS: Final = "rtsp,sdp,rtp,mpegts,mpjpeg,mjpeg,h264,hevc,mov,matroska,avi"
"""No playlists: a stream must not be able to name further addresses or files."""


def open_stream(source: Source) -> tuple[InputContainer, VideoStream]:
    """Open the stream and its first video. Raises av.FFmpegError, OSError, ValueError."""
    scheme = scheme_of(source.url)
    options = {
        "protocol_whitelist": _PROTOCOLS[scheme],
        "format_whitelist": _FORMATS,
        "analyzeduration": "1000000",
        "fpsprobesize": "0",
        "max_pixels": str(MAX_PIXELS),
    }
    if not source.is_file:
        # What was read to learn the format is old by then; of a recording it is the beginning.
        options["fflags"] = "nobuffer"
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
