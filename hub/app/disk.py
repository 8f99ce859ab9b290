"""Looks how much room is left where the hub's data lie, for the rule `hub-disk`."""

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline import Pipeline
from hub.rules.hub_disk import FREE_GB, SIZE_GB, STORE_FREE_GB, STORE_SIZE_GB

log = structlog.get_logger(__name__)

LOOK_S: Final = 30.0
_GB: Final = 1e9


@dataclass(frozen=True, slots=True)
class Allowed:
    """A PostgreSQL database, which may lie on a disk that the hub cannot see, and its most, GB."""

    reader: Engine
    gb: float


async def watch_disk(
    pipeline: Pipeline,
    folder: Path,
    now: Callable[[], int],
    period_s: float = LOOK_S,
    *,
    database: Allowed | None = None,
) -> None:
    """Look until cancelled. A store that refuses, or a folder that cannot be asked, is waited out.

    folder: of the hub's data. now: hub clock, ms. period_s: real seconds.
    """
    while True:
        try:
            said = await asyncio.to_thread(_look, folder, database)
            await asyncio.wrap_future(pipeline.felt(said, now()))
        except (DBAPIError, UnavailableError, OSError) as error:
            log.warning("disk.not_told", error=type(error).__name__)
        await asyncio.sleep(period_s)


def _look(folder: Path, database: Allowed | None) -> dict[str, float]:
    room = shutil.disk_usage(folder)
    said = {FREE_GB: room.free / _GB, SIZE_GB: room.total / _GB}
    if database is not None:
        with database.reader.connect() as connection:
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
        said |= {STORE_FREE_GB: database.gb - int(size or 0) / _GB, STORE_SIZE_GB: database.gb}
    return said
