"""Controllers that push over HTTP: pushes go to the outbox, answers follow the commit.

What the drivers of gates and barriers share; it is no driver itself.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Protocol, Self

import aiohttp
import structlog
from aiohttp import web
from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from edge.controllers.orders import command_controller
from edge.controllers.records import Push, RecordError
from edge.controllers.tokens import checked, load_or_make_token, shows
from edge.drivers.base import DeviceSettings, DriverSettings
from edge.errors import DeviceError, OutboxError
from edge.push import MAX_BODY_BYTES, problem, read_body
from edge.station import Station
from wire import Observation

log = structlog.get_logger()

BODY_TIMEOUT_S = 10.0
RETRY_AFTER_S = 5


class ControllerDevice(DeviceSettings):
    """One controller.

    token, token_file: what it shows with each push, and the agent with each command; one of the
        two. The file is made with a random token when it is missing.
    controller: base URL that takes commands; without it the device is only listened to.
    utc_offset_min: the zone of times that name none, minutes east of UTC (China: 480).
    """

    token: SecretStr | None = None
    token_file: Path | None = None
    controller: AnyHttpUrl | None = None
    utc_offset_min: Annotated[int, Field(ge=-720, le=840)] = 480

    @model_validator(mode="after")
    def _one_token(self) -> Self:
        if (self.token is None) == (self.token_file is None):
            raise ValueError("give either token_file or token")
        return self


class ControllerSettings(DriverSettings):
    """Controllers of one family that push to this agent."""

    device: Annotated[tuple[ControllerDevice, ...], Field(min_length=1, max_length=500)]

    def with_paths_below(self, folder: Path) -> Self:
        """Token files are named relative to the configuration file."""
        devices = tuple(
            one.model_copy(update={"token_file": folder / one.token_file})
            if one.token_file
            else one
            for one in self.device
        )
        return self.model_copy(update={"device": devices})


class ReadPush(Protocol):
    """Reads a body. Raises RecordError when there are no records in it to be judged."""

    def __call__(self, body: bytes, *, device: str, seen: int, utc_offset_min: int) -> Push:
        """See `edge.gate.records.read_push`."""
        ...


Keep = Callable[[Push, Sequence[Observation]], Awaitable[list[Observation]]]
"""Keeps what records carry beside their signals; returns the records as they are to be stored."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family of controllers. name: the first level of its URLs. max_body: of a push, bytes."""

    name: str
    read: ReadPush
    max_body: int = MAX_BODY_BYTES
    keep: Keep | None = None


@dataclass(slots=True)
class _Controller:
    settings: ControllerDevice
    token: str
    refused: int = 0
    one_push_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)


class HttpControllers:
    """Takes pushes to the outbox, answers after the commit, and passes commands on."""

    def __init__(
        self,
        family: Family,
        settings: ControllerSettings,
        station: Station,
        session: aiohttp.ClientSession,
    ) -> None:
        self._family = family
        self._station = station
        self._session = session
        self._controllers = {one.id: _Controller(one, _token(one)) for one in settings.device}
        for device in self._controllers:
            station.routes.add_post(f"/{family.name}/{device}/events", self._events)

    async def run(self) -> None:
        """Nothing to do between pushes; ends when cancelled."""
        await asyncio.Event().wait()

    async def execute(self, device: str, action: str, *, command: str, lease_s: float) -> None:
        """Have the controller do it. Raises DeviceError."""
        controller = self._controllers[device]
        if controller.settings.controller is None:
            raise DeviceError(f"{device} has no controller address")
        url = str(controller.settings.controller).rstrip("/") + "/command"
        order: dict[str, str | float] = {"action": action, "id": command}
        if lease_s:
            order["lease_s"] = lease_s
        await command_controller(self._session, url, controller.token, order)

    async def _events(self, request: web.Request) -> web.Response:
        controller = self._controllers[request.path.split("/")[2]]
        if not shows(request.headers.get("Authorization"), controller.token):
            log.warning("push.wrong_token", device=controller.settings.id, peer=request.remote)
            return problem(401, "token missing or wrong")
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                body = await read_body(request, most=self._family.max_body)
        except TimeoutError:
            return problem(408, f"no whole body in {BODY_TIMEOUT_S:g} s")
        return await self._take(controller, body)

    async def _take(self, controller: _Controller, body: bytes) -> web.Response:
        device = controller.settings.id
        try:
            push = self._family.read(
                body,
                device=device,
                seen=self._station.clock.now(),
                utc_offset_min=controller.settings.utc_offset_min,
            )
        except RecordError as error:
            _note_refused(controller, 1, str(error))
            return problem(400, str(error))
        try:
            async with controller.one_push_at_a_time:
                fresh = await self._store(device, push)
        except OutboxError as error:
            log.error("push.not_stored", device=device, error=str(error))  # noqa: TRY400
            return problem(
                503, "cannot store now; push again", headers={"Retry-After": str(RETRY_AFTER_S)}
            )
        self._note_heard(controller, push)
        return _answer(controller, push, fresh)

    async def _store(self, device: str, push: Push) -> int:
        """Store what is not known yet, in one commit; returns how many. Raises OutboxError."""
        ids = [seen.source_id for seen in push.observations if seen.source_id]
        known = await self._station.outbox.known_records(device, ids)
        fresh: list[Observation] = []
        for observation in push.observations:
            if observation.source_id and observation.source_id not in known:
                known.add(observation.source_id)
                fresh.append(observation)
        if fresh and self._family.keep is not None:
            fresh = await self._family.keep(push, fresh)
        if fresh:
            await self._station.recorder.record_by_lane(fresh)
        return len(fresh)

    def _note_heard(self, controller: _Controller, push: Push) -> None:
        live = [seen for seen in push.observations if not seen.historical]
        if live:
            refused = controller.refused
            detail = f"{refused} unreadable records so far" if refused else ""
            skew = live[-1].at - live[-1].seen
            self._station.board.heard(controller.settings.id, skew_ms=skew, detail=detail)


def _answer(controller: _Controller, push: Push, fresh: int) -> web.Response:
    counts: dict[str, Any] = {"stored": fresh, "repeated": len(push.observations) - fresh}
    if push.spoilt:
        _note_refused(controller, len(push.spoilt), push.spoilt[0][1])
        counts["pictures_refused"] = _listed(push.spoilt)
    if not push.rejected:
        return web.json_response(counts)
    index, detail = push.rejected[0]
    _note_refused(controller, len(push.rejected), detail)
    return problem(400, f"records[{index}].{detail}", rejected=_listed(push.rejected), **counts)


def _listed(faults: Sequence[tuple[int, str]]) -> list[dict[str, Any]]:
    return [{"index": index, "detail": detail} for index, detail in faults]


def _note_refused(controller: _Controller, count: int, detail: str) -> None:
    controller.refused += count
    log.warning(
        "push.records_refused",
        device=controller.settings.id,
        count=count,
        total=controller.refused,
        detail=detail,
    )


def _token(device: ControllerDevice) -> str:
    if device.token is not None:
        return checked(device.token.get_secret_value(), f"token of {device.id}")
    if device.token_file is None:
        raise DeviceError(f"{device.id} has no token")
    return load_or_make_token(device.token_file)
