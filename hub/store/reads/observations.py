"""Observations by their numbers, for checkers that compare them with what was sent."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import observation, stream


@dataclass(frozen=True, slots=True)
class ObservationQuery:
    """Which observations; None means any."""

    agent: str | None = None
    device: str | None = None
    boot: str | None = None
    lane: str | None = None
    limit: int = 500
    after: str | None = None


def observation_rows(connection: Connection, site: str, query: ObservationQuery) -> RecordPage:
    """Observations in the order of (stream, seq, index), each with its stream's names."""
    table = observation.c
    found = (
        select(observation, stream.c.agent, stream.c.boot, stream.c.lane)
        .join(stream, stream.c.id == table.stream_id)
        .where(stream.c.site == site)
    )
    if query.agent is not None:
        found = found.where(stream.c.agent == query.agent)
    if query.boot is not None:
        found = found.where(stream.c.boot == query.boot)
    if query.lane is not None:
        found = found.where(stream.c.lane == query.lane)
    if query.device is not None:
        found = found.where(table.device == query.device)
    key = (table.stream_id, table.seq, table.idx)
    return page(connection, found, key, limit=query.limit, cursor=query.after, descending=False)
