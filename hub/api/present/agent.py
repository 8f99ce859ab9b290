"""Agents and counters as answers."""

from collections.abc import Mapping

from sqlalchemy import Connection

from hub.api.directory import Directory
from hub.api.models.line import Agent, Counters, LaneInfo
from hub.errors import NotFoundError
from hub.store.reads import agents as reads
from hub.store.reads.page import Record


def agents(reader: Connection, directory: Directory, site: str) -> list[Agent]:
    """The agents of a site, heard of or not."""
    rows = reads.agent_rows(reader, site)
    sums = reads.lane_sums(reader, site)
    return [_agent(site, name, rows.get(name), sums) for name in directory.agents[site]]


def one_agent(reader: Connection, directory: Directory, site: str, name: str) -> Agent:
    """One agent. Raises NotFoundError."""
    for found in agents(reader, directory, site):
        if found.id == name:
            return found
    raise NotFoundError("agent", name)


def counters(reader: Connection, site: str) -> Counters:
    """The site's totals."""
    return Counters.model_validate(reads.site_totals(reader, site))


def _agent(
    site: str, name: str, row: Record | None, sums: Mapping[tuple[str, str], Record]
) -> Agent:
    said = {} if row is None else row["lanes"] or {}
    counted = {lane: record for (agent, lane), record in sums.items() if agent == name}
    return Agent(
        id=name,
        site=site,
        state="unknown" if row is None else row["state"],
        last_seen=None if row is None else row["last_seen"],
        boot=None if row is None else row["boot"],
        version=None if row is None else row["version"],
        clock_offset_ms=0 if row is None else row["clock_offset_ms"],
        lanes={
            lane: _lane(said.get(lane, {}), counted.get(lane, {}))
            for lane in sorted({*said, *counted})
        },
    )


def _lane(said: Mapping[str, int], counted: Record) -> LaneInfo:
    return LaneInfo(
        head=said.get("head", 0),
        backlog=said.get("backlog", 0),
        dropped=said.get("dropped", 0),
        stored=counted.get("stored", 0),
        duplicates=counted.get("duplicates", 0),
        dead=counted.get("dead", 0),
        declared_dropped=counted.get("declared_dropped", 0),
    )
