"""Asks cameras for the clips that alarms want, until they are on their way or it is too late."""

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from hub.commands.requests import Requests
from hub.errors import NotFoundError, UnavailableError
from hub.pipeline import Pipeline, Priority, Work
from hub.store.schema import agent
from hub.store.write.evidence import Asking, asked, due, give_up
from wire.kinds.camera import CLIP

log = structlog.get_logger(__name__)

LOOK_S: Final = 0.5
AGAIN_MS: Final = 5_000
"""A request may be lost with its connection; the camera knows one that it has heard already."""

RING_MS: Final = 25_000
"""A camera keeps 40 s; one that could not be asked for this long has forgotten the beginning."""

ANSWER_MS: Final = 90_000


class ClipAsker:
    """now: hub clock, ms."""

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        reader: Engine,
        requests: Requests,
        now: Callable[[], int],
    ) -> None:
        self._pipeline = pipeline
        self._reader = reader
        self._requests = requests
        self._now = now

    async def run(self) -> None:
        """Look what is wanted until cancelled."""
        while True:
            try:
                await self._look()
            except (DBAPIError, UnavailableError) as error:
                log.warning("clips.not_asked", error=type(error).__name__)
            await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        now = self._now()
        for one, offset in await asyncio.to_thread(self._due, now):
            why = self._ask(one, offset, now)
            await self._note(one, why, now)

    def _due(self, now: int) -> list[tuple[Asking, int]]:
        with self._reader.connect() as connection, connection.begin():
            return [(one, _offset(connection, one)) for one in due(connection, now)]

    def _ask(self, one: Asking, offset: int, now: int) -> str | None:
        """Ask for it; why it could not be asked, None when it was."""
        if one.tries and now - one.created_at > RING_MS:
            return None  # it was asked for as often as makes sense: now it is waited for
        middle = (one.from_at + one.to_at) // 2
        half = (one.to_at - one.from_at) / 2000
        params: dict[str, str | float | bool] = {
            "at": middle - offset,
            "before_s": half,
            "after_s": half,
            "evidence": one.id,
        }
        try:
            self._requests.ask(one.site, one.device, CLIP, params=params)
        except (UnavailableError, NotFoundError) as error:
            return str(error)
        return None

    async def _note(self, one: Asking, why: str | None, now: int) -> None:
        waited = now - one.created_at

        def write(work: Work) -> None:
            if waited > ANSWER_MS:
                give_up(work.connection, one.id, "the camera's agent did not send it", now)
            elif why is not None and waited > RING_MS:
                give_up(work.connection, one.id, why, now)
            else:
                again = now + AGAIN_MS
                asked(work.connection, one.id, reached=why is None, again_at=again, now=now)

        await asyncio.wrap_future(self._pipeline.write(Priority.EVENT, now, write))


def _offset(connection: Connection, one: Asking) -> int:
    """Hub clock minus agent clock, ms."""
    found = select(agent.c.clock_offset_ms).where(
        agent.c.site == one.site, agent.c.agent == one.agent
    )
    return int(connection.scalar(found) or 0)
