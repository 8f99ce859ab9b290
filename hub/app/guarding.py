"""The guard of this hub's outbound addresses, from its configuration."""

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import URL

from hub.config import HubConfig
from hub.mqtt.settings import PORT, TLS_PORT
from hub.outbound import Endpoint, Guard

_HTTP_PORTS: Final = {"http": 80, "https": 443}
_DATABASE_PORT: Final = 5432


def guard_of(config: HubConfig, where: Path | URL) -> Guard:
    """What `[outbound]` allows, and never the broker, the database, telemetry or the hub itself."""
    own = [Endpoint("", config.http.port), *_broker(config), *_database(where)]
    if config.residents is not None:
        own.append(Endpoint("", config.residents.port))
    if config.telemetry.url is not None:
        parts = urlsplit(config.telemetry.url)
        own.append(Endpoint(parts.hostname or "", parts.port or _HTTP_PORTS[parts.scheme]))
    return Guard(config.outbound.allow, own)


def _broker(config: HubConfig) -> list[Endpoint]:
    """With both of its usual listeners: it may have one beside that which the hub uses."""
    parts = urlsplit(config.mqtt.url)
    usual = TLS_PORT if parts.scheme == "mqtts" else PORT
    ports = {parts.port or usual, PORT, TLS_PORT}
    return [Endpoint(parts.hostname or "", port) for port in sorted(ports)]


def _database(where: Path | URL) -> list[Endpoint]:
    if isinstance(where, Path):
        return []
    port = where.port or _DATABASE_PORT
    # a list of hosts stands in the query (libpq); without any it is a socket of this machine
    named = where.query.get("host", "")
    hosts = [where.host or "", *([named] if isinstance(named, str) else named)]
    return [Endpoint("" if host.startswith("/") else host, port) for host in hosts]
