"""Writes a cut of the ring as an MP4 that every browser plays: H.264, copied wherever it can be."""

import io
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.stream import Stream  # noqa: TC002  beside its siblings
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream  # noqa: TC002

from edge.camera.mask import paint
from edge.camera.pixels import Pixels, pixels_of
from edge.camera.ring import Cut, Held
from edge.camera.source import Polygon

COPIED: Final = "h264"
_START_CODE: Final = (b"\x00\x00\x01", b"\x00\x00\x00\x01")
_MS: Final = Fraction(1, 1000)
_MOVFLAGS: Final = {"movflags": "+faststart"}


class ClipError(Exception):
    """There is no clip; one line for people."""


def write_clip(cut: Cut, path: Path, masks: Sequence[Polygon]) -> None:
    """Write the cut. Encoded anew only for another codec, or to black out `masks`.

    Raises ClipError.
    """
    try:
        if cut.segment.codec == COPIED and not masks:
            _copy(cut, path)
        else:
            _encode(cut, path, masks)
    except (av.FFmpegError, ValueError, MemoryError) as error:
        path.unlink(missing_ok=True)
        raise ClipError(f"cannot be written: {type(error).__name__}") from error


def _copy(cut: Cut, path: Path) -> None:
    # An elementary stream, opened again, is what tells the muxer the decoder's parameters: the
    # connection that they came from may long be closed.
    elementary = io.BytesIO(_parameters(cut) + b"".join(held.data for held in cut.packets))
    with (
        av.open(elementary, format=COPIED) as probe,
        av.open(str(path), "w", format="mp4", options=_MOVFLAGS) as output,
    ):
        stream = output.add_stream_from_template(probe.streams.video[0])
        for packet in _packets(cut):
            packet.stream = stream
            output.mux(packet)


def _packets(cut: Cut) -> Iterator["av.Packet[Stream]"]:
    """Packets anew, from zero on, each later than the one before."""
    base = cut.segment.time_base
    first = next((held.dts for held in cut.packets if held.dts is not None), None)
    zero = 0 if first is None else first
    last = -1
    for held in cut.packets:
        packet = av.Packet(held.data)
        packet.time_base = base
        arrived = round(Fraction(held.at - cut.from_at, 1000) / base)
        dts = arrived if held.dts is None or first is None else held.dts - zero
        packet.dts = last = max(dts, last + 1)
        packet.pts = last if held.pts is None or first is None else max(held.pts - zero, last)
        packet.is_keyframe = held.key
        yield packet


def _parameters(cut: Cut) -> bytes:
    extradata = cut.segment.extradata
    return extradata if extradata.startswith(_START_CODE) else b""


def _encode(cut: Cut, path: Path, masks: Sequence[Polygon]) -> None:
    """Times are those of arrival: a stream of pictures has no better ones."""
    with av.open(str(path), "w", format="mp4", options=_MOVFLAGS) as output:
        stream: VideoStream | None = None
        last = -1
        for at, frame in _decoded(cut):
            pixels = _even(pixels_of(frame))
            paint(pixels, masks)
            if stream is None:
                stream = _encoder(output, pixels)
            if pixels.shape[:2] != (stream.height, stream.width):
                continue  # the stream changed its size: the clip keeps the one it began with
            shown = VideoFrame.from_ndarray(pixels, format="bgr24")
            last = max(at - cut.from_at, last + 1)
            shown.pts, shown.time_base = last, _MS
            output.mux(stream.encode(shown))
        if stream is None:
            raise ClipError("no picture in it can be decoded")
        output.mux(stream.encode(None))


def _decoded(cut: Cut) -> Iterator[tuple[int, VideoFrame]]:
    decoder = av.CodecContext.create(cut.segment.codec, "r")
    if not isinstance(decoder, VideoCodecContext):
        raise ClipError("not a video")
    if cut.segment.extradata:
        decoder.extradata = cut.segment.extradata
    waiting: list[int] = []
    for held in [*cut.packets, None]:
        packet = None if held is None else _plain(held)
        if held is not None:
            waiting.append(held.at)
        try:
            frames = decoder.decode(packet)
        except av.FFmpegError:
            continue  # one broken packet is no reason to lose the clip
        for frame in frames:
            if isinstance(frame, VideoFrame):
                yield (waiting.pop(0) if waiting else cut.to_at), frame


def _plain(held: Held) -> "av.Packet[Stream]":
    packet = av.Packet(held.data)
    packet.pts, packet.dts = held.pts, held.dts
    return packet


def _encoder(output: "av.container.OutputContainer", pixels: Pixels) -> "VideoStream":
    stream = output.add_stream(COPIED, rate=25, options={"preset": "ultrafast", "crf": "26"})
    stream.height, stream.width = pixels.shape[:2]
    stream.pix_fmt = "yuv420p"
    stream.time_base = _MS
    stream.codec_context.time_base = _MS
    return stream


def _even(pixels: Pixels) -> Pixels:
    """4:2:0 halves both sides."""
    height, width = pixels.shape[0] & ~1, pixels.shape[1] & ~1
    return np.ascontiguousarray(pixels[:height, :width])
