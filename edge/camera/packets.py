"""A stream's packets: paced, decoded, and in the one form in which they are held and cut."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Final

import av
from av.bitstream import BitStreamFilterContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.camera.ring import Held

_LATE_S: Final = 0.3
_LONGEST_GAP_S: Final = 5.0
"""Between two pictures of a recording; a gap beyond is a mistake in its times."""


def held_of(packet: "av.Packet[VideoStream]", at: int) -> Held:
    """A copy for the ring. at: when it came, agent's clock, ms."""
    return Held(at, bytes(packet), packet.is_keyframe, packet.pts, packet.dts, packet.duration or 0)


def decoded(packet: "av.Packet[VideoStream]") -> list[VideoFrame]:
    """A packet's pictures; none where it is damaged: the next keyframe mends it."""
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    except (av.error.InvalidDataError, av.error.PatchWelcomeError):
        return []


def annex_b(stream: VideoStream) -> Callable[[Held], list[Held]]:
    """H.264 from a file (MP4, Matroska) in the form that live streams have."""
    context = stream.codec_context
    if context.codec.canonical_name != "h264" or (context.extradata or b"\0")[:1] != b"\x01":
        return lambda held: [held]
    filtering = BitStreamFilterContext("h264_mp4toannexb", stream)

    def through(held: Held) -> list[Held]:
        packet = av.Packet(held.data)
        packet.pts, packet.dts = held.pts, held.dts
        packet.is_keyframe = held.key
        return [replace(held, data=bytes(one)) for one in filtering.filter(packet)]

    return through


def pace(
    packet: "av.Packet[VideoStream]", began: tuple[float, float] | None, rate: float
) -> tuple[float, float] | None:
    """Sleep until a file's packet is due; when the first was shown, and its own time.

    rate: seconds of the recording per real second. A machine that is too slow shows it slower,
    instead of hurrying through what it is late with.
    """
    if packet.pts is None or packet.time_base is None:
        return began
    own, now = float(packet.pts * packet.time_base), time.monotonic()
    if began is None:
        return now, own
    due = began[0] + (own - began[1]) / rate
    if now - due > _LATE_S:
        return now, own
    time.sleep(min(max(0.0, due - now), _LONGEST_GAP_S))
    return began
