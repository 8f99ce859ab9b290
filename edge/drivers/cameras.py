"""The driver of cameras: reports their picture, passes frames on, answers what the hub asks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import structlog
from pydantic import Field, SecretStr, ValidationError, field_validator

from edge.camera.pipe import Message
from edge.camera.process import CameraProcess
from edge.camera.source import SCHEMES, Polygon, Source, scheme_of
from edge.drivers.base import DeviceSettings, DriverSettings
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
_MOST_CLIP_S: Final = 30.0
_CLIPS_AT_ONCE: Final = 4
_LIBRARIES: Final = ("av", "cv2", "numpy")
"""Only the children load them; an agent without cameras needs none of them."""


class CameraDevice(DeviceSettings):
    """One camera.

    url: `rtsp://`, `http://`, `udp://` …, or a file; a login in it is kept from logs and hub.
    format: for a stream that does not tell what it is. loop: a file begins anew at its end;
        without it, it is played once.
    mask: polygons, `[[x, y], …]` as fractions of the picture, that are blacked out in whatever
        leaves the camera. frozen_s: a picture without any change for this long is frozen; 0 never.
    """

    url: SecretStr
    format: Literal["mpegts", "mpjpeg", "mjpeg", "rtsp"] | None = None
    loop: bool = False
    mask: tuple[Polygon, ...] | None = None
    frame_width: Annotated[int, Field(ge=160, le=1920)] = 640
    frozen_s: Annotated[float, Field(ge=0, le=3600)] = 15.0

    @field_validator("url")
    @classmethod
    def _known(cls, url: SecretStr) -> SecretStr:
        if scheme_of(url.get_secret_value()) not in SCHEMES:
            raise ValueError(f"must be a path, or begin with {', '.join(sorted(SCHEMES))}")
        return url

    @field_validator("mask")
    @classmethod
    def _polygons(cls, mask: tuple[Polygon, ...] | None) -> tuple[Polygon, ...] | None:
        if mask is not None and any(len(polygon) < 3 for polygon in mask):  # noqa: PLR2004
            raise ValueError("a polygon has three corners at least")
        return mask

    def below(self, folder: Path) -> "CameraDevice":
        """The same camera, a file's path taken from `folder`."""
        url = self.url.get_secret_value()
        if "://" in url:
            return self
        return self.model_copy(update={"url": SecretStr(str(folder / url))})


class CameraSettings(DriverSettings):
    """Cameras of one kind; drivers add the literal `type`."""

    device: Annotated[tuple[CameraDevice, ...], Field(min_length=1, max_length=64)]

    def with_paths_below(self, folder: Path) -> "CameraSettings":
        """Files are named relative to the configuration file."""
        return self.model_copy(update={"device": tuple(one.below(folder) for one in self.device)})


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
        source = _source(settings, station).model_copy(update={"falls": falls})
        self.process = CameraProcess(settings.id, source, self._hear)
        self._device = settings.id
        self._kind = kind
        self._station = station
        self._records = records
        self._heard: asyncio.Queue[tuple[Message, bytes]] = asyncio.Queue(_WAITING)
        self._picture: str | None = None
        self._report_due = 0.0
        self._dropped = 0
        self._clips: dict[str, tuple[Piece, Path]] = {}

    async def run(self) -> None:
        """Serve it until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.process.run(), name=f"camera {self._device}")
            group.create_task(self._serve(), name=f"camera reports {self._device}")

    async def request(self, command: Command) -> None:
        """What the hub asks. Raises DeviceError when there is no child to ask."""
        if command.action == CLIP:
            await self._ask_clip(command)
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
                piece, path = self._clips.pop(message["id"])
                span = {"from_at": int(message["from"]), "to_at": int(message["to"])}
                await self._station.evidence.bring_file(path, _spanning(piece, **span))
            case "no-clip":
                piece, path = self._clips.pop(message["id"])
                path.unlink(missing_ok=True)
                await self._station.evidence.fail(piece, str(message["why"]))

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

    async def _ask_clip(self, command: Command) -> None:
        """Have the child write a clip; whatever hinders it is told to the hub."""
        params = command.params
        at, before, after = (_number(params, name) for name in ("at", "before_s", "after_s"))
        name = str(params.get("evidence", command.id))
        if name in self._clips:
            return  # it was asked again: the first is being made
        piece = Piece(
            self._device,
            EvidenceClass.CLIP,
            "video/mp4",
            round(at - before * 1000),
            round(at + after * 1000),
            id=name,
        )
        path = self._station.evidence.scratch_file()
        order = {
            "do": "clip",
            "id": piece.id,
            "from": piece.from_at,
            "to": piece.to_at,
            "path": str(path),
        }
        if why := self._hindrance(before, after):
            await self._station.evidence.fail(piece, why)
            return
        self._clips[name] = (piece, path)
        if not self.process.order(order):
            del self._clips[name]
            await self._station.evidence.fail(piece, "the camera is being started")

    def _hindrance(self, before: float, after: float) -> str:
        if not self._records:
            return "this camera is set up not to record"
        if not (0 <= before <= _MOST_CLIP_S and 0 <= after <= _MOST_CLIP_S):
            return f"at most {_MOST_CLIP_S:g} s before and after"
        return "too many clips at once" if len(self._clips) >= _CLIPS_AT_ONCE else ""


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


def _source(settings: CameraDevice, station: Station) -> Source:
    return Source(
        url=settings.url.get_secret_value(),
        format=settings.format,
        loop=settings.loop,
        masks=settings.mask or (),
        origin=station.clock.origin,
        zero=station.clock.zero,
        rate=station.clock.rate,
        frame_width=settings.frame_width,
        frozen_s=settings.frozen_s,
    )


def _measures(message: Message) -> dict[str, SignalValue]:
    named = {name: message.get(name) for name in _MEASURES}
    return {name: value for name, value in named.items() if value is not None}


def _spanning(piece: Piece, *, from_at: int, to_at: int) -> Piece:
    return Piece(piece.device, piece.kind, piece.content_type, from_at, to_at, piece.id, piece.of)


def _number(params: dict[str, str | float | bool], name: str) -> float:
    value = params.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise DeviceError(f"{name}: a number is needed")
    return float(value)
