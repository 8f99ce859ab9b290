"""Where controllers of gates and barriers take commands: `POST {base}/{device}/command`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal, Protocol

from aiohttp import web
from pydantic import BaseModel

from simulators.orderserver import OrderServer


class GateOrder(BaseModel):
    """A command, as docs/protocols has it."""

    action: Literal["open", "hold-open", "release"]
    id: str
    lease_s: float | None = None


class Obedient(Protocol):
    """A controller that takes orders."""

    def command(self, action: str, command_id: str, lease_s: float | None = None) -> bool:
        """Obey, once for each id; False when it does not."""
        ...


class GateServer(OrderServer[GateOrder]):
    """The command side of an estate's controllers; see `OrderServer`."""

    def __init__(self, controllers: Mapping[str, Obedient], tokens: Mapping[str, str]) -> None:
        super().__init__("/{device}/command", controllers, tokens, GateOrder)
        self._controllers = controllers

    def obey(self, device: str, order: GateOrder) -> web.Response:
        """See `OrderServer`; 409 when the controller does not."""
        done = self._controllers[device].command(order.action, order.id, order.lease_s)
        return web.json_response(
            {"done": done}, status=HTTPStatus.OK if done else HTTPStatus.CONFLICT
        )
