"""The hub's own file, `hub.toml`."""

from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, IPvAnyNetwork, model_validator

from hub.config.looks import LooksConfig
from hub.config.org.desks import Day
from hub.config.own import CHANNELS, in_force
from hub.config.residents import ResidentsConfig
from hub.config.role import Role
from hub.config.store_table import StoreConfig
from hub.config.table import Table, read_model


def _mqtt_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
        raise ValueError("is not of the form mqtt://host:port or mqtts://host:port")
    if parts.username or parts.password:
        raise ValueError("must not hold credentials; use username and password_file")
    return url


class MqttConfig(Table):
    """How to reach the broker. The password stands in a file of its own, never in this one.

    protocol: `auto` tries MQTT 5 first; a broker that leaves it unanswered costs some seconds.
    ca_file, cert_file, key_file: for `mqtts`. Without them the hub shows the certificate that
        `gatehouse pki broker` made, where there is one, and trusts its own authority alone.
    anonymous: the broker may let in anybody. For trying things out on one machine, and only there.
    """

    url: Annotated[str, AfterValidator(_mqtt_url)]
    username: str | None = None
    password_file: Path | None = None
    protocol: Literal["auto", "5", "3.1.1"] = "auto"
    client_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "gatehouse-hub"
    ca_file: Path | None = None
    cert_file: Path | None = None
    key_file: Path | None = None
    anonymous: bool = False

    @model_validator(mode="after")
    def _safe(self) -> Self:
        parts = urlsplit(self.url)
        if self.anonymous and parts.hostname not in {"127.0.0.1", "::1", "localhost"}:
            raise ValueError("anonymous = true is for a broker on loopback alone")
        if (self.cert_file is None) != (self.key_file is None):
            raise ValueError("cert_file and key_file belong together")
        return self


class HttpConfig(Table):
    """Where the API and the console are served.

    public_url: under what address browsers come; needed when other machines reach `host`. Begins
        with https:// (a TLS proxy in front) unless `plain_http` says that nobody else can listen.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8800
    public_url: str | None = None
    plain_http: bool = False


class RetentionConfig(Table):
    """Days that records are kept.

    Access traces are sensitive personal information (PIPL art. 28) and kept no longer than
    needed (art. 19); the record of who looked at them is kept three years (art. 56).
    """

    telemetry_days: Annotated[int, Field(ge=1, le=3650)] = 30
    telemetry_minutes_days: Annotated[int, Field(ge=1, le=3650)] = 400
    telemetry_hours_days: Annotated[int, Field(ge=1, le=36_500)] = 3650
    observations_days: Annotated[int, Field(ge=1, le=365)] = 90
    passages_days: Annotated[int, Field(ge=30, le=365)] = 180
    alerts_days: Annotated[int, Field(ge=30, le=3650)] = 1095
    cases_days: Annotated[int, Field(ge=30, le=3650)] = 1095
    dead_letters_days: Annotated[int, Field(ge=1, le=365)] = 30
    audit_days: Annotated[int, Field(ge=1095, le=36_500)] = 1095
    feed_days: Annotated[int, Field(ge=1, le=90)] = 7
    households_days: Annotated[int, Field(ge=1, le=1095)] = 90


def _server_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("is not of the form http://host:port or https://host:port")
    if parts.username or parts.password:
        raise ValueError("must not hold credentials; use token_file or token_env")
    return url


class TelemetryConfig(Table):
    """Where numbers over time are kept.

    max_mb: the most that they may weigh in the hub's own database; the oldest go first.
    url, token_file or token_env, org, bucket: of a server; org and bucket are InfluxDB's.
    spool_mb: the most that waits here, compressed, while the server is away.
    """

    backend: Literal["sqlite", "victoriametrics", "influxdb"] = "sqlite"
    max_mb: Annotated[int, Field(ge=16, le=1_000_000)] = 2048
    url: Annotated[str, AfterValidator(_server_url)] | None = None
    org: Annotated[str, Field(min_length=1)] = "gatehouse"
    bucket: Annotated[str, Field(min_length=1)] = "gatehouse"
    token_file: Path | None = None
    token_env: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None
    spool_mb: Annotated[int, Field(ge=1, le=100_000)] = 512

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.backend != "sqlite" and self.url is None:
            raise ValueError(f"backend {self.backend!r} needs the url of its server")
        if self.backend == "sqlite" and (self.url or self.token_file or self.token_env):
            raise ValueError("a url or token is of no use to backend 'sqlite'")
        if self.token_file and self.token_env:
            raise ValueError("takes token_file or token_env, not both")
        return self


class EvidenceConfig(Table):
    """Clips, pictures, people's photos: days that each class is kept, and what all may weigh.

    Evidence of an open case is kept however old it is, and goes last when the room is short.
    """

    max_mb: Annotated[int, Field(ge=64, le=100_000_000)] = 50_000
    clip_days: Annotated[int, Field(ge=1, le=3650)] = 90
    still_days: Annotated[int, Field(ge=1, le=3650)] = 180
    thumbnail_days: Annotated[int, Field(ge=1, le=3650)] = 180
    picture_days: Annotated[int, Field(ge=1, le=365)] = 90
    photo_days: Annotated[int, Field(ge=1, le=3650)] = 365


_SMALL_ORDER: Final = frozenset(
    {"00" * 32, "00" * 31 + "80", "01" + "00" * 31, "ec" + "ff" * 30 + "7f"}
)
"""Placeholders that decode to points of order 1, 2 and 4 (RFC 8032, 5.1): anyone signs for them."""


def _real_key(key: str) -> str:
    if key in _SMALL_ORDER:
        raise ValueError("is a placeholder for which anyone can sign")
    return key


AgentName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}/[a-z0-9-]{1,64}$")]
PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$"), AfterValidator(_real_key)]


class MediaConfig(Table):
    """Whose evidence is taken.

    keys: by `site/agent`, the agent's public key (Ed25519, 64 hex digits), which the agent logs
        when it starts.
    """

    keys: dict[AgentName, PublicKey] = Field(default_factory=dict)


class AccessConfig(Table):
    """second_factor: roles that have to set one up; until they have, nothing else is let through.

    Others may.
    """

    second_factor: tuple[Role, ...] = ()


class AuditConfig(Table):
    """How the audit trail is sealed.

    checkpoints: folder that signed checkpoints are written to; best one that lies on another
        machine. Without it, `audit` in the data folder. every_min: how often.
    """

    checkpoints: Path | None = None
    every_min: Annotated[int, Field(ge=1, le=1440)] = 60


class NotifyConfig(Table):
    """channels: the file with the addresses of people, see `hub.config.channels`."""

    channels: Path | None = None


class OutboundConfig(Table):
    """allow: networks beyond the public ones to which addresses that people set may lead (CIDR)."""

    allow: tuple[IPvAnyNetwork, ...] = ()


class CommandsConfig(Table):
    """How much one person may open: see `hub.commands.opening`.

    opens_per_minute: openings that one person may order. doors_at_once: that one order may open
        without a second person.
    """

    opens_per_minute: Annotated[int, Field(ge=1, le=100_000)] = 3
    doors_at_once: Annotated[int, Field(ge=1, le=500)] = 3


class BulletinConfig(Table):
    """When the weekly report and the monthly notice are made, on the organisation's clock.

    week: the day on which a week begins and is reported. hour: of that day, and of the month's
        first.
    """

    week: Day = Day.MON
    hour: Annotated[int, Field(ge=0, le=23)] = 8


class VisionConfig(Table):
    """model: of the folder of models, by name; without one nothing is looked for in frames."""

    model: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] | None = None


class HubConfig(Table):
    """`hub.toml`, with every path absolute. `source` is the file it was read from.

    own: the folder of the estate's own copies of what it names; see `hub.config.own`.
    """

    data: Path
    own: Path | None = None
    sites: Annotated[tuple[Path, ...], Field(min_length=1)]
    rules: Path
    alarms: Path
    cases: Path
    org: Path
    modes: Path
    patrols: Path | None = None
    mqtt: MqttConfig
    store: StoreConfig = StoreConfig()
    http: HttpConfig = HttpConfig()
    retention: RetentionConfig = RetentionConfig()
    telemetry: TelemetryConfig = TelemetryConfig()
    evidence: EvidenceConfig = EvidenceConfig()
    media: MediaConfig = MediaConfig()
    access: AccessConfig = AccessConfig()
    audit: AuditConfig = AuditConfig()
    notify: NotifyConfig = NotifyConfig()
    outbound: OutboundConfig = OutboundConfig()
    commands: CommandsConfig = CommandsConfig()
    vision: VisionConfig = VisionConfig()
    looks: LooksConfig = LooksConfig()
    bulletins: BulletinConfig = BulletinConfig()
    residents: ResidentsConfig | None = None
    models: Path | None = None
    source: Annotated[Path, Field(exclude=True)] = Path("hub.toml")

    @property
    def own_folder(self) -> Path:
        """Where the estate's own copies lie; it need not be there."""
        return self.own or self.data / "config"

    @property
    def site_files(self) -> tuple[Path, ...]:
        """The site files in force."""
        return tuple(in_force(path, self.own_folder / "sites") for path in self.sites)

    @property
    def channels_file(self) -> Path | None:
        """The file of addresses in force: the estate's own, else that which `[notify]` names."""
        own = self.own_folder / CHANNELS
        return own if own.is_file() else self.notify.channels


class _File(Table):
    data: Path
    own: Path | None = None
    sites: Annotated[tuple[Path, ...], Field(min_length=1)]
    rules: Path | None = None
    alarms: Path | None = None
    cases: Path | None = None
    org: Path | None = None
    modes: Path | None = None
    patrols: Path | None = None
    mqtt: MqttConfig
    store: StoreConfig = StoreConfig()
    http: HttpConfig = HttpConfig()
    retention: RetentionConfig = RetentionConfig()
    telemetry: TelemetryConfig = TelemetryConfig()
    evidence: EvidenceConfig = EvidenceConfig()
    media: MediaConfig = MediaConfig()
    access: AccessConfig = AccessConfig()
    audit: AuditConfig = AuditConfig()
    notify: NotifyConfig = NotifyConfig()
    outbound: OutboundConfig = OutboundConfig()
    commands: CommandsConfig = CommandsConfig()
    vision: VisionConfig = VisionConfig()
    looks: LooksConfig = LooksConfig()
    bulletins: BulletinConfig = BulletinConfig()
    residents: ResidentsConfig | None = None
    models: Path | None = None


def load_hub(path: Path, *, shipped: Path) -> HubConfig:
    """Read `hub.toml`.

    Relative paths are relative to the file; `rules`, `alarms`, `cases`, `org` and `modes` are
    those of the `shipped` configuration folder where the file does not name its own; without
    `patrols` there are none. Raises ConfigError.
    """
    file = read_model(path, _File)
    base = path.resolve().parent
    named = ("password_file", "ca_file", "cert_file", "key_file")
    paths = {name: at for name in named if (at := getattr(file.mqtt, name)) is not None}
    mqtt = file.mqtt.model_copy(update={name: _at(base, at) for name, at in paths.items()})
    telemetry = file.telemetry
    if telemetry.token_file is not None:
        at = _at(base, telemetry.token_file)
        telemetry = telemetry.model_copy(update={"token_file": at})
    store = file.store
    if store.password_file is not None:
        store = store.model_copy(update={"password_file": _at(base, store.password_file)})
    return HubConfig(
        data=_at(base, file.data),
        own=None if file.own is None else _at(base, file.own),
        sites=tuple(_at(base, site) for site in file.sites),
        rules=_at(base, file.rules) if file.rules else shipped / "rules",
        alarms=_at(base, file.alarms) if file.alarms else shipped / "alarms",
        cases=_at(base, file.cases) if file.cases else shipped / "cases",
        org=_at(base, file.org) if file.org else shipped / "org",
        modes=_at(base, file.modes) if file.modes else shipped / "modes",
        patrols=None if file.patrols is None else _at(base, file.patrols),
        mqtt=mqtt,
        store=store,
        http=file.http,
        retention=file.retention,
        telemetry=telemetry,
        evidence=file.evidence,
        media=file.media,
        access=file.access,
        audit=AuditConfig(
            checkpoints=_at(base, file.audit.checkpoints or file.data / "audit"),
            every_min=file.audit.every_min,
        ),
        notify=NotifyConfig(
            channels=None if file.notify.channels is None else _at(base, file.notify.channels)
        ),
        outbound=file.outbound,
        commands=file.commands,
        vision=file.vision,
        looks=file.looks,
        bulletins=file.bulletins,
        residents=file.residents,
        models=_at(base, file.models) if file.models else shipped.parent / "models",
        source=path,
    )


def _at(base: Path, path: Path) -> Path:
    return (base / path).resolve()
