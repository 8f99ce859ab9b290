"""How to reach the broker, read from configuration once."""

import ssl
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from hub.config import MqttConfig
from hub.config.password import read_password
from wire.mqtt import Version

PORT: Final = 1883
TLS_PORT: Final = 8883
KEEPALIVE_S: Final = 15
"""A dead connection is found within 1.5 times this (MQTT 5, 3.1.2.10)."""

_PROTOCOLS: Final = {
    "auto": (Version.V5, Version.V311),
    "5": (Version.V5,),
    "3.1.1": (Version.V311,),
}


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker publishes, retained, when this connection is lost."""

    topic: str
    payload: bytes


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """tls: None for a plain connection. password: never in a log or an error.

    protocols: tried in turn until the broker takes one.
    """

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    keepalive_s: int = KEEPALIVE_S
    protocols: tuple[Version, ...] = (Version.V5, Version.V311)

    @classmethod
    def of(cls, config: MqttConfig) -> "LinkSettings":
        """From `[mqtt]` of hub.toml. Raises ConfigError when the password file cannot be used."""
        parts = urlsplit(config.url)
        secure = parts.scheme == "mqtts"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (TLS_PORT if secure else PORT),
            client_id=config.client_id,
            username=config.username,
            password=None if config.password_file is None else read_password(config.password_file),
            tls=ssl.create_default_context() if secure else None,
            protocols=_PROTOCOLS[config.protocol],
        )
