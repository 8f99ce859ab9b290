"""The residents' listener while the hub runs, where its table is in the file."""

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

import structlog
from sqlalchemy.exc import DBAPIError

from hub.api.desk import Desk
from hub.api.photos import PhotoDesk
from hub.app.connections import Room
from hub.app.estate import Estate, is_loopback
from hub.app.line import Line
from hub.app.server import listen, serve
from hub.config import HubConfig
from hub.config.residents import ResidentsConfig
from hub.errors import ConfigError, UnavailableError
from hub.pipeline import Priority
from hub.residents import Quota, Quotas, ResidentDesk, build_residents
from hub.residents.models import MOST_PHOTOS
from hub.residents.receipt import Receipts
from hub.store.write.counters import Count, add_counts
from hub.vision.photo import PhotoMaker
from wire import Clock

log = structlog.get_logger(__name__)

COUNT_EVERY_S: Final = 10.0
"""Refusals are written down together: a flood of them must not become one of writes."""

LOOKS_HOURLY: Final = 120
LOOKS_ALL_HOURLY: Final = 5_000
CONNECTIONS: Final = 64
EACH: Final = 16
"""Of the connections, those of one address; a proxy in front stands for many."""


@asynccontextmanager
async def hearing_residents(
    config: HubConfig, estate: Estate, line: Line
) -> AsyncIterator[int | None]:
    """Serve residents while the context lasts; nothing at all when the file does not say so.

    Yields the port, None for nothing. Raises ConfigError.
    """
    wanted = config.residents
    if wanted is None:
        yield None
        return
    _check(config, wanted, estate)
    # real time, at whatever speed a simulation runs: quotas are about people and machines outside
    real = Clock(line.clock.read, line.clock.origin, line.clock.zero)
    quotas = make_quotas(wanted)
    app = build_residents(make_desk(wanted, line), quotas, hosts=_hosts(wanted), now=real.now)
    counting = asyncio.create_task(_counting(line, wanted, quotas), name="hub-residents-counting")
    try:
        with listen(config, "residents") as listener:
            proxies = wanted.proxies if wanted.public_url else ()
            serving = serve(
                app,
                listener,
                stopping=_nothing,
                proxies=proxies,
                at_once=CONNECTIONS,
                room=Room(2 * CONNECTIONS, EACH, near=proxies),
            )
            async with serving:
                port = int(listener.getsockname()[1])
                log.info("residents.listening", port=port)
                yield port
    finally:
        counting.cancel()
        await asyncio.wait({counting})


def make_desk(wanted: ResidentsConfig, line: Line) -> ResidentDesk:
    """What residents reach of the hub; its writes wait behind everybody else's."""
    desk = Desk(line.store.reader, line.writer, priority=Priority.MEDIA, at_once=2)
    return ResidentDesk(
        directory=line.directory,
        sites=wanted.sites or tuple(line.directory.sites),
        categories=wanted.categories,
        desk=desk,
        photos=PhotoDesk(desk, line.evidence, PhotoMaker(at_once=1), line.clock.now),
        seal=line.seal,
        receipts=Receipts(line.seal),
        act=lambda act: asyncio.wrap_future(
            line.pipeline.act(act, line.clock.now(), priority=Priority.MEDIA)
        ),
    )


def make_quotas(wanted: ResidentsConfig) -> Quotas:
    """As many photos as reports may bring; looks are cheap, and still bounded."""
    return Quotas(
        reports=_quota(wanted, 1),
        photos=_quota(wanted, MOST_PHOTOS),
        looks=Quota(LOOKS_HOURLY, 24 * LOOKS_HOURLY, LOOKS_ALL_HOURLY, 24 * LOOKS_ALL_HOURLY),
    )


def _quota(wanted: ResidentsConfig, each: int) -> Quota:
    return Quota(
        wanted.hourly * each,
        wanted.daily * each,
        wanted.all_hourly * each,
        wanted.all_daily * each,
    )


async def _counting(line: Line, wanted: ResidentsConfig, quotas: Quotas) -> None:
    site = (wanted.sites or tuple(line.directory.sites))[0]
    desk = Desk(line.store.reader, line.writer, priority=Priority.HOUSEKEEPING)
    while True:
        await asyncio.sleep(COUNT_EVERY_S)
        refused = quotas.take_refused()
        if not refused:
            continue
        counts = {(site, Count.RESIDENT_REFUSED): refused}
        try:
            await desk.write(functools.partial(add_counts, counts=counts))
        except (DBAPIError, UnavailableError) as error:
            quotas.refused += refused
            log.warning("residents.not_counted", error=type(error).__name__)


def _check(config: HubConfig, wanted: ResidentsConfig, estate: Estate) -> None:
    if not is_loopback(wanted.host) and wanted.public_url is None:
        problem = "is missing: other machines reach this address"
        raise ConfigError(config.source, "residents.public_url", problem)
    known = {site.id for site in estate.sites}
    for name in wanted.sites:
        if name not in known:
            raise ConfigError(config.source, "residents.sites", f"no site {name!r}")
    for name in wanted.categories:
        category = estate.catalogue.categories.get(name)
        if category is None or not category.manual:
            problem = f"no category {name!r} that people may report"
            raise ConfigError(config.source, "residents.categories", problem)


def _hosts(wanted: ResidentsConfig) -> frozenset[str]:
    name = urlsplit(wanted.public_url or "").hostname
    return frozenset() if name is None else frozenset({name})


def _nothing() -> None:
    """No stream has to be ended here."""
