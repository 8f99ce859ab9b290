"""Looks how much room is left where the hub's data lie, for the rule `hub-disk`."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline import Pipeline
from hub.rules.hub_disk import FREE_GB, SIZE_GB

log = structlog.get_logger(__name__)

LOOK_S: Final = 30.0
_GB: Final = 1e9


async def watch_disk(
    pipeline: Pipeline, folder: Path, now: Callable[[], int], period_s: float = LOOK_S
) -> None:
    """Look until cancelled. A store that refuses, or a folder that cannot be asked, is waited out.

    folder: of the hub's data; on PostgreSQL the database may lie on another disk, which this does
    not see. now: hub clock, ms. period_s: real seconds.
    """
    while True:
        try:
            room = await asyncio.to_thread(shutil.disk_usage, folder)
            said = {FREE_GB: room.free / _GB, SIZE_GB: room.total / _GB}
            await asyncio.wrap_future(pipeline.felt(said, now()))
        except (DBAPIError, UnavailableError, OSError) as error:
            log.warning("disk.not_told", error=type(error).__name__)
        await asyncio.sleep(period_s)
