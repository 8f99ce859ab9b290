"""The line from the agents to the store: agents, counters, dead letters, observations."""

from typing import Literal

from hub.api.models.base import Answer, At
from wire import SignalValue, Text


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
    """An edge agent. clock_offset_ms: what the hub adds to its clock; 0 when within 2 s.

    name, place: as the site file calls it and says where its box hangs.
    """

    id: str
    site: str
    name: Text
    place: Text | None
    state: Literal["online", "offline", "unknown"]
    last_seen: At | None
    boot: str | None
    version: str | None
    clock_offset_ms: int
    lanes: dict[str, LaneInfo]


class Counters(Answer):
    """Totals of a site since its database was made; none of them ever falls.

    stored, duplicates, late: observations. dead: observations set aside, or messages where these
        could not be read. declared_dropped: envelopes that agents said they dropped.
    unknown_device: observations of a device that their agent may not speak for.
    unknown_agent: messages. unknown_command: receipts for what was never ordered.
    rejected_signals: signals whose value their kind refuses.
    deferred: envelopes left for the agent to send again. rule_errors: readings that a rule could
        not take. frames_seen: frames that the detector was shown. frames_skipped: frames that a
        newer one of their camera overtook. tracks: tellings of what facade cameras followed down.
    telemetry_dropped: points that made room because their
    server was away for too long; telemetry_dropped_urgent: those of them that came in the life
    lane, which go last. telemetry_refused: points that their server does not take.
    resident_reports, platform_reports: reports that became cases. resident_refused: requests over
    the residents' quota.
    """

    stored: int = 0
    duplicates: int = 0
    dead: int = 0
    declared_dropped: int = 0
    late: int = 0
    unknown_device: int = 0
    unknown_agent: int = 0
    unknown_command: int = 0
    rejected_signals: int = 0
    deferred: int = 0
    rule_errors: int = 0
    frames_seen: int = 0
    frames_skipped: int = 0
    tracks: int = 0
    telemetry_dropped: int = 0
    telemetry_dropped_urgent: int = 0
    telemetry_refused: int = 0
    resident_reports: int = 0
    resident_refused: int = 0
    platform_reports: int = 0


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
