"""The line from the agents to the store: agents, counters, dead letters, observations."""

from typing import Literal

from hub.api.models.base import Answer, At
from wire import SignalValue


class LaneInfo(Answer):
    """One lane of an agent.

    head, backlog, dropped: as the agent says (dropped counts observations).
    stored, duplicates, dead, declared_dropped: as the hub counted.
    """

    head: int
    backlog: int
    dropped: int
    stored: int
    duplicates: int
    dead: int
    declared_dropped: int


class Agent(Answer):
    """An edge agent. clock_offset_ms: what the hub adds to its clock; 0 when within 2 s."""

    id: str
    site: str
    state: Literal["online", "offline", "unknown"]
    last_seen: At | None
    boot: str | None
    version: str | None
    clock_offset_ms: int
    lanes: dict[str, LaneInfo]


class Counters(Answer):
    """Totals of a site since its database was made; none of them ever falls.

    stored, duplicates, late, unknown_device, rejected_signals: observations (signals).
    dead: messages set aside. declared_dropped: envelopes that agents said they dropped.
    """

    stored: int
    duplicates: int
    dead: int
    declared_dropped: int
    late: int
    unknown_device: int
    rejected_signals: int


class DeadLetter(Answer):
    """A message that could not be taken in. reason: a stable code; size: bytes of the message."""

    id: int
    received_at: At
    agent: str | None
    lane: str | None
    seq: int | None
    topic: str
    reason: str
    detail: str
    size: int


class StoredObservation(Answer):
    """An observation as stored, by its number; sensitive signals read `"redacted"`.

    source_id: the device's own record id, where it has one.
    """

    agent: str
    boot: str
    lane: str
    seq: int
    index: int
    device: str
    kind: str
    at: At
    received_at: At
    late: bool
    source_id: str | None = None
    signals: dict[str, SignalValue]
