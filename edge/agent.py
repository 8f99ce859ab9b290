"""The composition root of an edge agent: the only place that puts its parts together."""

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, Self

import structlog

from edge.actuation import Actuation, verifier
from edge.actuator import Bench, Execute
from edge.board import DeviceBoard
from edge.commands import Scope
from edge.config import EdgeConfig
from edge.drivers.base import Driver, TakesRequests
from edge.drivers.registry import load as load_drivers
from edge.errors import ConfigError
from edge.identity import Renewing, load_identity
from edge.link import Link
from edge.media.evidence import EvidenceDesk
from edge.media.keys import load_or_make_key
from edge.media.pictures import PictureStore
from edge.media.upload import Uploader
from edge.nonces import NonceBook
from edge.outbox import Outbox
from edge.push import PushServer
from edge.receipts import ReceiptBook
from edge.recorder import Recorder
from edge.station import Station
from edge.together import stop
from wire import AgentStatus, Clock, Lane

log = structlog.get_logger()

OUTBOX_FILE = "outbox.db"
PICTURE_FOLDER = "pictures"
SCRATCH_FOLDER = "scratch"
MEDIA_KEY_FILE = "media.key"


class Agent:
    """One edge agent, running while its context lasts.

    Everything that a device was told is stored is on disk when the context ends, and what is held
    open has been let go. Await `run` beside whatever else is done: it ends when a part fails.

    http_port: where devices push to, when the configuration has `[http]`.
    """

    def __init__(self, config: EdgeConfig, clock: Clock) -> None:
        self.config = config
        self.clock = clock
        self.http_port: int | None = None
        self.outbox = Outbox(config.data / OUTBOX_FILE, config.outbox)
        self.pictures = PictureStore(config.data / PICTURE_FOLDER, config.pictures)
        self._kinds = config.kinds
        self._board = DeviceBoard(self._kinds, clock)
        self._nonces = NonceBook(clock.monotonic)
        self._run = secrets.token_hex(8)
        self._receipts = ReceiptBook(self.outbox, clock)
        self._link = Link(
            config, self.outbox, clock, status=self.status, command=self._take_command
        )
        self._stack = AsyncExitStack()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Start. Raises ConfigError, OutboxError."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stack.aclose()
        log.info("agent.stopped", agent=self.config.agent)

    @property
    def connected(self) -> asyncio.Event:
        """Set while the broker has the agent's `online` status."""
        return self._link.connected

    async def run(self) -> None:
        """Serve until cancelled; ends with the error of the first part that fails."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task

    def status(self) -> AgentStatus:
        """What the agent says of itself now; draws a fresh nonce."""
        return AgentStatus(
            state="online",
            boot=self.outbox.boot,
            run=self._run,
            at=self.clock.now(),
            version=_version(),
            nonce=self._nonces.draw(),
            heartbeat_s=self.config.heartbeat_s,
            lanes=self.outbox.statuses(),
            devices=self._board.statuses(),
        )

    async def _start(self) -> None:
        """Bring up the parts; they go down in the opposite order.

        The last to start are the first to stop: devices are refused first, then doors are let go,
        then the link says goodbye, and the outbox closes last.
        """
        verify = verifier(self.config.hub_key)
        await self._stack.enter_async_context(self.outbox)
        self._spawn(self._link.run(), "link")
        self._stack.push_async_callback(self._receipts.drain)
        self._spawn(self._receipts.run(), "receipts")
        server = PushServer()
        drivers = await self._open_drivers(server)
        executes: dict[str, Execute] = {
            device.id: driver.execute
            for settings, driver in zip(self.config.driver, drivers, strict=True)
            for device in settings.device
        }
        scope = Scope(self.config.site, self.config.agent, self._kinds, verify)
        bench = Bench(self.clock, self._nonces, self.outbox, self._receipts)
        requests = {
            device.id: driver.request
            for settings, driver in zip(self.config.driver, drivers, strict=True)
            for device in settings.device
            if isinstance(driver, TakesRequests)
        }
        self._actuation = Actuation(scope, bench, executes, requests)
        self._stack.push_async_callback(self._actuation.stop)
        self._spawn(self._actuation.run(), "actuation")
        for settings, driver in zip(self.config.driver, drivers, strict=True):
            self._spawn(driver.run(), f"driver {settings.type}")
        self._upload()
        self._renew()
        await self._listen(server)
        log.info("agent.started", agent=self.config.agent, boot=self.outbox.boot)

    async def _open_drivers(self, server: PushServer) -> list[Driver]:
        recorder = Recorder(self.outbox, self._kinds, self._on_fire)
        station = Station(
            clock=self.clock,
            outbox=self.outbox,
            recorder=recorder,
            board=self._board,
            routes=server.routes,
            pictures=self.pictures,
            evidence=EvidenceDesk(
                self.pictures, self.outbox, self.clock, self.config.data / SCRATCH_FOLDER
            ),
            show=self._link.show,
        )
        types = load_drivers()
        return [
            await self._stack.enter_async_context(types[settings.type].open(settings, station))
            for settings in self.config.driver
        ]

    def _renew(self) -> None:
        """Keep the certificate that was enrolled from ending. Raises ConfigError."""
        identity = load_identity(self.config.data)
        if identity is not None and self.config.mqtt.cert_file is None:
            self._spawn(Renewing(identity, self.clock.now).run(), "identity")

    def _upload(self) -> None:
        """Bring evidence to the hub, if it says where that is. Raises ConfigError."""
        media = self.config.media
        if media is None:
            return
        key = load_or_make_key(self.config.data / MEDIA_KEY_FILE)
        log.info("agent.media_key", agent=self.config.agent, public_key=key.public)
        uploader = Uploader(
            media,
            self.pictures,
            key,
            site=self.config.site,
            agent=self.config.agent,
            busy=lambda: self.outbox.backlog(Lane.LIFE) > 0,
        )
        self._spawn(uploader.run(), "upload")

    async def _listen(self, server: PushServer) -> None:
        http = self.config.http
        if http is None:
            return
        self._stack.push_async_callback(server.stop)
        try:
            self.http_port = await server.start(http.host, http.port)
        except OSError as error:
            raise ConfigError(f"http.listen: {http.listen}: {error.strerror}") from error

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run a part until the agent stops."""
        task = asyncio.create_task(work, name=f"{self.config.agent} {name}")
        task.add_done_callback(_tell)
        self._tasks.append(task)
        self._stack.push_async_callback(stop, [task])

    def _on_fire(self, device: str, active: bool) -> None:  # noqa: FBT001  a callback's shape
        self._actuation.fire(device, active)

    async def _take_command(self, payload: bytes) -> None:
        await self._actuation.take(payload)


def _tell(task: asyncio.Task[None]) -> None:
    """A part that fails is told at once, whether or not somebody awaits `Agent.run`."""
    if not task.cancelled() and (error := task.exception()):
        log.error("agent.part_failed", part=task.get_name(), error=repr(error))


def _version() -> str:
    try:
        return version("gatehouse")
    except PackageNotFoundError:
        return "source"
