"""The hub refuses a broker that lets in anybody: whoever is on its network could play any agent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog

from hub.errors import ConfigError
from hub.mqtt import LinkSettings
from hub.mqtt.probe import lets_in_anybody

log = structlog.get_logger(__name__)

AGAIN_S: Final = 5.0
_OPEN: Final = (
    "this broker lets in anybody. Give it allow_anonymous false with a password for the hub and "
    "each agent, or certificates (gatehouse pki broker); docs/brokers.md says how. For trying "
    "things out on one machine: anonymous = true"
)


@asynccontextmanager
async def closed_broker(settings: LinkSettings, source: Path) -> AsyncIterator[None]:
    """Check before anything connects; later, as soon as it can be reached, when it is away now.

    source: the hub's file, for the error. Raises ConfigError, out of the context too.
    """
    if settings.anonymous or await _checked(settings, source):
        yield
        return
    async with asyncio.TaskGroup() as tasks:
        trying = tasks.create_task(_until_checked(settings, source), name="hub-broker-door")
        try:
            yield
        finally:
            trying.cancel()


async def _until_checked(settings: LinkSettings, source: Path) -> None:
    while True:
        await asyncio.sleep(AGAIN_S)
        if await _checked(settings, source):
            return


async def _checked(settings: LinkSettings, source: Path) -> bool:
    """False while nobody answers. Raises ConfigError."""
    try:
        anybody = await asyncio.to_thread(lets_in_anybody, settings)
    except OSError as error:
        log.info("broker.not_checked", error=type(error).__name__)
        return False
    if anybody:
        raise ConfigError(source, "mqtt.url", _OPEN)
    return True
