"""The child's work: read a stream, hold its last seconds, judge its picture, send what is asked.

A live stream is measured in real seconds, a recording in its own; only the moments (`at`) are the
agent's clock, which a simulation may run faster.
"""

import time
from dataclasses import replace
from fractions import Fraction
from typing import Final, NoReturn

import av
import cv2
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from edge.backoff import Backoff
from edge.camera.cutting import ClipAsk, Cutting, Say
from edge.camera.faller import Faller
from edge.camera.gate import Gate
from edge.camera.judge import Delays, Judge
from edge.camera.mask import paint
from edge.camera.opening import open_stream
from edge.camera.packets import annex_b, decoded, held_of, pace
from edge.camera.pixels import luma_of, pixels_of
from edge.camera.ring import Ring
from edge.camera.source import MAX_PIXELS, RECORDING_ENDED, Source
from edge.camera.timing import StreamTime
from edge.vision.falling.watch import Telling
from wire import Clock

LOOK_S: Final = 0.2
TELL_S: Final = 1.0
_QUALITY: Final = 80
_LIVE_QUALITY: Final = 70
_LIVE_WIDTH: Final = 960
_THUMBNAIL_WIDTH: Final = 192

_RECONNECT_FIRST_S: Final = 0.5
_RECONNECT_MOST_S: Final = 5.0
_RATE_S: Final = 5.0
_ENDED: Final = "the stream has ended"
_MIB: Final = 1024 * 1024
_UNSTAMPED: Final = frozenset({"mpjpeg", "mjpeg"})


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
        self._cutting = Cutting(self._ring, source.masks, say)
        self._stills: list[str] = []
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
        self._cutting.ask(asked)
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
        self._cutting.write(self._clock.now())
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
        through = annex_b(stream)
        began: tuple[float, float] | None = None
        for packet in container.demux(stream):
            if packet.size == 0:  # the end: pictures that the decoder held back
                for frame in decoded(packet):
                    self._frame(frame)
                continue
            if self._source.is_file:
                began = pace(packet, began, self._rate)
            # A filter takes the packet's bytes away, so the decoder gets them first.
            held = held_of(packet, self._clock.now())
            frames = decoded(packet)
            for one in through(held):
                self._ring.add(one)
            for frame in frames:
                self._frame(frame)
            self._cutting.write(self._clock.now())

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
