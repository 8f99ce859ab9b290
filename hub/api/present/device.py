"""Devices as answers: the registry's facts and what was last heard."""

from collections.abc import Collection, Mapping
from typing import Final

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import DeviceFacts, Directory
from hub.api.models.device import Device, DeviceState, SignalReading
from hub.api.present.actions import device_action
from hub.errors import NotFoundError
from hub.store.reads import devices as reads
from hub.store.reads.page import Record

SILENT: Final = "device-silent"
"""The condition whose alert makes a device silent."""

MAX_SKEW_MS: Final = 5000
"""A device clock further off than this is a fault (GB 50396-2007, 5.1.5: seconds a day)."""


def devices(reader: Connection, directory: Directory, actor: Actor, site: str) -> list[Device]:
    """All devices of a site."""
    health = reads.health_by_device(reader, site)
    counts = reads.open_counts(reader, site)
    silent = reads.devices_with(reader, site, SILENT)
    return [
        show_device(
            facts,
            health.get(name),
            site=site,
            actor=actor,
            alerts=counts.get(name, 0),
            silent=name in silent,
        )
        for name, facts in directory.devices[site].items()
    ]


def one_device(
    reader: Connection, directory: Directory, actor: Actor, site: str, device: str
) -> Device:
    """One device. Raises NotFoundError."""
    facts = directory.devices[site].get(device)
    if facts is None:
        raise NotFoundError("device", device)
    return show_device(
        facts,
        reads.one_health(reader, site, device),
        site=site,
        actor=actor,
        alerts=reads.open_counts(reader, site, device).get(device, 0),
        silent=device in reads.devices_with(reader, site, SILENT, device),
    )


def show_device(
    facts: DeviceFacts,
    health: Record | None,
    *,
    site: str,
    actor: Actor,
    alerts: int,
    silent: bool,
) -> Device:
    """A device as `actor` sees it. health: None before it was first heard."""
    skew = None if health is None else health["skew_ms"]
    fault = _fault(health)
    return Device(
        id=facts.id,
        site=site,
        agent=facts.agent,
        kind=facts.kind.id,
        name=facts.name,
        place=facts.place,
        building=facts.building,
        floor=facts.floor,
        state=_state(health, fault, silent=silent),
        last_seen=None if health is None else health["last_seen"],
        skew_ms=skew,
        fault=fault,
        readings={} if health is None else readings(facts, health["readings"]),
        limits=dict(facts.limits),
        actions=[device_action(spec, actor, site) for spec in facts.kind.actions],
        alerts=alerts,
    )


def readings(
    facts: DeviceFacts, stored: Mapping[str, Mapping[str, object]]
) -> dict[str, SignalReading]:
    """Last values of the signals that the kind has and that are not sensitive."""
    open_signals: Collection[str] = {
        signal.id for signal in facts.kind.signals if not signal.sensitive
    }
    return {
        name: SignalReading.model_validate(reading)
        for name, reading in stored.items()
        if name in open_signals
    }


def _state(health: Record | None, fault: str | None, *, silent: bool) -> DeviceState:
    if silent:
        return "silent"
    if health is None or health["last_seen"] is None:
        return "fault" if fault else "unknown"
    return "fault" if fault else "ok"


def _fault(health: Record | None) -> str | None:
    if health is None:
        return None
    if health["fault"]:
        fault: str = health["fault"]
        return fault
    skew = health["skew_ms"]
    if skew is not None and abs(skew) > MAX_SKEW_MS:
        return f"clock is off by {skew / 1000:.0f} s"
    return None
