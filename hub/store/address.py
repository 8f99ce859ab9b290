"""From hub.toml to the database: a file, or a server and its password."""

import ipaddress
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from hub.config import HubConfig
from hub.config.store_table import store_password
from hub.errors import ConfigError


def database_of(config: HubConfig) -> Path | URL:
    """Where everything is kept. Raises ConfigError.

    To a server on another machine the way is encrypted, unless the address itself says how.
    """
    if config.store.url is None:
        return config.data / "hub.db"
    if find_spec("psycopg") is None:
        problem = "needs the PostgreSQL driver: pip install 'gatehouse[postgres]'"
        raise ConfigError(config.source, "store.url", problem)
    try:
        url = make_url(config.store.url)
    except (ArgumentError, ValueError):
        raise ConfigError(config.source, "store.url", "cannot be read") from None
    if "sslmode" not in url.query and not _near(url):
        url = url.update_query_dict({"sslmode": "require"})
    password = store_password(config.store)
    return url if password is None else url.set(password=password)


def _near(url: URL) -> bool:
    """Over a socket file, or on this machine."""
    host = url.host or str(url.query.get("host", ""))
    try:
        return host in {"", "localhost"} or host[0] == "/" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
