"""Chooses where telemetry goes, and opens it."""

import importlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy import Connection

from hub.app.threads import in_thread
from hub.config import HubConfig
from hub.config.password import read_password
from hub.errors import ConfigError
from hub.pipeline import Priority, Writer
from hub.store import Store
from hub.store.write.counters import Count, add_counts
from hub.store.write.dead_letters import DeadLetter, insert_dead_letters
from hub.telemetry import Keep, Telemetry
from hub.telemetry.database import DatabaseTelemetry
from hub.telemetry.delivery import Delivery, Refused
from hub.telemetry.remote import RemoteTelemetry
from hub.telemetry.server import Server
from hub.telemetry.spool import Spool


@asynccontextmanager
async def open_telemetry(
    config: HubConfig, store: Store, writer: Writer, now: Callable[[], int]
) -> AsyncIterator[Telemetry]:
    """The back end that `[telemetry]` names, for as long as the context lasts.

    A server that is away holds nothing up. Raises ConfigError for a token that cannot be read, or
    a library that is not installed.
    """
    if config.telemetry.backend == "sqlite":
        yield DatabaseTelemetry(store.reader, keep_of(config))
        return
    server = make_server(config)
    spool = Spool(max_bytes=config.telemetry.spool_mb * 1024 * 1024, dropped=count_dropped)

    def settled(committed: bool) -> None:  # noqa: FBT001 - the writer's one argument
        if not committed:
            spool.forget()

    delivery = Delivery(
        server,
        spool,
        reader=store.reader,
        submit=partial(writer.submit, Priority.TELEMETRY, settled=settled),
        set_aside=lambda connection, refused: set_aside(connection, refused, now()),
    )
    try:
        async with in_thread(delivery):
            yield RemoteTelemetry(server, spool, keep_of(config))
    finally:
        server.close()


def make_server(config: HubConfig) -> Server:
    """The client of the configured server. Raises ConfigError."""
    wish = config.telemetry
    url, token = wish.url or "", _token(config)
    try:
        if wish.backend == "victoriametrics":
            victoria = importlib.import_module("hub.telemetry.victoriametrics")
            made: Server = victoria.VictoriaMetrics(url, token=token)
        else:
            influx = importlib.import_module("hub.telemetry.influxdb")
            made = influx.InfluxDb(url, org=wish.org, bucket=wish.bucket, token=token)
    except ImportError as error:
        problem = f"needs {error.name}: pip install 'gatehouse[influx]'"
        raise ConfigError(config.source, "telemetry.backend", problem) from None
    return made


def keep_of(config: HubConfig) -> Keep:
    """How long, and how much, telemetry is kept where the hub itself keeps it."""
    days = config.retention
    return Keep(
        raw_days=days.telemetry_days,
        minute_days=days.telemetry_minutes_days,
        hour_days=days.telemetry_hours_days,
        max_bytes=config.telemetry.max_mb * 1024 * 1024,
    )


def _token(config: HubConfig) -> str | None:
    wish = config.telemetry
    if wish.token_file is not None:
        return read_password(wish.token_file)
    if wish.token_env is None:
        return None
    token = os.environ.get(wish.token_env, "").strip()
    if not token:
        raise ConfigError(config.source, "telemetry.token_env", f"{wish.token_env} is not set")
    return token


def count_dropped(connection: Connection, site: str, points: int, *, urgent: bool) -> None:
    """Count what had to make room in the spool."""
    counts = {(site, Count.TELEMETRY_DROPPED): points}
    if urgent:
        counts[site, Count.TELEMETRY_DROPPED_URGENT] = points
    add_counts(connection, counts)


def set_aside(connection: Connection, refused: Sequence[Refused], now: int) -> None:
    """Make dead letters of points that the server does not take."""
    letters = [
        DeadLetter(
            topic="telemetry",
            site=one.site,
            received_at=now,
            reason="telemetry-refused",
            detail=one.why,
            size=one.size,
            device=one.device or None,
        )
        for one in refused
    ]
    insert_dead_letters(connection, letters)
    for one in refused:
        add_counts(connection, {(one.site, Count.TELEMETRY_REFUSED): 1})
