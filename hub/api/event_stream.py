"""Follows a site's feed for one person, until the session ends or the reader goes."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import aclosing
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import StreamingResponse

from hub.access.authorise import Thing, may
from hub.access.permissions import Permission
from hub.api.models.stream import PingEvent, ResetEvent
from hub.api.present.telling import newest, say
from hub.api.services import Services
from hub.api.sse import RETRY, sse
from hub.api.visit import Visit
from hub.errors import HubError
from hub.live import Following, Reset, Telling
from hub.store import trouble

log = structlog.get_logger(__name__)

PING_S: Final = 5.0
"""Real seconds, about, between pings; a screen that misses two knows that it is blind."""

WRITE_BYTES: Final = 64 * 1024
"""What waits is written together, up to about so much: a screen that does not read then holds up
no more than this, and the largest telling."""

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Never kept, and passed on at once by a proxy in front."""


class EventStreamResponse(StreamingResponse):
    """A response that says that it is a stream of events."""

    media_type = "text/event-stream"


async def follow(
    services: Services, visit: Visit, site: str, after: int | None
) -> AsyncGenerator[bytes, None]:
    """The site's events as bytes; ends with the session, with the hub, and after a reset.

    No more is read ahead than waited when the reader came for it: a slow one leaves its events in
    the feed, which in the end tells it to start anew.
    """
    cursor = services.feed.position(site) if after is None else after
    yield RETRY
    async with services.feed.follow(site, cursor) as following:
        stream = _Stream(services, visit, site, cursor, following)
        with services.logins.ended.watch(visit.session, stream.end):
            async with aclosing(stream.chunks()) as chunks:
                async for chunk in chunks:
                    yield chunk


class _Stream:
    """One reader. position: of the newest change that it was given."""

    def __init__(
        self, services: Services, visit: Visit, site: str, position: int, following: Following
    ) -> None:
        self._services = services
        self._session = visit.session
        self._actor = visit.actor
        self._site = site
        self._position = position
        self._following = following
        self._ping_due = True
        self._over = False

    def end(self) -> None:
        """Say nothing more."""
        self._over = True
        self._following.nudge()

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Events as they come, and a ping whenever its time has come; the first at once."""
        pulse = asyncio.create_task(self._beat(), name="stream-pulse")
        try:
            while not self._over:
                if self._ping_due:
                    self._ping_due = False
                    yield sse("ping", PingEvent(now=self._services.now(), position=self._position))
                told = await self._following.told()
                if told is None:
                    return
                for chunk in _together(self._say(told)):
                    if self._over:
                        return
                    yield chunk
                    await asyncio.sleep(0)  # who has much to catch up with lets others in between
        finally:
            pulse.cancel()

    async def _beat(self) -> None:
        """Let a ping be sent from time to time; whatever ends this ends the stream."""
        try:
            await asyncio.sleep(PING_S)
            while await self._still_here():
                self._ping_due = True
                self._following.nudge()
                await asyncio.sleep(PING_S)
        except (SQLAlchemyError, HubError) as error:  # the screen comes back, and asks anew
            log.warning("stream.check_failed", site=self._site, **trouble.told(error))
        finally:
            self.end()

    async def _still_here(self) -> bool:
        """The session goes on, and the account still sees this site; a watching guard counts."""
        actor = await self._services.roll_call.check(self._session)
        if actor is None:
            return False
        self._actor = actor
        return may(actor, Permission.SITE_READ, Thing(self._site))

    def _say(self, told: Iterable[Telling]) -> Iterator[bytes]:
        """What is told, as this person may see it."""
        for telling in told:
            self._position = newest(telling, self._position)
            if not may(self._actor, Permission.SITE_READ, Thing(self._site)):
                continue
            if any(isinstance(event, Reset) for event in telling.events):
                yield sse("reset", ResetEvent(now=self._services.now(), position=self._position))
            else:
                yield say(telling, self._services.directory, self._actor, site=self._site)


def _together(said: Iterable[bytes]) -> Iterator[bytes]:
    """Put together what is written at once."""
    waiting: list[bytes] = []
    size = 0
    for text in said:
        waiting.append(text)
        size += len(text)
        if size >= WRITE_BYTES:
            yield b"".join(waiting)
            waiting, size = [], 0
    if size:
        yield b"".join(waiting)
