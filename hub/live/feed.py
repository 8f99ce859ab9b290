"""The change feed, live: one pump per site, many subscribers, none of whom can hold up another."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Final, Self

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from hub.live.changes import PAGE, Load, Page, Span, read_page, read_span
from hub.live.events import Live, Reset, Telling
from hub.live.following import Following
from hub.live.subscriber import Subscriber
from hub.pipeline import Committed, LiveReading
from hub.store.trouble import told

log = structlog.get_logger(__name__)

READING_S: Final = 1.0
"""A device's readings are shown this often at most."""

REST_S: Final = 0.0002
"""Between two tellings, for each reader of the site: what changes meanwhile is told in one go. To
tell one takes about half of this, so that however many they are, there is time for all else: 500
are told ten times a second, and a handful at once."""

TOLD_AT_ONCE: Final = 50
"""Changes: to put them into words takes some 0.2 ms each, in which nothing else is told."""

RETRY_S: Final = 1.0
REPLAY: Final = 5_000
"""A subscriber further behind than this is better served by a new snapshot."""


class _Site:
    """One site's pump: where it stands, and who listens."""

    def __init__(self, position: int) -> None:
        self.position = position
        self.wake = asyncio.Event()
        self.subscribers: set[Subscriber] = set()
        self.readings: dict[str, LiveReading] = {}
        self.shown_at = 0.0


class Feed:
    """An async context manager; `committed` may be called from any thread while it is open.

    load: see `hub.live.changes.Load`.
    """

    def __init__(self, reader: Engine, sites: Iterable[str], load: Load) -> None:
        self._reader = reader
        self._names = frozenset(sites)
        self._load = load
        self._sites: dict[str, _Site] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pumps: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        for name in self._names:
            span = await asyncio.to_thread(read_span, self._reader, name)
            self._sites[name] = _Site(span.last)
        self._tasks = asyncio.TaskGroup()
        await self._tasks.__aenter__()
        self._pumps = [
            self._tasks.create_task(self._pump(name, site), name=f"feed-{name}")
            for name, site in self._sites.items()
        ]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop = None
        for site in self._sites.values():
            for subscriber in site.subscribers:
                subscriber.end()
        for pump in self._pumps:
            pump.cancel()
        if self._tasks is not None:
            await self._tasks.__aexit__(kind, error, trace)

    def committed(self, committed: Committed) -> None:
        """Tell the pumps what a commit changed. From any thread; returns at once."""
        loop = self._loop
        if loop is None or not (committed.sites or committed.readings):
            return
        try:
            loop.call_soon_threadsafe(self._take, committed)
        except RuntimeError:  # the loop closed between the two lines: the hub is stopping
            return

    def grown(self, site: str | None) -> None:
        """Another process may have added to a site's feed; None: to any. From any thread."""
        names = self._names if site is None else self._names & {site}
        self.committed(Committed(frozenset(names), ()))

    def position(self, site: str) -> int:
        """The newest position that subscribers of the site have been told of."""
        return self._sites[site].position

    @asynccontextmanager
    async def follow(self, site: str, after: int) -> AsyncIterator[Following]:
        """What changes in a site from position `after` on; ends with a Reset, or with the hub."""
        here = self._sites[site]
        subscriber = Subscriber()
        here.subscribers.add(subscriber)
        missed = self._missed(site, after, here.position)
        following = Following(subscriber, missed, after=after)
        try:
            yield following
        finally:
            here.subscribers.discard(subscriber)
            await following.close()

    async def _missed(self, site: str, after: int, until: int) -> AsyncGenerator[Telling, None]:
        """What was told before."""
        span = await asyncio.to_thread(read_span, self._reader, site)
        refusal = _refusal(span, after)
        if refusal is not None:
            yield Telling((refusal,))
            return
        while after < until:
            page = await self._page(site, after, until)
            for telling in _tellings(page):
                yield telling
            after = page.upto

    def _take(self, committed: Committed) -> None:
        for reading in committed.readings:
            site = self._sites.get(reading.site)
            if site is not None and site.subscribers:
                if not site.readings:
                    site.wake.set()  # once: the pump then waits until they may be shown
                site.readings[reading.device] = reading
        for name in committed.sites:
            site = self._sites.get(name)
            if site is not None:
                site.wake.set()

    async def _pump(self, name: str, site: _Site) -> None:
        while True:
            await self._wait(site)
            site.wake.clear()
            try:
                await self._pump_changes(name, site)
            except DBAPIError as error:  # it passes; the feed goes on where it stood
                log.error("feed.read_failed", site=name, **told(error))  # noqa: TRY400
                await asyncio.sleep(RETRY_S)
                site.wake.set()
            self._show_readings(site)
            await asyncio.sleep(len(site.subscribers) * REST_S)

    async def _wait(self, site: _Site) -> None:
        """Until something changed, or readings that were held back may be shown."""
        if not site.readings:
            await site.wake.wait()
            return
        due = site.shown_at + READING_S - asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(max(0.0, due)):
                await site.wake.wait()
        except TimeoutError:
            return

    async def _pump_changes(self, name: str, site: _Site) -> None:
        while True:
            if not site.subscribers:
                span = await asyncio.to_thread(read_span, self._reader, name)
                if not site.subscribers:  # who came meanwhile counts on what lies behind `position`
                    site.position = max(site.position, span.last)
                    return
            page = await self._page(name, site.position, None)
            site.position = max(site.position, page.upto)
            for telling in _tellings(page):
                for subscriber in site.subscribers:
                    subscriber.tell(telling)
            if not page.more:
                return

    def _show_readings(self, site: _Site) -> None:
        now = asyncio.get_running_loop().time()
        if not site.readings or now - site.shown_at < READING_S:
            return
        readings = site.readings.values()
        telling = Telling(tuple(Live(one.device, one.signals, one.received_at) for one in readings))
        for subscriber in site.subscribers:
            subscriber.show(telling)
        site.readings.clear()
        site.shown_at = now

    async def _page(self, site: str, after: int, until: int | None) -> Page:
        return await asyncio.to_thread(
            read_page, self._reader, site, after=after, until=until, limit=PAGE, load=self._load
        )


def _tellings(page: Page) -> Iterator[Telling]:
    """A page in parts, each of which is put into words at once."""
    for start in range(0, len(page.changes), TOLD_AT_ONCE):
        yield Telling(page.changes[start : start + TOLD_AT_ONCE])


def _refusal(span: Span, after: int) -> Reset | None:
    if after > span.last:
        return Reset("unknown-cursor")
    if after < span.first - 1 or span.last - after > REPLAY:
        return Reset("too-old")
    return None
