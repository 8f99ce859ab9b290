"""Where controllers of gates and barriers take commands: `POST {base}/{device}/command`."""

import hmac
from collections.abc import Mapping
from http import HTTPStatus
from types import TracebackType
from typing import Literal, Protocol, Self

from aiohttp import web
from pydantic import BaseModel, ValidationError

from simulators.errors import SimulatorError


class _Order(BaseModel):
    action: Literal["open", "hold-open", "release"]
    id: str
    lease_s: float | None = None


class Obedient(Protocol):
    """A controller that takes orders."""

    def command(self, action: str, command_id: str, lease_s: float | None = None) -> bool:
        """Obey, once for each id; False when it does not."""
        ...


class GateServer:
    """The command side of an estate's controllers, on one ephemeral loopback port.

    controllers, tokens: by device; each controller takes only its own token.
    """

    def __init__(self, controllers: Mapping[str, Obedient], tokens: Mapping[str, str]) -> None:
        self._controllers = controllers
        self._tokens = tokens
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/{device}/command", self._command)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        addresses = self._runner.addresses
        if not addresses:
            raise SimulatorError("the controllers have no listening socket")
        self._port = addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def url(self, device: str) -> str:
        """The controller's base address, to which the edge adds `/command`."""
        return f"http://127.0.0.1:{self._port}/{device}"

    async def _command(self, request: web.Request) -> web.Response:
        device = request.match_info["device"]
        controller = self._controllers.get(device)
        if controller is None:
            return web.json_response({"title": "no such controller"}, status=HTTPStatus.NOT_FOUND)
        shown = request.headers.get("Authorization", "").encode()
        if not hmac.compare_digest(shown, f"Bearer {self._tokens[device]}".encode()):
            return web.json_response({"title": "wrong token"}, status=HTTPStatus.UNAUTHORIZED)
        try:
            order = _Order.model_validate_json(await request.read())
        except ValidationError:
            return web.json_response({"title": "bad order"}, status=HTTPStatus.BAD_REQUEST)
        done = controller.command(order.action, order.id, order.lease_s)
        return web.json_response(
            {"done": done}, status=HTTPStatus.OK if done else HTTPStatus.CONFLICT
        )
