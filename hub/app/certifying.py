"""Certificates while the hub runs: who may be given one, and which of them end soon."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from hub.config import Site
from hub.errors import UnavailableError
from hub.pipeline import Pipeline
from hub.pki import Enrolment, PkiError
from hub.pki.register import Book
from hub.rules.hub_certificates import DAYS, NAME

log = structlog.get_logger(__name__)

LOOK_S: Final = 600.0
DAY_MS: Final = 86_400_000
SECRETS: Final = "secrets"
FORGOTTEN_DAYS: Final = 30.0
"""An agent that is gone for so long was taken away; its silence is another alarm's matter."""


def real_now() -> int:
    """ms, of this machine: certificates end by it, at whatever speed a simulation runs."""
    return time.time_ns() // 1_000_000


def make_enrolment(
    data: Path, sites: Sequence[Site], now: Callable[[], int] = real_now
) -> Enrolment:
    """The enrolment of a hub. data: its folder."""
    agents = {site.id: frozenset(agent.id for agent in site.agents) for site in sites}
    return Enrolment(data / SECRETS, agents, now)


@asynccontextmanager
async def certifying(
    pipeline: Pipeline, enrolment: Enrolment, now: Callable[[], int]
) -> AsyncIterator[None]:
    """Tell the rules which certificate ends first, while the context lasts. now: hub clock, ms."""
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(_watch(pipeline, enrolment, now), name="hub-certificates")
        try:
            yield
        finally:
            running.cancel()


async def _watch(pipeline: Pipeline, enrolment: Enrolment, now: Callable[[], int]) -> None:
    while True:
        try:
            book = await asyncio.to_thread(enrolment.register.read)
            ending = first_to_end(book, real_now())
            if ending is not None:
                name, days = ending
                await asyncio.wrap_future(pipeline.felt({DAYS: days, NAME: name}, now()))
        except (DBAPIError, UnavailableError, PkiError) as error:
            log.warning("pki.not_told", error=type(error).__name__)
        await asyncio.sleep(LOOK_S)


def first_to_end(book: Book, now: int) -> tuple[str, float] | None:
    """Name, and days left, of who is first without a good certificate; None without any.

    Who has lost its last one counts with the days since then, below zero, for as long as a month.
    """
    last: dict[str, int] = {}
    for one in book.certificates:
        if one.revoked_at is None:
            last[one.name] = max(one.ends_at, last.get(one.name, 0))
    left = {name: (ends_at - now) / DAY_MS for name, ends_at in last.items()}
    found = {name: days for name, days in left.items() if days > -FORGOTTEN_DAYS}
    return min(found.items(), key=lambda one: one[1], default=None)
