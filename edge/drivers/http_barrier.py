"""Barrier controllers and plate cameras that push over HTTP (docs/protocols/barrier-http.md)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final, Literal

import aiohttp
import structlog

from edge.barrier.records import KIND, read_push
from edge.controllers.records import Push
from edge.drivers.base import DriverType
from edge.drivers.http_controllers import ControllerSettings, Family, HttpControllers
from edge.media.pictures import PictureStore
from edge.station import Station
from wire import Observation

log = structlog.get_logger()

MAX_BODY_BYTES: Final = 1024 * 1024


class HttpBarrierSettings(ControllerSettings):
    """Barrier controllers that push to this agent."""

    type: Literal["http-barrier"] = "http-barrier"


class _Album:
    """Stores the pictures of records, before the records."""

    def __init__(self, pictures: PictureStore) -> None:
        self._pictures = pictures

    async def keep(self, push: Push, fresh: Sequence[Observation]) -> list[Observation]:
        """A record whose picture the disk does not take goes without: who passed comes first."""
        return [await self._kept(one, push.pictures.get(one.source_id or "")) for one in fresh]

    async def _kept(self, observation: Observation, picture: bytes | None) -> Observation:
        if picture is None:
            return observation
        try:
            await asyncio.to_thread(self._pictures.put, picture)
        except OSError as error:
            log.warning("barrier.picture_lost", device=observation.device, error=error.strerror)
            signals = {k: v for k, v in observation.signals.items() if k != "picture"}
            return observation.model_copy(update={"signals": signals})
        return observation


@asynccontextmanager
async def _open(settings: HttpBarrierSettings, station: Station) -> AsyncIterator[HttpControllers]:
    family = Family("barrier", read_push, MAX_BODY_BYTES, _Album(station.pictures).keep)
    async with aiohttp.ClientSession(trust_env=False) as session:
        yield HttpControllers(family, settings, station, session)


DRIVER = DriverType(
    id="http-barrier", kind=KIND.id, settings=HttpBarrierSettings, open=_open, pushes=True
)
