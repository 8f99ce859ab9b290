"""Gate controllers that push events and take commands over HTTP (docs/protocols/gate-http.md)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal

import aiohttp

from edge.drivers.base import DriverType
from edge.drivers.http_controllers import ControllerSettings, Family, HttpControllers
from edge.gate.records import KIND, read_push
from edge.station import Station

FAMILY: Final = Family("gate", read_push)


class HttpGateSettings(ControllerSettings):
    """Gate controllers that push to this agent."""

    type: Literal["http-gate"] = "http-gate"


@asynccontextmanager
async def _open(settings: HttpGateSettings, station: Station) -> AsyncIterator[HttpControllers]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield HttpControllers(FAMILY, settings, station, session)


DRIVER = DriverType(
    id="http-gate", kind=KIND.id, settings=HttpGateSettings, open=_open, pushes=True
)
