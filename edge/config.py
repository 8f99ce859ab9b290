"""An edge agent's configuration: TOML, checked whole before anything starts."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Self, Union
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from edge.drivers.registry import load as load_drivers
from edge.errors import ConfigError
from edge.media.pictures import PictureQuota
from edge.media.upload import MediaConfig
from edge.outbox import Quotas
from wire import Id
from wire.kinds import Kind
from wire.kinds import load as load_kinds
from wire.topics import HUB

if TYPE_CHECKING:
    from edge.drivers.base import DriverSettings

    AnyDriver = DriverSettings
else:
    # One model per plug-in, told apart by `type`, so that a mistake is located inside it.
    _MODELS = tuple(driver.settings for driver in load_drivers().values())
    AnyDriver = Annotated[Union[_MODELS], Field(discriminator="type")]  # noqa: UP007

_PORTS = {"mqtt": 1883, "mqtts": 8883}
_MAX_PORT = 65535


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MqttConfig(_Table):
    """The broker. url: `mqtt://host[:port]`, or `mqtts://…` for TLS.

    ca_file, cert_file, key_file: for `mqtts`; without ca_file the system's authorities count.
    keepalive_s: a dead connection is noticed within one and a half times this.
    """

    url: str
    username: str | None = None
    password_file: Path | None = None
    client_id: Annotated[str, Field(min_length=1, max_length=128)] | None = None
    keepalive_s: Annotated[int, Field(ge=2, le=3600)] = 15
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _known_url(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path not in {"", "/"}:
            raise ValueError("must be mqtt://host[:port] or mqtts://host[:port]")
        if parts.username or parts.password:
            raise ValueError("must not hold a login: use username and password_file")
        _ = parts.port  # raises ValueError when it is none
        return url

    @property
    def host(self) -> str:
        """The broker's host."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The broker's port."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    @property
    def tls(self) -> bool:
        """Whether the connection is encrypted."""
        return urlsplit(self.url).scheme == "mqtts"


class HttpConfig(_Table):
    """Where devices push to. listen: `host:port`; port 0 lets the system choose one."""

    listen: str

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, listen: str) -> str:
        host, _, port = listen.rpartition(":")
        if not host or not port.isdecimal() or int(port) > _MAX_PORT:
            raise ValueError("must be host:port, such as 192.0.2.10:8810")
        return listen

    @property
    def host(self) -> str:
        """The address to listen on."""
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """The port, 0 for one that the system chooses."""
        return int(self.listen.rpartition(":")[2])


class EdgeConfig(_Table):
    """One edge agent.

    data: folder of the outbox database. hub_key: the hub's Ed25519 public key, 64 hex digits;
        without it the agent takes no commands.
    heartbeat_s: between statuses, each with a fresh nonce.
    media: where pictures and clips go; without it they stay here until their quota ends them.
    """

    site: Id
    agent: Id
    data: Path
    hub_key: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    heartbeat_s: Annotated[float, Field(ge=0.5, le=60)] = 5.0
    mqtt: MqttConfig
    http: HttpConfig | None = None
    outbox: Quotas = Quotas()
    pictures: PictureQuota = PictureQuota()
    media: MediaConfig | None = None
    driver: Annotated[Sequence[AnyDriver], Field(min_length=1)]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.agent == HUB:
            raise ValueError(f"agent must not be called {HUB!r}")
        ids = [device.id for driver in self.driver for device in driver.device]
        for device in ids:
            if ids.count(device) > 1:
                raise ValueError(f"device {device!r} stands twice")
        for driver in self.driver:
            if load_drivers()[driver.type].pushes and self.http is None:
                raise ValueError(f"driver {driver.type} needs [http] listen")
        return self

    @property
    def kinds(self) -> dict[str, Kind]:
        """The kind of each device, by device id."""
        kinds, drivers = load_kinds(), load_drivers()
        return {
            device.id: kinds[drivers[driver.type].kind]
            for driver in self.driver
            for device in driver.device
        }


def load(path: Path) -> EdgeConfig:
    """Read a configuration; relative paths in it are relative to the file.

    Raises ConfigError: one line with file, key and what is wrong.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: not TOML: {error}") from error
    try:
        config = EdgeConfig.model_validate(document)
    except ValidationError as error:
        raise ConfigError(f"{path}: {_first_mistake(error)}") from None
    return _with_paths_below(config, path.parent)


def _with_paths_below(config: EdgeConfig, folder: Path) -> EdgeConfig:
    files = ("password_file", "ca_file", "cert_file", "key_file")
    named = {name: file for name in files if (file := getattr(config.mqtt, name)) is not None}
    mqtt = config.mqtt.model_copy(update={name: folder / file for name, file in named.items()})
    drivers = tuple(driver.with_paths_below(folder) for driver in config.driver)
    media = config.media
    if media is not None and media.ca_file is not None:
        media = media.model_copy(update={"ca_file": folder / media.ca_file})
    paths = {"data": folder / config.data, "mqtt": mqtt, "driver": drivers, "media": media}
    return config.model_copy(update=paths)


def _first_mistake(error: ValidationError) -> str:
    """`key: what is wrong`, without the value, which may be a secret."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    message = "unknown key" if first["type"] == "extra_forbidden" else first["msg"]
    message = message.removeprefix("Value error, ")
    key = _key(first["loc"])
    return f"{key}: {message}" if key else message


def _key(location: Sequence[Any]) -> str:
    """`driver[0].device[1].address`; the name of a union's branch is left out."""
    key = ""
    drivers = load_drivers()
    for part in location:
        if isinstance(part, int):
            key += f"[{part}]"
        elif part not in drivers:
            key += f".{part}" if key else str(part)
    return key
