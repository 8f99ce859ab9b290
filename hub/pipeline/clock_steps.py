"""What a hub does when its own clock was set while it was away.

Rules leave out readings older than the newest they know. So a clock that was an hour ahead, and was
set right, would make them deaf for an hour: fire water could run dry unnoticed. All that is
remembered as a moment moves back together with the clock.
"""

import json
from typing import Any, Final

import structlog
from sqlalchemy import Connection, func, select

from hub.store.schema import agent, rule_state, tick_log
from hub.store.write.health import load_agents, load_devices, save_agents, save_devices
from hub.store.write.rule_states import StoredState, load_states, save_states

log = structlog.get_logger(__name__)

NOTICED_MS: Final = 2_000
"""Less than this is the network's or the scheduler's, and passes by itself."""

_MOMENTS_FROM: Final = 100_000_000_000
"""A whole number from here on is a moment in ms (1973), below it a count or a duration."""


def known_until(connection: Connection) -> int | None:
    """The newest moment of its own that the hub has written, ms; None for a new store."""
    moments = (
        connection.scalar(select(func.max(agent.c.updated_at))),
        connection.scalar(select(func.max(tick_log.c.at))),
    )
    return max((one for one in moments if one is not None), default=None)


def follow(connection: Connection, now: int) -> int:
    """Move what is remembered back with a clock that was set back; by how many ms, or 0."""
    known = known_until(connection)
    by = 0 if known is None else known - now
    if by <= NOTICED_MS:
        return 0
    log.warning("clock.was_set_back", by_s=round(by / 1000))
    sites = connection.scalars(select(rule_state.c.site).union(select(agent.c.site))).all()
    for site in sites:
        save_states(connection, [_state(one, by) for one in load_states(connection, site)])
        devices = load_devices(connection, site)
        for device in devices:
            device.last_seen = _moved(device.last_seen, by)
            device.last_at = _moved(device.last_at, by)
            device.readings = _moved(device.readings, by)
        save_devices(connection, devices)
        agents = load_agents(connection, site)
        for one in agents:
            one.last_seen, one.updated_at = _moved(one.last_seen, by), now
            one.delays = None
        save_agents(connection, agents)
    return by


def _state(one: StoredState, by: int) -> StoredState:
    moved = json.dumps(_moved(json.loads(one.state), by), separators=(",", ":"))
    return StoredState(one.key, moved, _moved(one.due_at, by))


def _moved(value: Any, by: int) -> Any:
    """The same, with all moments in it earlier by `by`, though never before 1970."""
    if isinstance(value, dict):
        return {name: _moved(one, by) for name, one in value.items()}
    if isinstance(value, list):
        return [_moved(one, by) for one in value]
    if isinstance(value, int) and not isinstance(value, bool) and value >= _MOMENTS_FROM:
        return max(0, value - by)
    return value
