"""Gate controllers that push events and take commands over HTTP (docs/protocols/gate-http.md)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import aiohttp
import structlog
from aiohttp import web
from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from edge.drivers.base import DeviceSettings, DriverSettings, DriverType, Station
from edge.errors import DeviceError, OutboxError
from edge.gate.controller import command_controller
from edge.gate.records import KIND, Push, RecordError, read_push
from edge.gate.tokens import checked, load_or_make_token, shows
from edge.push import problem
from wire import Observation

log = structlog.get_logger()

BODY_TIMEOUT_S = 10.0
RETRY_AFTER_S = 5


class GateDevice(DeviceSettings):
    """One controller.

    token, token_file: what it shows with each push, and the agent with each command; one of the
        two. The file is made with a random token when it is missing.
    controller: base URL that takes commands; without it the gate is only listened to.
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


class HttpGateSettings(DriverSettings):
    """Gate controllers that push to this agent."""

    type: Literal["http-gate"] = "http-gate"
    device: Annotated[tuple[GateDevice, ...], Field(min_length=1, max_length=500)]

    def with_paths_below(self, folder: Path) -> "HttpGateSettings":
        """Token files are named relative to the configuration file."""
        devices = tuple(
            gate.model_copy(update={"token_file": folder / gate.token_file})
            if gate.token_file
            else gate
            for gate in self.device
        )
        return self.model_copy(update={"device": devices})


@dataclass(slots=True)
class _Gate:
    settings: GateDevice
    token: str
    refused: int = 0
    one_push_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)


class HttpGate:
    """Takes pushes to the outbox, answers after the commit, and passes commands on."""

    def __init__(
        self, settings: HttpGateSettings, station: Station, session: aiohttp.ClientSession
    ) -> None:
        self._station = station
        self._session = session
        self._gates = {gate.id: _Gate(gate, _token(gate)) for gate in settings.device}
        for device in self._gates:
            station.routes.add_post(f"/gate/{device}/events", self._events)

    async def run(self) -> None:
        """Nothing to do between pushes; ends when cancelled."""
        await asyncio.Event().wait()

    async def execute(self, device: str, action: str, *, command: str, lease_s: float) -> None:
        """Have the controller do it. Raises DeviceError."""
        gate = self._gates[device]
        if gate.settings.controller is None:
            raise DeviceError(f"{device} has no controller address")
        url = str(gate.settings.controller).rstrip("/") + "/command"
        order: dict[str, str | float] = {"action": action, "id": command}
        if lease_s:
            order["lease_s"] = lease_s
        await command_controller(self._session, url, gate.token, order)

    async def _events(self, request: web.Request) -> web.Response:
        gate = self._gates[request.path.split("/")[2]]
        if not shows(request.headers.get("Authorization"), gate.token):
            log.warning("gate.wrong_token", device=gate.settings.id, peer=request.remote)
            return problem(401, "token missing or wrong")
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                body = await request.read()
        except TimeoutError:
            return problem(408, f"no whole body in {BODY_TIMEOUT_S:g} s")
        return await self._take(gate, body)

    async def _take(self, gate: _Gate, body: bytes) -> web.Response:
        device = gate.settings.id
        try:
            push = read_push(
                body,
                device=device,
                seen=self._station.clock.now(),
                utc_offset_min=gate.settings.utc_offset_min,
            )
        except RecordError as error:
            self._note_refused(gate, 1, str(error))
            return problem(400, str(error))
        try:
            async with gate.one_push_at_a_time:
                fresh = await self._store(device, push)
        except OutboxError as error:
            log.error("gate.push_not_stored", device=device, error=str(error))  # noqa: TRY400
            return problem(
                503, "cannot store now; push again", headers={"Retry-After": str(RETRY_AFTER_S)}
            )
        self._note_heard(gate, push)
        counts: dict[str, Any] = {
            "stored": len(fresh),
            "repeated": len(push.observations) - len(fresh),
        }
        if push.rejected:
            index, detail = push.rejected[0]
            self._note_refused(gate, len(push.rejected), detail)
            rejected = [{"index": index, "detail": detail} for index, detail in push.rejected]
            return problem(400, f"records[{index}].{detail}", rejected=rejected, **counts)
        return web.json_response(counts)

    async def _store(self, device: str, push: Push) -> list[Observation]:
        """Store what is not known yet, in one commit; returns it. Raises OutboxError."""
        ids = [seen.source_id for seen in push.observations if seen.source_id]
        known = await self._station.outbox.known_records(device, ids)
        fresh: list[Observation] = []
        for observation in push.observations:
            if observation.source_id and observation.source_id not in known:
                known.add(observation.source_id)
                fresh.append(observation)
        if fresh:
            await self._station.recorder.record_by_lane(fresh)
        return fresh

    def _note_heard(self, gate: _Gate, push: Push) -> None:
        live = [seen for seen in push.observations if not seen.historical]
        if live:
            detail = f"{gate.refused} unreadable records so far" if gate.refused else ""
            skew = live[-1].at - live[-1].seen
            self._station.board.heard(gate.settings.id, skew_ms=skew, detail=detail)

    def _note_refused(self, gate: _Gate, count: int, detail: str) -> None:
        gate.refused += count
        log.warning(
            "gate.records_refused",
            device=gate.settings.id,
            count=count,
            total=gate.refused,
            detail=detail,
        )


def _token(gate: GateDevice) -> str:
    if gate.token is not None:
        return checked(gate.token.get_secret_value(), f"token of {gate.id}")
    if gate.token_file is None:
        raise DeviceError(f"{gate.id} has no token")
    return load_or_make_token(gate.token_file)


@asynccontextmanager
async def _open(settings: HttpGateSettings, station: Station) -> AsyncIterator[HttpGate]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield HttpGate(settings, station, session)


DRIVER = DriverType(
    id="http-gate", kind=KIND.id, settings=HttpGateSettings, open=_open, pushes=True
)
