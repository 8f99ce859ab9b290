"""Chooses where telemetry goes, and opens it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hub.config import HubConfig
from hub.store import Store
from hub.telemetry import Keep, Telemetry
from hub.telemetry.sqlite import SqliteTelemetry


@asynccontextmanager
async def open_telemetry(config: HubConfig, store: Store) -> AsyncIterator[Telemetry]:
    """The back end that `[telemetry]` names, for as long as the context lasts."""
    yield SqliteTelemetry(store.reader, keep_of(config))


def keep_of(config: HubConfig) -> Keep:
    """How long, and how much, telemetry is kept where the hub itself keeps it."""
    days = config.retention
    return Keep(
        raw_days=days.telemetry_days,
        minute_days=days.telemetry_minutes_days,
        hour_days=days.telemetry_hours_days,
        max_bytes=config.telemetry.max_mb * 1024 * 1024,
    )
