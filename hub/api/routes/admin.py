"""Administration: what is written down for the hub, read and changed from the console."""

import asyncio
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query

from hub.access.permissions import Permission
from hub.api.door import GuardedRoute
from hub.api.models.admin import (
    ChannelTest,
    ChannelTested,
    ConfigCheck,
    ConfigDocument,
    ConfigParts,
    ConfigPast,
    ConfigWish,
    Detector,
    RightInfo,
)
from hub.api.needs import needs
from hub.api.present import admin as present
from hub.api.services import IsVisit, UsesServices
from hub.editing.bench import Wish

router = APIRouter(prefix="/api/admin", tags=["administration"], route_class=GuardedRoute)
MANAGE = needs(Permission.CONFIG_MANAGE)
Name = Annotated[str, Path(max_length=128)]
Past = Annotated[
    str | None, Query(max_length=64, description="an earlier text; without it, what is in force")
]
PART = "/config/{area}/{name}"


def _wish(asked: ConfigWish) -> Wish:
    return Wish(asked.version, asked.document, asked.text, asked.past)


@router.get("/config", openapi_extra=MANAGE)
async def list_config(visit: IsVisit, services: UsesServices) -> ConfigParts:
    """The files of the configuration that the asking user may see."""
    desk = services.configuring
    return await asyncio.to_thread(present.parts, desk, desk.parts(visit.actor))


@router.get(PART, openapi_extra=MANAGE)
async def read_config(
    area: Name, name: Name, visit: IsVisit, services: UsesServices, past: Past = None
) -> ConfigDocument:
    """A file as data, with the schema that the hub reads it by; no secret is in it."""
    desk = services.configuring
    part = desk.part(visit.actor, area, name)
    return await asyncio.to_thread(present.document, desk, part, past)


@router.post(PART + "/check", openapi_extra=MANAGE)
async def check_config(
    area: Name, name: Name, asked: ConfigWish, visit: IsVisit, services: UsesServices
) -> ConfigCheck:
    """Check a change as the hub's next start would, and say what it changes. Changes nothing."""
    desk = services.configuring
    part = desk.part(visit.actor, area, name)
    return present.check(part, await desk.check(part, _wish(asked)))


@router.post(PART, openapi_extra=MANAGE)
async def save_config(
    area: Name, name: Name, asked: ConfigWish, visit: IsVisit, services: UsesServices
) -> ConfigDocument:
    """Put a change in force. 409 when the file is not the one that the change began with."""
    desk = services.configuring
    part = desk.part(visit.actor, area, name)
    await desk.save(visit.actor, part, _wish(asked))
    return await asyncio.to_thread(present.document, desk, part, None)


@router.get(PART + "/history", openapi_extra=MANAGE)
async def list_config_history(
    area: Name, name: Name, visit: IsVisit, services: UsesServices
) -> list[ConfigPast]:
    """Earlier texts of a file, newest first: who saved them, and when."""
    desk = services.configuring
    return await asyncio.to_thread(present.history, desk, desk.part(visit.actor, area, name))


@router.post("/channels/{channel}/test", openapi_extra=MANAGE)
async def send_channel_test(
    channel: Name, asked: ChannelTest, visit: IsVisit, services: UsesServices
) -> ChannelTested:
    """Send a test message by a channel as it is saved, also before the hub runs with it."""
    why = await services.configuring.test_channel(visit.actor, channel, asked.post)
    return ChannelTested(sent=why is None, why=why)


@router.get("/models", openapi_extra=MANAGE)
async def list_detectors(_visit: IsVisit, services: UsesServices) -> list[Detector]:
    """The models that may look at pictures, with their cards."""
    config = services.configuring.bench.config
    return await asyncio.to_thread(partial(present.detectors, config.models, config.vision.model))


@router.get("/rights", openapi_extra=MANAGE)
async def list_rights(_visit: IsVisit) -> list[RightInfo]:
    """Everything that can be done, and the least role that may."""
    return present.rights()
