"""What the hub knows of agents and devices, from whatever they say."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection

from hub.pipeline.event_time import GOOD_CLOCK_MS, ClockOffset
from hub.pipeline.intake import Taken
from hub.pipeline.registry import Registry, Watched
from hub.pipeline.work import LiveReading, Work
from hub.rules import Reading
from hub.store.write.health import (
    AgentHealth,
    DeviceHealth,
    load_agents,
    load_devices,
    save_agents,
    save_devices,
)
from wire import AgentStatus, DeviceStatus, SignalValue
from wire.reading import ReadHeader

ONLINE: Final = "online"
_MAX_SKEW_MS: Final = 2**53
"""Larger differences than JSON keeps exact say no more than this one."""


class Health:
    """The rows of agents and devices. `forget` after a transaction that was rolled back."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._devices: dict[tuple[str, str], DeviceHealth] = {}
        self._agents: dict[tuple[str, str], AgentHealth] = {}
        self._loaded: set[str] = set()
        self._offsets: dict[tuple[str, str], ClockOffset] = {}
        self._touched: dict[tuple[str, str], int | None] = {}
        self._spoke: set[tuple[str, str]] = set()

    def forget(self) -> None:
        """Drop everything: what is in memory may be ahead of the database."""
        for known in (self._devices, self._agents, self._offsets, self._touched):
            known.clear()
        for marks in (self._loaded, self._spoke):
            marks.clear()

    def clock(self, work: Work, site: str, agent: str, header: ReadHeader, received_at: int) -> int:
        """Take an envelope's time into the agent's clock offset, and return that, ms."""
        row = self._agent(work.connection, site, agent)
        key = (site, agent)
        known = self._offsets.get(key) or ClockOffset.load(row.delays)
        estimate = (
            ClockOffset.first(header.sent_at, received_at)
            if known is None
            else known.after(header.sent_at, received_at)
        )
        self._offsets[key] = estimate
        offset = estimate.ms
        if (row.clock_offset_ms == 0) != (offset == 0):
            work.changed(site, "agent", agent, work.now)
        row.clock_offset_ms = offset
        if row.last_seen is None or received_at > row.last_seen:
            row.last_seen = received_at
        self._spoke.add(key)
        return offset

    def report(self, work: Work, device: Watched, taken: Sequence[Taken]) -> None:
        """Take in what a device reported in one message."""
        row = self._device(work.connection, device)
        for _, observation, reading, checked in taken:
            at = reading.at
            if not observation.historical:
                skew = observation.at - observation.seen
                if skew != row.skew_ms or row.last_seen is None:
                    skew = max(-_MAX_SKEW_MS, min(skew, _MAX_SKEW_MS))
                    self._flag(work, row, skew)
                    row.skew_ms = skew
            if row.last_at is None or at > row.last_at:
                row.last_at = at
            _take(row, checked.signals, at)
        received_at = taken[0].reading.received
        if row.last_seen is None or received_at > row.last_seen:
            row.last_seen = received_at
        self._touched[row.site, row.device] = received_at

    def sighted(self, work: Work, device: Watched, reading: Reading) -> None:
        """Show what the hub's own detector saw among the device's readings."""
        row = self._device(work.connection, device)
        _take(row, reading.signals, reading.at)
        self._touched[row.site, row.device] = reading.received

    def status(
        self, work: Work, agent: Watched, status: AgentStatus, received_at: int, *, retained: bool
    ) -> None:
        """Take an agent's status in. retained: the broker kept it; nobody has just spoken."""
        row = self._agent(work.connection, agent.site, agent.id)
        before = (row.state, row.boot, row.version, _dropped(row.lanes))
        row.state = status.state
        row.boot = status.boot
        if not retained and status.state == ONLINE:
            row.last_seen = max(received_at, row.last_seen or 0)
        if status.state == ONLINE:  # a last will was written before there was anything to say
            row.version, row.heartbeat_s = status.version, status.heartbeat_s
            row.lanes = {lane.value: counts.model_dump() for lane, counts in status.lanes.items()}
            row.devices = {name: one.model_dump() for name, one in status.devices.items()}
            for name, one in status.devices.items():
                self._device_status(work, agent, name, one)
        self._spoke.add((agent.site, agent.id))
        if before != (row.state, row.boot, row.version, _dropped(row.lanes)):
            work.changed(agent.site, "agent", agent.id, work.now)

    def save(self, work: Work) -> None:
        """Write the rows that were touched; what devices reported goes out with the commit."""
        save_devices(work.connection, [self._devices[key] for key in sorted(self._touched)])
        for key, received_at in self._touched.items():
            if received_at is not None:
                readings = dict(self._devices[key].readings)
                work.readings[key] = LiveReading(*key, readings, received_at)
        spoke = [self._agents[key] for key in sorted(self._spoke)]
        for row in spoke:
            row.updated_at = work.now
            estimate = self._offsets.get((row.site, row.agent))
            if estimate is not None:
                row.delays = estimate.dump()
        save_agents(work.connection, spoke)
        self._touched.clear()
        self._spoke.clear()

    def _device_status(self, work: Work, agent: Watched, name: str, status: DeviceStatus) -> None:
        device = self._registry.device(agent.site, name)
        if device is None or device.agent != agent.id:
            return
        row = self._device(work.connection, device)
        fault = None if status.ok else status.detail or "the agent cannot talk to it"
        if fault != row.fault:
            row.fault = fault
            self._touched.setdefault((row.site, row.device), None)
            work.changed(row.site, "device", row.device, work.now)

    def _flag(self, work: Work, row: DeviceHealth, skew: int) -> None:
        was_off = row.skew_ms is not None and abs(row.skew_ms) > GOOD_CLOCK_MS
        if row.last_seen is None or was_off != (abs(skew) > GOOD_CLOCK_MS):
            work.changed(row.site, "device", row.device, work.now)

    def _device(self, connection: Connection, device: Watched) -> DeviceHealth:
        key = (device.site, device.id)
        found = self._devices.get(key)
        if found is None:
            self._load(connection, device.site)
            found = self._devices.get(key)
        if found is None:
            kind = "" if device.kind is None else device.kind.id
            found = DeviceHealth(device.site, device.id, kind, device.agent)
            self._devices[key] = found
        return found

    def _agent(self, connection: Connection, site: str, agent: str) -> AgentHealth:
        found = self._agents.get((site, agent))
        if found is None:
            self._load(connection, site)
            found = self._agents.get((site, agent))
        if found is None:
            found = self._agents[site, agent] = AgentHealth(site, agent)
        return found

    def _load(self, connection: Connection, site: str) -> None:
        if site in self._loaded:
            return
        self._devices |= {(one.site, one.device): one for one in load_devices(connection, site)}
        self._agents |= {(one.site, one.agent): one for one in load_agents(connection, site)}
        self._loaded.add(site)


def _take(row: DeviceHealth, signals: Mapping[str, SignalValue], at: int) -> None:
    """Keep each signal's newest value."""
    readings = row.readings
    for name, value in signals.items():
        known = readings.get(name)
        if known is None or at >= known["at"]:
            readings[name] = {"value": value, "at": at}


def _dropped(lanes: dict[str, Any] | None) -> dict[str, int]:
    return {name: counts["dropped"] for name, counts in (lanes or {}).items()}
