"""Rules bound to the devices and agents of a site, with their settings checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from hub.config import Agent, AlarmType, Device, RuleTable, Site
from hub.config.table import check_model
from hub.errors import ConfigError
from hub.rules.contract import Rule
from hub.rules.registry import load
from hub.rules.spec import Limits, RuleSpec, Subject
from wire.kinds import Kind
from wire.topics import HUB


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """The checked settings of every rule, by rule id; the dead bands of alarms, by condition."""

    by_rule: Mapping[str, BaseModel]
    dead_bands: Mapping[str, float] = field(default_factory=dict)


def read_settings(
    tables: Mapping[str, RuleTable], alarms: Mapping[str, AlarmType], *, directory: Path
) -> RuleSettings:
    """Check what `configs/rules` says.

    directory: where the tables came from, for error lines. Raises ConfigError: a file for no
    rule, no file for a rule, a bad setting, a rule whose conditions are not all alarm types.
    """
    specs = load()
    for name, table in tables.items():
        if name not in specs:
            known = ", ".join(sorted(specs))
            raise ConfigError(table.path, "", f"there is no rule {name!r}; known: {known}")
    for spec in specs.values():
        if spec.id not in tables:
            raise ConfigError(directory, "", f"holds no {spec.id}.toml")
        for condition in spec.conditions:
            if condition not in alarms:
                raise ConfigError(directory, spec.id, f"no alarm type for condition {condition!r}")
    banded = {condition for spec in specs.values() for condition in spec.banded}
    for alarm in alarms.values():
        if alarm.dead_band and alarm.id not in banded:
            problem = f"no rule has a dead band for {alarm.id!r}"
            raise ConfigError(directory.parent / "alarms", "dead_band", problem)
    return RuleSettings(
        {
            spec.id: check_model(tables[spec.id].path, "", spec.settings, tables[spec.id].table)
            for spec in specs.values()
        },
        {condition: alarms[condition].dead_band for condition in banded},
    )


def bind_device(
    site: Site, device: Device, kind: Kind, settings: RuleSettings
) -> tuple[Rule[Any], ...]:
    """The rules that watch a device: those of its kind unless the site file names others.

    Raises ConfigError: an unknown rule, a device setting that none of them knows, or settings
    that contradict each other.
    """
    return tuple(
        _bound(site, device, spec, subject)
        for spec, subject in _subjects(site, device, kind, settings)
        if spec.subject == "device"
    )


def bind_shared(
    site: Site, device: Device, kind: Kind, settings: RuleSettings
) -> tuple[Rule[Any], ...]:
    """Those that watch it together with the site's other devices; equal for all of these.

    Raises ConfigError as `bind_device`.
    """
    return tuple(
        _bound(site, device, spec, Subject(site, site.id, None, None, subject.settings, spec.own()))
        for spec, subject in _subjects(site, device, kind, settings)
        if spec.subject == "site"
    )


def bind_agent(site: Site, agent: Agent, settings: RuleSettings) -> tuple[Rule[Any], ...]:
    """The rules that watch an agent, fed with readings of kind `agent`."""
    return tuple(
        spec.bind(Subject(site, agent.id, None, None, settings.by_rule[spec.id], spec.own()))
        for spec in load().values()
        if spec.subject == "agent"
    )


def bind_hub(site: Site, settings: RuleSettings) -> tuple[Rule[Any], ...]:
    """The rules that watch the hub itself, told at this site; fed with readings of kind `hub`."""
    return tuple(
        spec.bind(Subject(site, HUB, None, None, settings.by_rule[spec.id], spec.own()))
        for spec in load().values()
        if spec.subject == "hub"
    )


def limits(site: Site, device: Device, kind: Kind, settings: RuleSettings) -> dict[str, Limits]:
    """Where the device's signals should stay, by signal. Raises ConfigError as `bind_device`."""
    found: dict[str, Limits] = {}
    for spec, subject in _subjects(site, device, kind, settings):
        if spec.limits is not None:
            found.update(spec.limits(subject))
    return found


def check_site(site: Site, kinds: Mapping[str, Kind], settings: RuleSettings) -> None:
    """Bind everything once, so that a mistake shows at the start. Raises ConfigError."""
    for _, device in site.devices():
        bind_device(site, device, kinds[device.kind], settings)
        bind_shared(site, device, kinds[device.kind], settings)
    for agent in site.agents:
        bind_agent(site, agent, settings)


def _subjects(
    site: Site, device: Device, kind: Kind, settings: RuleSettings
) -> list[tuple[RuleSpec[Any, Any], Subject[Any, Any]]]:
    specs = _specs(site, device, kind)
    known = {name for spec in specs for name in spec.own.model_fields}
    key = f"{site.key_of(device.id)}.settings"
    for name in device.settings:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none"
            raise ConfigError(site.source, f"{key}.{name}", f"unknown key; known here: {listed}")
    subjects = []
    for spec in specs:
        table = {k: v for k, v in device.settings.items() if k in spec.own.model_fields}
        own = check_model(site.source, key, spec.own, table)
        subject = Subject(
            site, device.id, kind, device, settings.by_rule[spec.id], own, settings.dead_bands
        )
        subjects.append((spec, subject))
    return subjects


def _specs(site: Site, device: Device, kind: Kind) -> list[RuleSpec[Any, Any]]:
    known = {name: one for name, one in load().items() if one.subject in {"device", "site"}}
    names = kind.rules if device.rules is None else device.rules
    for name in names:
        if name not in known:
            key = f"{site.key_of(device.id)}.rules"
            listed = ", ".join(sorted(known))
            raise ConfigError(site.source, key, f"no rule {name!r} for devices; known: {listed}")
    return [known[name] for name in names]


def _bound(
    site: Site, device: Device, spec: RuleSpec[Any, Any], subject: Subject[Any, Any]
) -> Rule[Any]:
    try:
        return spec.bind(subject)
    except ValueError as error:
        raise ConfigError(
            site.source, f"{site.key_of(device.id)}.settings", f"{spec.id}: {error}"
        ) from None
