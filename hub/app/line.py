"""The hub's inside: store, writer, pipeline and feed; works with no network at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.api.assembly import Parts, assemble, loader
from hub.api.directory import Directory
from hub.api.lookup import make_directory
from hub.api.services import Services
from hub.app.estate import Estate
from hub.app.threads import in_thread
from hub.commands import Order
from hub.config import HubConfig
from hub.live import Feed
from hub.pipeline import Act, Housekeeping, Limits, Pipeline, Registry, Writer, run_ticks
from hub.store import Store, open_store
from hub.store.seal import Seal
from hub.store.secrets import Secrets
from hub.store.write.retention import Keep
from hub.telemetry import SqliteTelemetry
from wire import Clock

TICK_S = 0.5
"""Simulated seconds: a quarter of the 2 s in which an alarm has to show (GB 50396-2007, 5.1.2)."""

SHORTEST_TICK_S = 0.05
"""Real seconds: however fast the clock runs, the writer has other work too."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the rest of the hub builds on."""

    clock: Clock
    store: Store
    writer: Writer
    telemetry: SqliteTelemetry
    registry: Registry
    directory: Directory
    feed: Feed
    pipeline: Pipeline

    async def act(self, act: Act, also: Callable[[Connection], None]) -> str:
        """Do a person's act, and `also`, in one transaction."""
        return await asyncio.wrap_future(self.pipeline.act(act, self.clock.now(), also=also))

    def services(
        self,
        *,
        version: str,
        boot: str,
        secure: bool,
        send: Callable[[Order], Awaitable[str]],
        broker_connected: Callable[[], bool],
    ) -> Services:
        """What the API works with."""
        return assemble(
            Parts(
                version=version,
                hub_boot=boot,
                clock=self.clock,
                reader=self.store.reader,
                writer=self.writer,
                directory=self.directory,
                telemetry=self.telemetry,
                feed=self.feed,
                act=self.act,
                send=send,
                broker_connected=broker_connected,
                secure=secure,
            )
        )


@asynccontextmanager
async def open_line(
    config: HubConfig, estate: Estate, keys: Secrets, clock: Clock
) -> AsyncIterator[Line]:
    """The line, ready for messages and people; time passes in it. Raises as `open_store`."""
    async with AsyncExitStack() as stack:
        store = await asyncio.to_thread(open_store, config.data / "hub.db")
        stack.callback(store.close)
        writer = await stack.enter_async_context(in_thread(Writer(store.writer)))
        directory = make_directory(
            estate.sites,
            kinds=estate.kinds,
            settings=estate.rules,
            alarms=estate.alarms,
            catalogue=estate.catalogue,
        )
        load = loader(store.reader, directory)
        feed = await stack.enter_async_context(Feed(store.reader, directory.sites, load))
        telemetry = SqliteTelemetry()
        registry = Registry(
            estate.sites, kinds=estate.kinds, settings=estate.rules, alarms=estate.alarms
        )
        pipeline = Pipeline(
            writer=writer,
            telemetry=telemetry,
            registry=registry,
            alarms=estate.alarms,
            categories=estate.catalogue.categories,
            seal=Seal(keys),
            committed=feed.committed,
        )
        line = Line(clock, store, writer, telemetry, registry, directory, feed, pipeline)
        await stack.enter_async_context(_time_passing(line, _limits(config)))
        yield line


@asynccontextmanager
async def _time_passing(line: Line, limits: Limits) -> AsyncIterator[None]:
    clock = line.clock
    period_s = max(SHORTEST_TICK_S, clock.real_seconds(TICK_S))
    housekeeping = Housekeeping(
        writer=line.writer, telemetry=line.telemetry, limits=limits, now=clock.now
    )
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(run_ticks(line.pipeline, clock.now, period_s), name="hub-ticks"),
            tasks.create_task(housekeeping.run(), name="hub-housekeeping"),
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


def _limits(config: HubConfig) -> Limits:
    days = config.retention
    keep = Keep(
        observations=days.observations_days,
        passages=days.passages_days,
        alerts=days.alerts_days,
        cases=days.cases_days,
        dead_letters=days.dead_letters_days,
        feed=days.feed_days,
    )
    return Limits(keep, days.telemetry_days, config.telemetry.max_mb * 1024 * 1024)
