"""Where simulated devices take orders over HTTP: `POST {path}`, each showing its own token."""

import hmac
from abc import ABC, abstractmethod
from collections.abc import Container, Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Generic, Self, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from simulators.errors import SimulatorError

Order = TypeVar("Order", bound=BaseModel)


class OrderServer(ABC, Generic[Order]):
    """One ephemeral loopback port for all devices of a sort.

    path: with `{device}` in it. tokens: by device; each takes only its own. order: what a body
    must be.
    """

    def __init__(
        self,
        path: str,
        devices: Container[str],
        tokens: Mapping[str, str],
        order: type[Order],
    ) -> None:
        self._path = path
        self._devices = devices
        self._tokens = tokens
        self._order = order
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post(self._path, self._take)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        if not self._runner.addresses:
            raise SimulatorError(f"no listening socket for {self._path}")
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, device: str) -> str:
        """The device's base address, to which the edge adds the last part of `path`."""
        return f"http://127.0.0.1:{self._port}{self._path}".rpartition("/")[0].format(device=device)

    @abstractmethod
    def obey(self, device: str, order: Order) -> web.Response:
        """Answer an order that is whole, from one who may give it."""

    async def _take(self, request: web.Request) -> web.Response:
        device = request.match_info["device"]
        if device not in self._devices:
            return _refusal(HTTPStatus.NOT_FOUND, "no such device")
        shown = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {self._tokens[device]}".encode()):
            return _refusal(HTTPStatus.UNAUTHORIZED, "wrong token")
        try:
            order = self._order.model_validate_json(await request.read())
        except ValidationError:
            return _refusal(HTTPStatus.BAD_REQUEST, "bad order")
        return self.obey(device, order)


def _refusal(status: HTTPStatus, title: str) -> web.Response:
    return web.json_response({"title": title}, status=status)
