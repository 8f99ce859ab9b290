"""The driver of cameras: reports their picture, passes frames on, answers what the hub asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from typing import Any, Final

import structlog
from pydantic import ValidationError

from edge.camera.clips import Clips
from edge.camera.pipe import Message
from edge.camera.process import CameraProcess
from edge.drivers.camera_settings import CameraDevice, CameraSettings
from edge.errors import ConfigError, DeviceError, OutboxError
from edge.media.evidence import Piece
from edge.station import Station
from wire import Command, ContentType, Lane, Observation, SignalValue
from wire.kinds.camera import CLIP, LIVE, PICTURE, WATCH
from wire.media import EvidenceClass, Frame
from wire.observation import encode_observations
from wire.tracks import Track, TrackReport, encode_tracks

log = structlog.get_logger()

REPORT_S: Final = 30.0
"""Between reports while nothing changes: the camera's sign of life."""

NO_SIGNAL: Final = "no-signal"
_MEASURES: Final = ("fps", "width", "height", "codec", "looked_fps", "passed_over")
NO_VIDEO: Final = "no video"
"""How the fault of a camera without pictures begins."""
_WAITING: Final = 64
_LIBRARIES: Final = ("av", "cv2", "numpy")
"""Only the children load them; an agent without cameras needs none of them."""


class Camera:
    """One camera and its child process.

    records: whether any picture may leave it at all. falls: it looks for what falls.
    """

    def __init__(
        self,
        settings: CameraDevice,
        kind: str,
        station: Station,
        *,
        records: bool,
        falls: bool = False,
    ) -> None:
        source = settings.source(station.clock, falls=falls)
        self.process = CameraProcess(settings.id, source, self._hear)
        self._device = settings.id
        self._kind = kind
        self._station = station
        self._records = records
        self._heard: asyncio.Queue[tuple[Message, bytes]] = asyncio.Queue(_WAITING)
        self._picture: str | None = None
        self._report_due = 0.0
        self._dropped = 0
        self._clips = Clips(settings.id, station.evidence, self.process.order, allowed=records)

    async def run(self) -> None:
        """Serve it until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.process.run(), name=f"camera {self._device}")
            group.create_task(self._serve(), name=f"camera reports {self._device}")

    async def request(self, command: Command) -> None:
        """What the hub asks. Raises DeviceError when there is no child to ask."""
        if command.action == CLIP:
            await self._clips.ask(command)
        elif command.action in {WATCH, LIVE}:
            seconds = self._station.clock.real_seconds(command.lease_s)
            if not self.process.order({"do": command.action, "seconds": seconds}):
                raise DeviceError("the camera is being started")

    def _hear(self, message: Message, body: bytes) -> None:
        try:
            self._heard.put_nowait((message, body))
        except asyncio.QueueFull:
            log.warning("camera.report_dropped", device=self._device, what=message["do"])

    async def _serve(self) -> None:
        while True:
            message, body = await self._heard.get()
            try:
                await self._take(message, body)
            except (KeyError, TypeError, ValidationError) as error:
                # The child's words come from a hostile stream's side of the fence.
                log.warning("camera.bad_report", device=self._device, error=type(error).__name__)

    async def _take(self, message: Message, body: bytes) -> None:
        match message["do"]:
            case "seen":
                self._station.board.heard(self._device)
                await self._count_dropped(message.get("tracks_dropped", 0))
                await self._report(message["picture"], _measures(message))
            case "lost":
                self._station.board.failed(self._device, f"{NO_VIDEO}: {message['why']}"[:200])
                await self._report(NO_SIGNAL, {})
            case "frame":
                await self._pass_on(message, body)
            case "track":
                await self._pass_on_track(message)
            case "still" | "thumbnail":
                await self._bring_still(message, body)
            case "clip":
                await self._clips.made(message)
            case "no-clip":
                await self._clips.missed(message)

    async def _report(self, picture: str, measures: dict[str, SignalValue]) -> None:
        """Tell the hub at once what has changed, and every now and then that nothing has."""
        clock = self._station.clock
        if picture == self._picture and clock.monotonic() < self._report_due:
            return
        self._picture, self._report_due = picture, clock.monotonic() + REPORT_S
        now = clock.now()
        signals: dict[str, SignalValue] = {PICTURE: picture, **measures}
        said = Observation(device=self._device, kind=self._kind, at=now, seen=now, signals=signals)
        encode_observations([said])
        await self._station.recorder.record_or_count(self._station.recorder.lane(said), [said])

    async def _pass_on(self, message: Message, jpeg: bytes) -> None:
        if not self._records:
            return
        frame = Frame(
            device=self._device,
            kind=self._kind,
            at=message["at"],
            seen=self._station.clock.now(),
            width=message["width"],
            height=message["height"],
            why=message["why"],
            jpeg=jpeg,
        )
        if frame.why == "live":
            self._station.show(frame)
            return
        try:
            await self._station.outbox.append(
                Lane.MEDIA, ContentType.FRAME, frame.encode(), count=1
            )
        except OutboxError:
            await self._station.outbox.count_drop(Lane.MEDIA, 1)

    async def _pass_on_track(self, message: Message) -> None:
        report = TrackReport(
            device=self._device,
            kind=self._kind,
            stream=message["stream"],
            number=message["number"],
            at=message["at"],
            seen=self._station.clock.now(),
            final=message["final"],
            track=Track.model_validate(message["track"]),
        )
        body = encode_tracks([report])
        try:
            await self._station.outbox.append(Lane.EVENT, ContentType.TRACKS, body, count=1)
        except OutboxError:
            await self._station.outbox.count_drop(Lane.EVENT, 1)

    async def _count_dropped(self, dropped: int) -> None:
        """Tracks that the child could not tell; it counts from its own start."""
        more = dropped - self._dropped if dropped >= self._dropped else dropped
        self._dropped = dropped
        if more > 0:
            await self._station.outbox.count_drop(Lane.EVENT, more)

    async def _bring_still(self, message: Message, jpeg: bytes) -> None:
        at = int(message["at"])
        kind = EvidenceClass(message["do"])
        piece = Piece(self._device, kind, "image/jpeg", at, at, of=str(message["of"]))
        await self._station.evidence.bring(jpeg, piece)


class CameraDriver:
    """All cameras of one `[[driver]]` table."""

    def __init__(self, cameras: Sequence[Camera], ids: Sequence[str]) -> None:
        self.cameras = dict(zip(ids, cameras, strict=True))

    async def run(self) -> None:
        """Serve the cameras until cancelled."""
        async with asyncio.TaskGroup() as group:
            for device, camera in self.cameras.items():
                group.create_task(camera.run(), name=f"camera {device}")

    async def execute(
        self,
        device: str,
        action: str,
        *,
        command: str,  # noqa: ARG002  the Driver protocol's
        lease_s: float,  # noqa: ARG002
    ) -> None:
        """A camera alone moves nothing. Raises DeviceError."""
        raise DeviceError(f"{device} has nothing that can {action}")

    async def request(self, command: Command) -> None:
        """See `TakesRequests`."""
        await self.cameras[command.device].request(command)


def opener(
    kind: str, records: Callable[[CameraDevice], bool], *, falls: bool = False
) -> Callable[[Any, Station], Any]:
    """`DriverType.open` for a kind of camera; see `Camera`."""

    @asynccontextmanager
    async def _open(settings: CameraSettings, station: Station) -> AsyncIterator[CameraDriver]:
        if missing := [name for name in _LIBRARIES if find_spec(name) is None]:
            raise ConfigError(
                f"driver {settings.type} needs {', '.join(missing)}: install gatehouse[vision]"
            )
        cameras = [
            Camera(one, kind, station, records=records(one), falls=falls) for one in settings.device
        ]
        yield CameraDriver(cameras, [one.id for one in settings.device])

    return _open


def _measures(message: Message) -> dict[str, SignalValue]:
    named = {name: message.get(name) for name in _MEASURES}
    return {name: value for name, value in named.items() if value is not None}
