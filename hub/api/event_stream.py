"""Follows a site's feed for one person, until the session ends or the reader goes."""

import asyncio
from asyncio import FIRST_COMPLETED
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import anyio
from starlette.responses import StreamingResponse

from hub.access.authorise import Thing, may
from hub.access.errors import NotLoggedInError
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.api.models.stream import PingEvent, ReadingEvent, ResetEvent
from hub.api.present.change import show_change
from hub.api.present.device import readings
from hub.api.services import Services
from hub.api.sse import RETRY, sse
from hub.api.visit import Visit
from hub.live.events import Changed, Event, Live

PING_S: Final = 5.0
"""Real seconds between pings; a screen that misses two knows that it is blind."""

HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""Never kept, and passed on at once by a proxy in front."""


class EventStreamResponse(StreamingResponse):
    """A response that says that it is a stream of events."""

    media_type = "text/event-stream"


async def follow(
    services: Services, visit: Visit, site: str, after: int | None
) -> AsyncGenerator[bytes, None]:
    """The site's events as bytes; ends with the session, with the hub, and after a reset.

    Nothing is read ahead: a slow reader leaves its events in the feed, which in the end tells it
    to start anew.
    """
    cursor = services.feed.position(site) if after is None else after
    yield RETRY
    with services.logins.ended.watch(visit.session) as ended:
        async with aclosing(services.feed.subscribe(site, cursor)) as events:
            stream = _Stream(services, visit.session, site, visit.actor, cursor)
            async with aclosing(stream.chunks(events, ended)) as chunks:
                async for chunk in chunks:
                    yield chunk


@dataclass(slots=True)
class _Stream:
    """One reader. position: of the newest change that it was given."""

    services: Services
    session: str
    site: str
    actor: Actor
    position: int

    async def chunks(
        self, events: AsyncGenerator[Event, None], ended: asyncio.Event
    ) -> AsyncGenerator[bytes, None]:
        """Events as they come, and a ping whenever its time has come; the first at once."""
        clock = asyncio.get_running_loop().time
        over = asyncio.create_task(ended.wait(), name="stream-session")
        coming = _next(events)
        ping_at = clock()
        try:
            while not over.done():
                if clock() >= ping_at:
                    if not await self._still_here():
                        return
                    yield sse("ping", PingEvent(now=self.services.now(), position=self.position))
                    ping_at = clock() + PING_S
                wait_s = max(0.0, ping_at - clock())
                await asyncio.wait({coming, over}, timeout=wait_s, return_when=FIRST_COMPLETED)
                if coming.done() and not over.done():
                    event = coming.result()
                    if event is None:
                        return
                    yield self._show(event)
                    coming = _next(events)
        finally:
            over.cancel()
            coming.cancel()
            # A reader who hangs up cancels us; the feed must be left in order nonetheless.
            with anyio.CancelScope(shield=True):
                await asyncio.wait({coming, over})

    def _show(self, event: Event) -> bytes:
        """One event as this person may see it, or nothing."""
        if isinstance(event, Changed):
            self.position = event.position
        if not may(self.actor, Permission.SITE_READ, Thing(self.site)):
            return b""
        if isinstance(event, Changed):
            shown = show_change(event, self.services.directory, self.actor, site=self.site)
            return b"" if shown is None else sse(event.type, shown, position=event.position)
        if isinstance(event, Live):
            return self._reading(event)
        return sse("reset", ResetEvent(now=self.services.now(), position=self.position))

    def _reading(self, event: Live) -> bytes:
        facts = self.services.directory.devices[self.site].get(event.device)
        if facts is None:
            return b""
        shown = readings(facts, event.signals)
        body = ReadingEvent(device=event.device, signals=shown, received_at=event.received_at)
        return sse("reading", body)

    async def _still_here(self) -> bool:
        """The session goes on, and the account still sees this site; a watching guard counts."""
        try:
            self.actor = await self.services.logins.check(self.session)
        except NotLoggedInError:
            return False
        return may(self.actor, Permission.SITE_READ, Thing(self.site))


def _next(events: AsyncGenerator[Event, None]) -> asyncio.Task[Event | None]:
    """The next event, or None after the last."""

    async def coming() -> Event | None:
        return await anext(events, None)

    return asyncio.create_task(coming(), name="stream-next")
