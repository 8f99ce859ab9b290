"""The speakers of an estate's elevator cars: `POST {base}/cars/{device}/play`."""

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Annotated, Literal, Self

from aiohttp import web
from pydantic import BaseModel, Field, ValidationError

from simulators.elevator.car import ElevatorCar
from simulators.errors import SimulatorError


class _Say(BaseModel):
    language: Literal["zh-CN", "en"]
    text: Annotated[str, Field(min_length=1, max_length=300)]


class _Order(BaseModel):
    id: Annotated[str, Field(min_length=1, max_length=64)]
    message: str
    say: Annotated[list[_Say], Field(min_length=1, max_length=4)]
    times: Annotated[int, Field(ge=1, le=5)] = 1
    volume: Annotated[int, Field(ge=0, le=100)] = 80


class SpeakerServer:
    """One ephemeral loopback port. tokens: by device; a speaker takes only its own."""

    def __init__(self, cars: Mapping[str, ElevatorCar], tokens: Mapping[str, str]) -> None:
        self._cars = cars
        self._tokens = tokens
        self._played: set[tuple[str, str]] = set()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/cars/{device}/play", self._play)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        if not self._runner.addresses:
            raise SimulatorError("the speakers have no listening socket")
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, device: str) -> str:
        """The speaker's base address, to which the edge adds `/play`."""
        return f"http://127.0.0.1:{self._port}/cars/{device}"

    async def _play(self, request: web.Request) -> web.Response:
        device = request.match_info["device"]
        car = self._cars.get(device)
        if car is None:
            return web.json_response({"title": "no such car"}, status=HTTPStatus.NOT_FOUND)
        shown = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {self._tokens[device]}".encode()):
            return web.json_response({"title": "wrong token"}, status=HTTPStatus.UNAUTHORIZED)
        try:
            order = _Order.model_validate_json(await request.read())
        except ValidationError:
            return web.json_response({"title": "bad order"}, status=HTTPStatus.BAD_REQUEST)
        if (device, order.id) not in self._played:
            self._played.add((device, order.id))
            car.speak(order.id)
        return web.json_response({"playing": True}, status=HTTPStatus.ACCEPTED)
