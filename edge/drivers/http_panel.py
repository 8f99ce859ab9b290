"""Access panels in elevators that push over HTTP (docs/protocols/panel-http.md).

They are listened to and never commanded: which floors a card frees is the panel's own business.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, Literal

import aiohttp

from edge.drivers.base import DriverType
from edge.drivers.http_controllers import ControllerSettings, Family, HttpControllers
from edge.panel.records import KIND, read_push
from edge.station import Station

FAMILY: Final = Family("panel", read_push)


class HttpPanelSettings(ControllerSettings):
    """Panels that push to this agent."""

    type: Literal["http-panel"] = "http-panel"


@asynccontextmanager
async def _open(settings: HttpPanelSettings, station: Station) -> AsyncIterator[HttpControllers]:
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield HttpControllers(FAMILY, settings, station, session)


DRIVER = DriverType(
    id="http-panel", kind=KIND.id, settings=HttpPanelSettings, open=_open, pushes=True
)
