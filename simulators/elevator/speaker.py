"""The speakers of an estate's elevator cars: `POST {base}/cars/{device}/play`."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from simulators.elevator.car import ElevatorCar
from simulators.orderserver import OrderServer


class _Say(BaseModel):
    language: Literal["zh-CN", "en"]
    text: Annotated[str, Field(min_length=1, max_length=300)]


class PlayOrder(BaseModel):
    """A message to play, as docs/protocols has it."""

    id: Annotated[str, Field(min_length=1, max_length=64)]
    message: str
    say: Annotated[list[_Say], Field(min_length=1, max_length=4)]
    times: Annotated[int, Field(ge=1, le=5)] = 1
    volume: Annotated[int, Field(ge=0, le=100)] = 80


class SpeakerServer(OrderServer[PlayOrder]):
    """All speakers of an estate; see `OrderServer`."""

    def __init__(self, cars: Mapping[str, ElevatorCar], tokens: Mapping[str, str]) -> None:
        super().__init__("/cars/{device}/play", cars, tokens, PlayOrder)
        self._cars = cars
        self._played: set[tuple[str, str]] = set()

    def obey(self, device: str, order: PlayOrder) -> web.Response:
        """Play it, once for each id."""
        if (device, order.id) not in self._played:
            self._played.add((device, order.id))
            self._cars[device].speak(order.id)
        return web.json_response({"playing": True}, status=HTTPStatus.ACCEPTED)
