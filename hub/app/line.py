"""The hub's inside: store, writer, pipeline and feed; works with no network at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from sqlalchemy import URL, Connection

from hub.access.checkpoints import Signer
from hub.api.assembly import Parts, assemble, loader
from hub.api.directory import Directory
from hub.api.lookup import make_directory
from hub.api.services import Services
from hub.api.simulators import Simulators
from hub.app.announcing import Announcer
from hub.app.certifying import make_enrolment
from hub.app.disk import Allowed, watch_disk
from hub.app.estate import Estate, make_bench
from hub.app.keeping import class_days, evidence_days, evidence_kept, rows_kept
from hub.app.measuring import open_telemetry
from hub.app.taking_up import take_up
from hub.app.threads import in_thread
from hub.bulletins.compiling import Compiler, areas_of
from hub.bulletins.making import BulletinMaker
from hub.commands import Order
from hub.commands.opening import OpeningLimits
from hub.config import HubConfig, Role
from hub.config.looks import LooksConfig
from hub.database.listen import Listener
from hub.editing.bench import Bench
from hub.evidence import EvidenceFiles
from hub.ingest import IngestHealth
from hub.live import Feed, LivePictures
from hub.notify import Outbox
from hub.outbound import Guard
from hub.pipeline import (
    Act,
    Housekeeping,
    Pipeline,
    Registry,
    Writer,
    make_stations,
)
from hub.pipeline.audit_keeping import AuditKeeping
from hub.pipeline.evidence_keeping import EvidenceKeeping
from hub.pipeline.ticks import Ticks
from hub.pki import Enrolment
from hub.plans import PlanFiles
from hub.store import Store, open_store
from hub.store.seal import Seal
from hub.store.secrets import Secrets
from hub.telemetry import Telemetry
from wire import Clock

log = structlog.get_logger(__name__)

LONG_AWAY_MS = 30 * 24 * 3_600_000
DOUBT_S = 24 * 3600.0
"""A hub that seems to have been away for so long may have a wrong clock, by which all it holds
would be too old: it removes nothing for its first day."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the rest of the hub builds on."""

    clock: Clock
    store: Store
    writer: Writer
    telemetry: Telemetry
    registry: Registry
    directory: Directory
    feed: Feed
    pipeline: Pipeline
    announcer: Announcer
    evidence: EvidenceFiles
    bulletins: BulletinMaker
    evidence_days: Mapping[str, int]
    kept_days: Mapping[str, int]
    seal: Seal
    enrolment: Enrolment
    plans: PlanFiles
    limits: OpeningLimits
    looks: LooksConfig
    exports: Path
    erased: Path
    factor_roles: frozenset[Role]
    signer: Signer
    bench: Bench
    places: dict[str, tuple[str, ...]]

    async def act(self, act: Act, also: Callable[[Connection], None]) -> str:
        """Do a person's act, and `also`, in one transaction."""
        return await asyncio.wrap_future(self.pipeline.act(act, self.clock.now(), also=also))

    def services(  # noqa: PLR0913 - what the API works with, all by name
        self,
        *,
        version: str,
        boot: str,
        secure: bool,
        send: Callable[[Order], Awaitable[str]],
        broker_connected: Callable[[], bool],
        intake: Callable[[], IngestHealth],
        live: LivePictures,
        guard: Guard,
        agent_keys: Mapping[str, str],
        simulators: Simulators | None = None,
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
                intake=intake,
                live=live,
                evidence=self.evidence,
                bulletins=self.bulletins,
                evidence_days=self.evidence_days,
                kept_days=self.kept_days,
                looks=self.looks,
                factor_roles=self.factor_roles,
                signer=self.signer,
                seal=self.seal,
                exports=self.exports,
                erased=self.erased,
                bench=self.bench,
                take_up=partial(take_up, self.bench, self.directory.org, self.places),
                guard=guard,
                agent_keys=agent_keys,
                enrolment=self.enrolment,
                plans=self.plans,
                limits=self.limits,
                secure=secure,
                simulators=simulators,
            )
        )


@asynccontextmanager
async def open_line(
    config: HubConfig, estate: Estate, keys: Secrets, clock: Clock
) -> AsyncIterator[Line]:
    """The line, ready for messages and people; time passes in it. Raises as `open_store`."""
    async with AsyncExitStack() as stack:
        store = await asyncio.to_thread(open_store, estate.where)
        stack.callback(store.close)
        writer = await stack.enter_async_context(in_thread(Writer(store.writer)))
        directory = make_directory(
            estate.sites,
            kinds=estate.kinds,
            settings=estate.rules,
            alarms=estate.alarms,
            catalogue=estate.catalogue,
            org=estate.org,
            modes=estate.modes,
            patrols=estate.patrols,
        )
        load = loader(directory)
        feed = await stack.enter_async_context(Feed(store.reader, directory.sites, load))
        if isinstance(estate.where, URL):
            await stack.enter_async_context(in_thread(Listener(estate.where, feed.grown)))
        telemetry = await stack.enter_async_context(
            open_telemetry(config, store, writer, clock.now)
        )
        announcer = Announcer()
        announcer.listen(feed.committed)
        registry = Registry(
            estate.sites, kinds=estate.kinds, settings=estate.rules, alarms=estate.alarms
        )
        seal = Seal(keys)
        stations = make_stations(
            registry=registry,
            telemetry=telemetry,
            alarms=estate.alarms,
            catalogue=estate.catalogue,
            org=estate.org,
            seal=seal,
            paging=Outbox(
                channels=estate.channels,
                org=estate.org,
                registry=registry,
                alarms=estate.alarms,
                catalogue=estate.catalogue,
            ),
            modes=estate.modes,
            patrols=estate.patrols,
        )
        pipeline = Pipeline(writer, stations, announcer.committed)
        away_ms = await asyncio.wrap_future(pipeline.wake(clock.now())) or 0
        line = Line(
            clock=clock,
            store=store,
            writer=writer,
            telemetry=telemetry,
            registry=registry,
            directory=directory,
            feed=feed,
            pipeline=pipeline,
            announcer=announcer,
            evidence=await asyncio.to_thread(EvidenceFiles, config.data / "evidence"),
            bulletins=_bulletins(config, estate, registry, store, writer, clock),
            evidence_days=evidence_days(config),
            kept_days=class_days(config),
            seal=seal,
            enrolment=make_enrolment(config.data, estate.sites),
            plans=estate.plans,
            limits=OpeningLimits(config.commands.opens_per_minute, config.commands.doors_at_once),
            looks=config.looks,
            exports=config.data / "exports",
            erased=config.audit.checkpoints or config.data / "audit",
            factor_roles=frozenset(config.access.second_factor),
            signer=Signer(keys.signing_key),
            bench=make_bench(config, estate.sites),
            places={one.id: tuple(b.id for b in one.buildings) for one in estate.sites},
        )
        await stack.enter_async_context(_time_passing(line, config, away_ms))
        yield line


@asynccontextmanager
async def _time_passing(line: Line, config: HubConfig, away_ms: int) -> AsyncIterator[None]:
    clock = line.clock
    ticks = Ticks(line.pipeline, clock)
    line.announcer.listen(ticks.committed)
    housekeeping = Housekeeping(
        writer=line.writer, telemetry=line.telemetry, keep=rows_kept(config), now=clock.now
    )
    keeping = EvidenceKeeping(
        writer=line.writer,
        reader=line.store.reader,
        store=line.evidence,
        keep=evidence_kept(config),
        now=clock.now,
    )
    auditing = AuditKeeping(
        reader=line.store.reader,
        writer=line.writer,
        signer=line.signer,
        folder=config.audit.checkpoints or config.data / "audit",
        days=config.retention.audit_days,
        now=clock.now,
    )
    async with asyncio.TaskGroup() as tasks:
        running = [
            tasks.create_task(ticks.run(), name="hub-ticks"),
            tasks.create_task(
                watch_disk(
                    line.pipeline, config.data, clock.now, database=_allowed(config, line.store)
                ),
                name="hub-disk",
            ),
            tasks.create_task(_trusting(away_ms, housekeeping.run), name="hub-housekeeping"),
            tasks.create_task(_trusting(away_ms, keeping.run), name="hub-evidence-keeping"),
            tasks.create_task(_trusting(away_ms, auditing.forget), name="hub-audit-keeping"),
            tasks.create_task(
                auditing.sign(config.audit.every_min * 60.0), name="hub-audit-checkpoints"
            ),
        ]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


def _allowed(config: HubConfig, store: Store) -> Allowed | None:
    most = config.store.max_gb
    return None if most is None else Allowed(store.reader, most)


def _bulletins(
    config: HubConfig,
    estate: Estate,
    registry: Registry,
    store: Store,
    writer: Writer,
    clock: Clock,
) -> BulletinMaker:
    compiler = Compiler(
        catalogue=estate.catalogue,
        org=estate.org,
        registry=registry,
        modes=estate.modes,
        areas=areas_of(estate.sites),
    )
    return BulletinMaker(
        compiler=compiler,
        config=config.bulletins,
        reader=store.reader,
        writer=writer,
        now=clock.now,
    )


async def _trusting(away_ms: int, remove: Callable[[], Awaitable[None]]) -> None:
    """Remove what is too old, as soon as the clock by which it is too old can be trusted."""
    if away_ms > LONG_AWAY_MS:
        log.error("retention.clock_doubted", away_days=away_ms // 86_400_000)
        await asyncio.sleep(DOUBT_S)
    await remove()
