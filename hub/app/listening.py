"""Tells the rule `hub-broker` whether the hub hears anything at all."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from hub.errors import UnavailableError
from hub.pipeline import Pipeline
from hub.rules.hub_broker import CONNECTED

log = structlog.get_logger(__name__)

LOOK_S: Final = 1.0
FIRST_S: Final = 5.0
"""Real seconds in which a hub that starts may find its broker: both may be starting."""


@asynccontextmanager
async def listening(
    pipeline: Pipeline, connected: Callable[[], bool], now: Callable[[], int]
) -> AsyncIterator[None]:
    """Tell each change while the context lasts. now: hub clock, ms."""
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(_watch(pipeline, connected, now), name="hub-broker")
        try:
            yield
        finally:
            running.cancel()


async def _watch(pipeline: Pipeline, connected: Callable[[], bool], now: Callable[[], int]) -> None:
    told: bool | None = None
    patience_s = FIRST_S
    while True:
        is_so = connected()
        if is_so is not told and (is_so or told or patience_s <= 0):
            try:
                await asyncio.wrap_future(pipeline.felt({CONNECTED: is_so}, now()))
                told = is_so
            except (DBAPIError, UnavailableError) as error:
                log.warning("broker.not_told", error=type(error).__name__)
        await asyncio.sleep(LOOK_S)
        patience_s -= LOOK_S
