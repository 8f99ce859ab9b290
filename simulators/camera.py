"""Cameras that serve what they see over HTTP on loopback: as MPEG-TS, or as Motion JPEG."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Mapping
from fractions import Fraction
from types import TracebackType
from typing import Final, Literal, Self

import av
import cv2
from aiohttp import web
from av.video.frame import VideoFrame

from simulators.errors import SimulatorError
from simulators.scenery import Blinds, Pixels, Scene

Form = Literal["mpegts", "mjpeg"]
FPS: Final = 10
LATE_S: Final = 0.3
_BOUNDARY: Final = "gatehouse-frame"


class SimulatedCamera:
    """One camera. scene: what is before it. blinds: what somebody does to it."""

    def __init__(self, device: str, scene: Scene, *, form: Form = "mpegts", fps: int = FPS) -> None:
        self.device = device
        self.form = form
        self.fps = fps
        self.blinds = Blinds(scene)
        self._began = time.monotonic()

    @property
    def sends(self) -> bool:
        """Whether anything leaves it at all."""
        return self.blinds.blindness != "no-signal"

    @property
    def elapsed_s(self) -> float:
        """Real seconds since it was switched on: the clock of its scene."""
        return time.monotonic() - self._began

    def picture(self, at: float | None = None) -> Pixels:
        """What it sees now, or saw a moment ago. at: the monotonic clock, s."""
        return self.blinds(self.elapsed_s if at is None else max(0.0, at - self._began))


class CameraServer:
    """The cameras of an estate on one ephemeral loopback port."""

    def __init__(self, cameras: Mapping[str, SimulatedCamera]) -> None:
        self._cameras = cameras
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/cameras/{device}", self._stream)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        addresses = self._runner.addresses
        if not addresses:
            raise SimulatorError("the cameras have no listening socket")
        self._port = addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, device: str) -> str:
        """Where the camera's stream is."""
        return f"http://127.0.0.1:{self._port}/cameras/{device}"

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        camera = self._cameras.get(request.match_info["device"])
        if camera is None or not camera.sends:
            return web.Response(status=503)
        mjpeg = camera.form == "mjpeg"
        kind = f"multipart/x-mixed-replace; boundary={_BOUNDARY}" if mjpeg else "video/mp2t"
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        try:
            async for chunk in _jpegs(camera) if mjpeg else _transport_stream(camera):
                await response.write(chunk)
        except (ConnectionResetError, ConnectionError):
            pass  # the reader went away
        return response


async def _transport_stream(camera: SimulatedCamera) -> AsyncIterator[bytes]:
    """H.264 in MPEG-TS, a keyframe a second, until the camera is switched off."""
    encoder = await asyncio.to_thread(_TransportStream, camera)
    async for due in _ticks(camera.fps):
        if not camera.sends:
            return
        yield await asyncio.to_thread(encoder.next, due)


async def _jpegs(camera: SimulatedCamera) -> AsyncIterator[bytes]:
    async for due in _ticks(camera.fps):
        if not camera.sends:
            return
        yield await asyncio.to_thread(_part, camera, due)


def _part(camera: SimulatedCamera, due: float) -> bytes:
    _, jpeg = cv2.imencode(".jpg", camera.picture(due), [cv2.IMWRITE_JPEG_QUALITY, 80])
    body = jpeg.tobytes()
    head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body + b"\r\n"


async def _ticks(fps: int) -> AsyncIterator[float]:
    """When each picture is taken, monotonic clock, s.

    The shutter does not wait for the encoder: on a busy machine pictures leave late, by LATE_S
    every second one is left out, by twice as much two of three, and so on, evenly.
    """
    due = time.monotonic()
    while True:
        yield due
        late_s = time.monotonic() - due
        due += (1 + int(late_s / LATE_S)) / fps
        await asyncio.sleep(max(0.0, due - time.monotonic()))


class _TransportStream:
    """Encodes what one camera sees, for one reader."""

    def __init__(self, camera: SimulatedCamera) -> None:
        self._camera = camera
        self._sink = io.BytesIO()
        first = camera.picture()
        self._output = av.open(self._sink, "w", format="mpegts")
        options = {"preset": "ultrafast", "tune": "zerolatency", "crf": "26"}
        self._stream = self._output.add_stream("h264", rate=camera.fps, options=options)
        self._stream.height, self._stream.width = first.shape[:2]
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.gop_size = camera.fps
        self._stream.codec_context.time_base = Fraction(1, 1000)
        self._began = time.monotonic()
        self._last = -1

    def next(self, due: float) -> bytes:
        """The bytes of the picture that was taken at `due`, monotonic clock, s."""
        frame = VideoFrame.from_ndarray(self._camera.picture(due), format="bgr24")
        tick = round((due - self._began) * 1000)
        self._last = max(tick, self._last + 1)
        frame.pts, frame.time_base = self._last, Fraction(1, 1000)
        self._output.mux(self._stream.encode(frame))
        chunk = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return chunk
