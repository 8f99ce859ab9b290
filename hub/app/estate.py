"""Everything that is written down for the hub, read and checked before anything starts."""

import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import URL

from hub.access.limits import read_limits
from hub.app.guarding import guard_of
from hub.config import (
    AlarmType,
    Catalogue,
    HubConfig,
    Mode,
    Plans,
    Site,
    check_catalogue,
    check_categories,
    check_modes,
    check_patrols,
    load_alarms,
    load_catalogue,
    load_modes,
    load_patrols,
    load_rules,
    load_site,
)
from hub.config.channels import Channels, load_channels
from hub.config.org import Org, check_covered, load_org
from hub.editing.bench import Bench
from hub.editing.parts import parts_of
from hub.errors import ConfigError
from hub.mqtt import LinkSettings
from hub.outbound import Guard
from hub.plans import PlanFiles, check_image
from hub.rules import RuleSettings, check_site, read_settings
from hub.rules.drawn import with_drawings
from hub.store.address import database_of
from wire.kinds import Kind
from wire.kinds import load as load_kinds


@dataclass(frozen=True, slots=True)
class Estate:
    """The configuration, complete. sites: with what has been drawn over their cameras' pictures.

    where: the database. hosts: names besides loopback under which browsers may come.
    secure: they come by https. guard: where addresses that people set may lead.
    """

    sites: tuple[Site, ...]
    kinds: dict[str, Kind]
    alarms: dict[str, AlarmType]
    rules: RuleSettings
    catalogue: Catalogue
    where: Path | URL
    org: Org
    modes: dict[str, Mode]
    patrols: Plans
    plans: PlanFiles
    channels: Channels
    link: LinkSettings
    hosts: frozenset[str]
    secure: bool
    guard: Guard


def read_estate(config: HubConfig) -> Estate:
    """Read all that `hub.toml` names. Raises ConfigError."""
    own = config.own_folder
    alarms = load_alarms(config.alarms, own / "alarms")
    catalogue = load_catalogue(config.cases, own / "cases")
    check_categories(config.alarms, alarms, catalogue)
    rules = read_settings(load_rules(config.rules, own / "rules"), alarms, directory=config.rules)
    kinds = load_kinds()
    plans = PlanFiles(config.data / "plans", _sites(config))
    sites = tuple(_drawn(plans, site) for site in plans.sites())
    for site in sites:
        check_site(site, kinds, rules)
    org = load_org(config.org, own / "org")
    check_catalogue(config.cases, catalogue, org)
    modes = load_modes(config.modes, own / "modes")
    check_modes(config.modes, modes, alarms=alarms, catalogue=catalogue, org=org)
    check_covered(org, {site.id: tuple(one.id for one in site.buildings) for site in sites})
    _check_rights(org, sites, kinds)
    where = database_of(config)
    return Estate(
        sites=sites,
        kinds=kinds,
        alarms=alarms,
        rules=rules,
        catalogue=catalogue,
        where=where,
        org=org,
        modes=modes,
        patrols=_patrols(config, sites, catalogue, org),
        plans=plans,
        channels=_channels(config, org),
        link=LinkSettings.of(config.mqtt, config.data / "secrets"),
        hosts=_hosts(config),
        secure=(config.http.public_url or "").startswith("https:"),
        guard=guard_of(config, where),
    )


def make_bench(config: HubConfig, sites: tuple[Site, ...]) -> Bench:
    """What the console edits this configuration on. sites: in the order of `config`."""
    of_file = {path: site.id for path, site in zip(config.sites, sites, strict=True)}
    return Bench(config, read_estate, parts_of(config, of_file))


def _drawn(plans: PlanFiles, site: Site) -> Site:
    kept = plans.of(site.id)
    if kept.path is None:
        return site
    check_image(site, kept.plan, kept.path)
    return with_drawings(site, kept.plan, kept.path)


def _check_rights(org: Org, sites: tuple[Site, ...], kinds: dict[str, Kind]) -> None:
    """What limits name is there, so that a slip of the pen takes no right away unseen."""
    read_limits(org)
    known = {site.id: {device.id for _, device in site.devices()} for site in sites}
    for row, group in enumerate(org.rights.groups):
        key, path = f"group[{row}]", org.source / "rights.toml"
        for name in group.devices:
            site, _, device = name.partition("/")
            if site in known and device not in known[site]:
                raise ConfigError(path, f"{key}.devices", f"no device {name!r}")
        for kind in group.kinds:
            if kind not in kinds:
                raise ConfigError(path, f"{key}.kinds", f"no kind {kind!r}")


def _patrols(config: HubConfig, sites: tuple[Site, ...], catalogue: Catalogue, org: Org) -> Plans:
    """The plans of the sites that this hub has."""
    if config.patrols is None:
        return {}
    found = load_patrols(config.patrols, config.own_folder / "patrols")
    check_patrols(config.patrols, found, sites=sites, catalogue=catalogue, org=org)
    return {site.id: found[site.id] for site in sites if site.id in found}


def _channels(config: HubConfig, org: Org) -> Channels:
    path = config.channels_file
    return Channels() if path is None else load_channels(path, org)


def _sites(config: HubConfig) -> tuple[Site, ...]:
    """source: the file that `hub.toml` names, an own copy or not: its plan lies beside it."""
    sites: dict[str, Site] = {}
    for path, file in zip(config.sites, config.site_files, strict=True):
        site = load_site(file).model_copy(update={"source": path})
        if site.id in sites:
            raise ConfigError(path, "id", f"{site.id!r} is also in {sites[site.id].source}")
        sites[site.id] = site
    return tuple(sites.values())


_FAR: Final = (
    "other machines reach this address, so [http] needs a public_url that begins with https:// "
    "(a TLS proxy in front), or plain_http = true on a network that nobody else can listen on"
)


def _hosts(config: HubConfig) -> frozenset[str]:
    http = config.http
    parts = urlsplit(http.public_url or "")
    if http.public_url is not None and (
        parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/")
    ):
        raise ConfigError(config.source, "http.public_url", "is not of the form https://name")
    if not is_loopback(http.host):
        if parts.scheme != "https" and not http.plain_http:
            raise ConfigError(config.source, "http.host", _FAR)
        if http.public_url is None:
            problem = "is missing: browsers must know a name for this hub"
            raise ConfigError(config.source, "http.public_url", problem)
    return frozenset({parts.hostname}) if parts.hostname else frozenset()


def is_loopback(host: str) -> bool:
    """Only this machine reaches the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
