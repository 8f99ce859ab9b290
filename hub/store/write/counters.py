"""Counters of a site: persisted, and none of them ever falls."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, bindparam

from hub.database.upsert import upsert
from hub.store.schema import site_counter


class Count(StrEnum):
    """What is counted. Observations, unless it says otherwise."""

    STORED = "stored"
    DUPLICATES = "duplicates"
    DEAD = "dead"  # observations, or messages where these could not be read
    DECLARED_DROPPED = "declared_dropped"  # envelopes
    LATE = "late"
    UNKNOWN_DEVICE = "unknown_device"
    UNKNOWN_AGENT = "unknown_agent"  # messages
    UNKNOWN_COMMAND = "unknown_command"  # receipts for what was never ordered
    REJECTED_SIGNALS = "rejected_signals"  # signals
    DEFERRED = "deferred"  # envelopes left for the agent to send again
    RULE_ERRORS = "rule_errors"  # readings that a rule could not take
    FRAMES_SEEN = "frames_seen"  # frames that the detector was shown
    TELEMETRY_DROPPED = "telemetry_dropped"  # points whose server was away for too long
    TELEMETRY_DROPPED_URGENT = "telemetry_dropped_urgent"  # of these, those of the life lane
    TELEMETRY_REFUSED = "telemetry_refused"  # points that their server does not take
    FRAMES_SKIPPED = "frames_skipped"  # frames that a newer one of their camera overtook
    RESIDENT_REPORTS = "resident_reports"  # reports that became cases
    RESIDENT_REFUSED = "resident_refused"  # requests over the residents' quota
    PLATFORM_REPORTS = "platform_reports"  # reports that became cases
    LISTED_UNKNOWN = "listed_unknown"  # hits on a device's own list that no entry approves
    TRACKS = "tracks"  # tellings of tracks that facade cameras have followed


_ADD: Final = upsert(site_counter).on_conflict_do_update(
    index_elements=["site", "name"],
    set_={"value": site_counter.c.value + bindparam("more")},
)


def add_counts(connection: Connection, counts: Mapping[tuple[str, Count], int]) -> None:
    """Add to counters, by (site, name)."""
    rows = [
        {"site": site, "name": name.value, "value": more, "more": more}
        for (site, name), more in counts.items()
        if more
    ]
    if rows:
        connection.execute(_ADD, rows)
