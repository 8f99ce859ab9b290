"""What is known of agents, and of the streams that came from them."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection, func, select

from hub.store.reads.page import Record
from hub.store.schema import agent, site_counter, stream

_SUMS: Final = ("stored", "duplicates", "dead", "declared_dropped", "late")


def agent_rows(connection: Connection, site: str) -> Mapping[str, Record]:
    """The row of every agent that was heard of."""
    found = select(agent).where(agent.c.site == site)
    return {row["agent"]: row for row in connection.execute(found).mappings()}


def lane_sums(connection: Connection, site: str) -> Mapping[tuple[str, str], Record]:
    """What the hub counted by (agent, lane), over all boots."""
    sums = [func.sum(stream.c[name]).label(name) for name in _SUMS]
    found = (
        select(stream.c.agent, stream.c.lane, *sums)
        .where(stream.c.site == site)
        .group_by(stream.c.agent, stream.c.lane)
    )
    return {(row["agent"], row["lane"]): row for row in connection.execute(found).mappings()}


def site_totals(connection: Connection, site: str) -> Mapping[str, int]:
    """All counters of the site that ever counted, by name."""
    found = select(site_counter).where(site_counter.c.site == site)
    return {row.name: row.value for row in connection.execute(found)}
