"""The child's work: read a stream, hold its last seconds, judge its picture, send what is asked.

A live stream is measured in real seconds, a recording in its own; only the moments (`at`) are the
agent's clock, which a simulation may run faster.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NoReturn

import av
import cv2
from av.bitstream import BitStreamFilterContext
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.backoff import Backoff
from edge.camera.clip import ClipError, write_clip
from edge.camera.faller import Faller
from edge.camera.gate import Gate
from edge.camera.judge import Delays, Judge
from edge.camera.mask import paint
from edge.camera.opening import open_stream
from edge.camera.pixels import luma_of, pixels_of
from edge.camera.ring import Cut, Held, Ring
from edge.camera.source import MAX_PIXELS, RECORDING_ENDED, Source
from edge.camera.timing import StreamTime
from edge.vision.falling.watch import Telling
from wire import Clock

Say = Callable[[dict[str, Any], bytes], None]

LOOK_S: Final = 0.2
TELL_S: Final = 1.0
_QUALITY: Final = 80
_LIVE_QUALITY: Final = 70
_LIVE_WIDTH: Final = 960
_THUMBNAIL_WIDTH: Final = 192
_LATE_MS: Final = 3000
"""A clip waits this much longer for its last packets, in case the stream stands still."""

_RECONNECT_FIRST_S: Final = 0.5
_RECONNECT_MOST_S: Final = 5.0
_RATE_S: Final = 5.0
_ENDED: Final = "the stream has ended"
_LATE_S: Final = 0.3
_LONGEST_GAP_S: Final = 5.0
"""Between two pictures of a recording; a gap beyond is a mistake in its times."""
_MIB: Final = 1024 * 1024
_UNSTAMPED: Final = frozenset({"mpjpeg", "mjpeg"})


@dataclass(frozen=True, slots=True)
class ClipAsk:
    """A clip that is asked for: what it covers, agent's clock, ms, and where it goes."""

    id: str
    from_at: int
    to_at: int
    path: Path


class Capture:
    """One camera. `run` never returns; the methods may be called from another thread.

    say: tells the agent something; a message and, for pictures, a JPEG.
    """

    def __init__(self, source: Source, say: Say) -> None:
        self._source = source
        self._say = say
        self._clock = Clock(time.monotonic, source.origin, source.zero, source.rate)
        # A recording plays as fast as the agent's clock runs: what it shows lasts as it lasted.
        self._rate = source.rate if source.is_file else 1.0
        self._ring = Ring(round(source.keep_s * 1000), round(source.keep_mib * _MIB))
        self._judge = Judge(Delays(frozen=source.frozen_s))
        self._gate = Gate()
        self._asked: list[ClipAsk] = []
        self._stills: list[str] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="clip")
        self._looked = self._told = float("-inf")
        self._frames = 0
        self._counted_from = 0.0
        self._fps: float | None = None
        self._size = (0, 0)
        self._codec = ""
        self._time = StreamTime(own=False)
        self._faller = Faller(self._fell, waits=source.is_file) if source.falls else None

    def watch(self, seconds: float) -> None:
        """The hub looks closely for some seconds from now."""
        self._gate = replace(self._gate, watch_until=self._now() + seconds * self._rate)

    def live(self, seconds: float) -> None:
        """Somebody watches for some seconds from now."""
        self._gate = replace(self._gate, live_until=self._now() + seconds * self._rate)

    def clip(self, asked: ClipAsk) -> None:
        """Write a clip as soon as its last second has come, and send a still at once."""
        self._asked.append(asked)
        self._stills.append(asked.id)

    def _now(self) -> float:
        return time.monotonic() * self._rate

    def run(self) -> None:
        """Read the stream, again and again; a recording that does not loop, once."""
        pause = Backoff(_RECONNECT_FIRST_S, _RECONNECT_MOST_S)
        while True:
            began = time.monotonic()
            self._say({"do": "beat"}, b"")
            try:
                self._connection()
                why = _ENDED
            except (av.FFmpegError, OSError, ValueError, MemoryError) as error:
                why = type(error).__name__  # FFmpeg's own text may repeat the address
            self._judge.interrupted()
            if self._faller is not None:
                self._faller.end()
            if self._source.is_file and not self._source.loop and why == _ENDED:
                self._stand_still()
            if not (self._source.loop and why == _ENDED):
                self._say({"do": "lost", "why": why}, b"")
                if time.monotonic() - began > _RATE_S:
                    pause.reset()
                self._rest(pause.next())

    def _stand_still(self) -> NoReturn:
        """A recording has come to its end: nothing more is seen, but its last clips are written."""
        self._say({"do": "lost", "why": RECORDING_ENDED}, b"")
        while True:
            self._say({"do": "beat"}, b"")
            self._rest(1.0)

    def _rest(self, seconds: float) -> None:
        self._write_clips()
        time.sleep(seconds)

    def _connection(self) -> None:
        container, stream = open_stream(self._source)
        with container:
            context = stream.codec_context
            base = stream.time_base or Fraction(1, 90000)
            self._codec = context.codec.name
            self._time = StreamTime(own=container.format.name not in _UNSTAMPED)
            self._ring.begin(context.codec.canonical_name, context.extradata or b"", base)
            self._frames, self._counted_from, self._fps = 0, self._now(), None
            self._read(container, stream)

    def _read(self, container: InputContainer, stream: VideoStream) -> None:
        annex_b = _annex_b(stream)
        began: tuple[float, float] | None = None
        for packet in container.demux(stream):
            if packet.size == 0:  # the end: pictures that the decoder held back
                for frame in _decode(packet):
                    self._frame(frame)
                continue
            if self._source.is_file:
                began = _pace(packet, began, self._rate)
            # A filter takes the packet's bytes away, so the decoder gets them first.
            held = _held(packet, self._clock.now())
            frames = _decode(packet)
            for one in annex_b(held):
                self._ring.add(one)
            for frame in frames:
                self._frame(frame)
            self._write_clips()

    def _frame(self, frame: VideoFrame) -> None:
        if frame.width * frame.height > MAX_PIXELS:
            raise ValueError("picture too large")
        self._frames += 1
        now = self._now()
        self._size = (frame.width, frame.height)
        if self._faller is not None:
            self._faller.offer(luma_of(frame), self._time.of(frame.time, now))
        if now - self._looked >= LOOK_S:
            self._looked = now
            before = self._judge.picture
            self._judge.see(luma_of(frame), now)
            if self._judge.picture != before or now - self._told >= TELL_S:
                self._tell(now)
        self._send(frame, now)

    def _tell(self, now: float) -> None:
        self._told = now
        elapsed = now - self._counted_from
        if elapsed >= _RATE_S or self._fps is None:
            self._fps = self._frames / elapsed if elapsed > TELL_S else None
            if elapsed >= _RATE_S:
                self._frames, self._counted_from = 0, now
        seen = {
            "do": "seen",
            "picture": self._judge.picture,
            "fps": self._fps,
            "width": self._size[0],
            "height": self._size[1],
            "codec": self._codec[:40],
            "motion": round(self._judge.motion, 4),
        }
        if self._faller is not None:
            looked = self._faller.looked
            seen |= {
                "looked_fps": looked.fps,
                "passed_over": round(100 * looked.passed_over, 1),
                "tracks_dropped": looked.dropped,
            }
        self._say(seen, b"")

    def _fell(self, telling: Telling) -> None:
        """In the faller's own thread."""
        since = (self._now() - self._time.moment(telling.track.end_s)) / self._rate
        self._say(
            {
                "do": "track",
                "stream": telling.stream,
                "number": telling.number,
                "at": self._clock.now() - round(since * 1000 * self._source.rate),
                "final": telling.final,
                "track": telling.track.model_dump(mode="json"),
            },
            b"",
        )

    def _send(self, frame: VideoFrame, now: float) -> None:
        gate = self._gate
        moving = self._judge.moving and self._faller is None
        if why := gate.why(now, moving=moving):
            self._gate = replace(gate, sent=now)
            self._say_picture("frame", frame, self._source.frame_width, _QUALITY, why=why)
        if gate.shows(now):
            self._gate = replace(self._gate, shown=now)
            self._say_picture("frame", frame, _LIVE_WIDTH, _LIVE_QUALITY, why="live")
        while self._stills:
            of = self._stills.pop()
            self._say_picture("still", frame, frame.width, _QUALITY, of=of)
            self._say_picture("thumbnail", frame, _THUMBNAIL_WIDTH, _LIVE_QUALITY, of=of)

    def _say_picture(
        self, do: str, frame: VideoFrame, width: int, quality: int, **more: str
    ) -> None:
        pixels = pixels_of(frame, width)
        paint(pixels, self._source.masks)
        done, jpeg = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done:
            size = {"width": pixels.shape[1], "height": pixels.shape[0]}
            self._say({"do": do, "at": self._clock.now(), **size, **more}, jpeg.tobytes())

    def _write_clips(self) -> None:
        now = self._clock.now()
        for asked in [one for one in self._asked if now >= one.to_at]:
            cut = self._ring.cut(asked.from_at, asked.to_at)
            whole = cut is not None and cut.to_at >= asked.to_at - _LATE_MS // 10
            if not whole and now < asked.to_at + _LATE_MS:
                continue
            self._asked.remove(asked)
            if cut is None:
                self._no_clip(asked, "nothing was recorded then")
                continue
            self._writer.submit(self._write, asked, cut)

    def _write(self, asked: ClipAsk, cut: Cut) -> None:
        try:
            write_clip(cut, asked.path, self._source.masks)
        except ClipError as error:
            self._no_clip(asked, str(error))
        else:
            span = {"from": cut.from_at, "to": cut.to_at}
            self._say({"do": "clip", "id": asked.id, **span}, b"")

    def _no_clip(self, asked: ClipAsk, why: str) -> None:
        self._say({"do": "no-clip", "id": asked.id, "why": why}, b"")


def _held(packet: "av.Packet[VideoStream]", at: int) -> Held:
    return Held(at, bytes(packet), packet.is_keyframe, packet.pts, packet.dts, packet.duration or 0)


def _decode(packet: "av.Packet[VideoStream]") -> list[VideoFrame]:
    """The pictures of a packet; none where it is damaged: the next keyframe mends it."""
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    except (av.error.InvalidDataError, av.error.PatchWelcomeError):
        return []


def _annex_b(stream: VideoStream) -> Callable[[Held], list[Held]]:
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


def _pace(
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
