"""Devices as answers: the registry's facts and what was last heard."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.directory import DeviceFacts, Directory
from hub.api.models.device import Device, DeviceCondition, SignalReading
from hub.api.present.actions import device_action
from hub.config import Role
from hub.errors import NotFoundError
from hub.store.reads import devices as reads
from hub.store.reads.page import Record

SILENT: Final = "device-silent"
"""The condition whose alert makes a device silent."""

MAX_SKEW_MS: Final = 5000
"""A device clock further off than this is a fault (GB 50396-2007, 5.1.5: seconds a day)."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """What is stored of a device. health: None before it was first heard."""

    health: Record | None
    alerts: int
    silent: bool


def devices(reader: Connection, directory: Directory, actor: Actor, site: str) -> list[Device]:
    """All devices of a site."""
    health = reads.health_by_device(reader, site)
    counts = reads.open_counts(reader, site)
    silent = reads.devices_with(reader, site, SILENT)
    return [
        show_device(
            facts,
            DeviceState(health.get(name), counts.get(name, 0), name in silent),
            site=site,
            actor=actor,
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
    return show_device(facts, device_state(reader, site, device), site=site, actor=actor)


def device_state(reader: Connection, site: str, device: str) -> DeviceState:
    """What is stored of one device."""
    return DeviceState(
        reads.one_health(reader, site, device),
        reads.open_counts(reader, site, device).get(device, 0),
        device in reads.devices_with(reader, site, SILENT, device),
    )


def show_device(facts: DeviceFacts, state: DeviceState, *, site: str, actor: Actor) -> Device:
    """A device as `actor` sees it."""
    health = state.health
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
        state=_state(health, fault, silent=state.silent),
        last_seen=None if health is None else health["last_seen"],
        skew_ms=None if health is None else health["skew_ms"],
        fault=fault,
        readings={} if health is None else readings(facts, health["readings"]),
        limits=dict(facts.limits),
        actions=[
            device_action(spec, actor, facts.thing(site, Role(spec.role), spec.id))
            for spec in facts.kind.actions
            if not spec.by_hub
        ],
        alerts=state.alerts,
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


def _state(health: Record | None, fault: str | None, *, silent: bool) -> DeviceCondition:
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
