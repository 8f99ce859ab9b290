"""How agents and devices are: one row each, rewritten as they speak."""

from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from hub.database.jsontext import compact
from hub.database.prepared import Prepared
from hub.database.upsert import upsert
from hub.store.schema import agent, device_health


@dataclass(slots=True)
class DeviceHealth:
    """A row of `device_health`; the columns' meaning stands in the schema."""

    site: str
    device: str
    kind: str
    agent: str
    last_seen: int | None = None
    last_at: int | None = None
    skew_ms: int | None = None
    fault: str | None = None
    readings: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class AgentHealth:
    """A row of `agent`; the columns' meaning stands in the schema."""

    site: str
    agent: str
    state: str = "unknown"
    boot: str | None = None
    version: str | None = None
    last_seen: int | None = None
    heartbeat_s: float | None = None
    lanes: dict[str, Any] | None = None
    devices: dict[str, Any] | None = None
    clock_offset_ms: int = 0
    delays: list[int | None] | None = None
    updated_at: int = 0


def load_devices(connection: Connection, site: str) -> list[DeviceHealth]:
    """All devices of a site that were ever heard of."""
    rows = connection.execute(select(device_health).where(device_health.c.site == site))
    return [DeviceHealth(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's own name


def load_agents(connection: Connection, site: str) -> list[AgentHealth]:
    """All agents of a site that were ever heard of."""
    rows = connection.execute(select(agent).where(agent.c.site == site))
    return [AgentHealth(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's own name


def save_devices(connection: Connection, devices: list[DeviceHealth]) -> None:
    """Write rows, new or known."""
    rows: list[tuple[Any, ...]] = [
        (
            one.site,
            one.device,
            one.kind,
            one.agent,
            one.last_seen,
            one.last_at,
            one.skew_ms,
            one.fault,
            compact(one.readings),
        )
        for one in devices
    ]
    _SAVE_DEVICE.many(connection, rows)


def save_agents(connection: Connection, agents: list[AgentHealth]) -> None:
    """Write rows, new or known."""
    rows: list[tuple[Any, ...]] = [
        (
            one.site,
            one.agent,
            one.state,
            one.boot,
            one.version,
            one.last_seen,
            one.heartbeat_s,
            _text(one.lanes),
            _text(one.devices),
            one.clock_offset_ms,
            _text(one.delays),
            one.updated_at,
        )
        for one in agents
    ]
    _SAVE_AGENT.many(connection, rows)


def _save(table: Table) -> Prepared:
    statement = upsert(table)
    keys = {column.name for column in table.primary_key}
    changing = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    saving = statement.on_conflict_do_update(index_elements=sorted(keys), set_=changing)
    return Prepared(saving, [column.name for column in table.columns])


_SAVE_DEVICE: Final = _save(device_health)
_SAVE_AGENT: Final = _save(agent)


def _text(value: Any) -> str | None:
    return None if value is None else compact(value)
