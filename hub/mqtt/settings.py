"""How to reach the broker, read from configuration once."""

import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from typing import Final
from urllib.parse import urlsplit

from hub.config import MqttConfig
from hub.config.password import read_password
from hub.errors import ConfigError
from hub.pki.authority import CERTIFICATE_FILE
from hub.pki.broker import HUB_CERTIFICATE, HUB_KEY
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

    anonymous: the broker may let in anybody; see `hub.mqtt.probe`.

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
    anonymous: bool = False

    @property
    def without_login(self) -> "LinkSettings":
        """The same broker as a stranger reaches it."""
        return replace(
            self,
            client_id=f"gatehouse-probe-{token_hex(4)}",
            username=None,
            password=None,
            tls=None if self.tls is None else _of_a_stranger(),
        )

    @classmethod
    def of(cls, config: MqttConfig, secrets: Path) -> "LinkSettings":
        """From `[mqtt]` of hub.toml. secrets: folder of the hub's own keys.

        Raises ConfigError when a file that it names cannot be used.
        """
        parts = urlsplit(config.url)
        secure = parts.scheme == "mqtts"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (TLS_PORT if secure else PORT),
            client_id=config.client_id,
            username=config.username,
            password=None if config.password_file is None else read_password(config.password_file),
            tls=_tls(config, secrets) if secure else None,
            protocols=_PROTOCOLS[config.protocol],
            anonymous=config.anonymous,
        )


def _tls(config: MqttConfig, secrets: Path) -> ssl.SSLContext:
    """With the files that are named, or those that `gatehouse pki broker` made."""
    authority, certificate, key = config.ca_file, config.cert_file, config.key_file
    made = secrets / HUB_CERTIFICATE
    if certificate is None and config.password_file is None and made.is_file():
        certificate, key = made, secrets / HUB_KEY
        authority = authority or secrets / CERTIFICATE_FILE
    try:
        context = ssl.create_default_context(cafile=authority)
        if certificate is not None:
            if key is not None and key.stat().st_mode & 0o077:
                raise ConfigError(key, "", "others can read this key; set its mode to 0600")
            context.load_cert_chain(certificate, key)
    except OSError as error:  # ssl.SSLError is one
        problem = error.strerror or type(error).__name__
        raise ConfigError("[mqtt]", "ca_file, cert_file or key_file", problem) from None
    return context


def _of_a_stranger() -> ssl.SSLContext:
    """Shows no certificate and checks none: it only asks whether it is let in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
