"""Tables of what came in: streams, observations, telemetry, passages, dead letters, health."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from hub.store.schema.base import ID, JSON_VALUE, MS, ROW, metadata

BESIDES: Final = "result IN ('forced', 'tailgated', 'remote', 'manual')"
"""Openings that no credential explains; a query that says this is answered from an index."""

stream = Table(
    "stream",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("site", ID, nullable=False),
    Column("agent", ID, nullable=False),
    Column("boot", String(16), nullable=False),
    Column("lane", String(16), nullable=False),
    # What is durable, as `wire.SeqSet`: all of 1..upto, and the closed ranges above it.
    Column("upto", MS, nullable=False),
    Column("ranges", JSON_VALUE, nullable=False),
    # Observations, each monotonic; `declared_dropped` counts envelopes: a floor tells no more.
    Column("stored", MS, nullable=False, server_default="0"),
    Column("duplicates", MS, nullable=False, server_default="0"),
    Column("dead", MS, nullable=False, server_default="0"),
    Column("declared_dropped", MS, nullable=False, server_default="0"),
    Column("late", MS, nullable=False, server_default="0"),
    Column("first_at", MS, nullable=False),
    Column("last_at", MS, nullable=False),
    UniqueConstraint("site", "agent", "boot", "lane"),
)

observation = Table(
    "observation",
    metadata,
    Column("stream_id", ROW, ForeignKey("stream.id"), primary_key=True, autoincrement=False),
    Column("seq", MS, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("site", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("kind", ID, nullable=False),
    Column("at", MS, nullable=False),
    Column("received_at", MS, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("source_id", String(128)),
    # Sensitive values stand here as their keyed hash; `sealed` is {signal: sealed value, hex}.
    Column("signals", JSON_VALUE, nullable=False),
    Column("sealed", JSON_VALUE),
    # Names of signals whose value the kind refuses; they are not stored.
    Column("rejected", JSON_VALUE),
    Index("ix_observation_site_device_at", "site", "device", "at"),
    Index("ix_observation_received_at", "received_at"),
    sqlite_with_rowid=False,
)

source_record = Table(
    "source_record",
    metadata,
    Column("site", ID, primary_key=True),
    Column("device", ID, primary_key=True),
    Column("source_id", String(128), primary_key=True),
    Column("received_at", MS, nullable=False),
    Index("ix_source_record_received_at", "received_at"),
    sqlite_with_rowid=False,
)

passage = Table(
    "passage",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("site", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("at", MS, nullable=False),
    Column("received_at", MS, nullable=False),
    Column("late", Boolean, nullable=False),
    Column("direction", String(16)),
    Column("result", String(32), nullable=False),
    Column("reason", String(64)),
    Column("method", String(32)),
    # Keyed hash of the credential, the credential itself under seal, and what people may see.
    Column("subject", String(64)),
    Column("sealed", LargeBinary),
    Column("masked", String(64)),
    # SHA-256 of the still that was taken, hex.
    Column("picture", String(64)),
    # Who ordered it, where somebody did; the floor that was called, in an elevator.
    Column("operator", String(64)),
    Column("floor", Integer),
    # What it was read from; of what a rule saw, stream 0 and a number drawn from what it saw.
    Column("stream_id", ROW, nullable=False),
    Column("seq", MS, nullable=False),
    Column("idx", Integer, nullable=False),
    UniqueConstraint("stream_id", "seq", "idx"),
    Index("ix_passage_received_at", "received_at"),
    Index("ix_passage_site_at", "site", "at"),
    Index("ix_passage_site_device_at", "site", "device", "at"),
    # Where somebody was: all that a list shows, in its order, so that no row is looked up for it.
    Index(
        "ix_passage_of_subject",
        "site",
        "subject",
        "at",
        "id",
        "device",
        "received_at",
        "direction",
        "result",
        "reason",
        "method",
        "masked",
        "picture",
        "operator",
        "floor",
    ),
    # Whatever opened without a credential of its own, newest first: few of all passages.
    Index(
        "ix_passage__besides",
        "site",
        "result",
        "at",
        "id",
        sqlite_where=text(BESIDES),
        postgresql_where=text(BESIDES),
    ),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("id", ROW, primary_key=True),
    # Empty where the topic does not say.
    Column("site", ID, nullable=False),
    Column("agent", ID),
    Column("boot", String(16)),
    Column("lane", String(16)),
    Column("seq", MS),
    Column("idx", Integer),
    Column("device", ID),
    Column("topic", String(256), nullable=False),
    Column("received_at", MS, nullable=False),
    Column("reason", String(64), nullable=False),
    Column("detail", String(300), nullable=False),
    Column("size", Integer, nullable=False),
    # The beginning of the message under seal: it may hold what is sensitive.
    Column("sealed", LargeBinary),
    Index("ix_dead_letter_site_id", "site", "id"),
    Index("ix_dead_letter_received_at", "received_at"),
)

agent = Table(
    "agent",
    metadata,
    Column("site", ID, primary_key=True),
    Column("agent", ID, primary_key=True),
    Column("state", String(16), nullable=False, server_default="unknown"),
    Column("boot", String(16)),
    Column("version", String(40)),
    Column("last_seen", MS),
    Column("heartbeat_s", Double),
    # From the last status: {lane: {head, backlog, dropped}}, {device: {ok, detail, skew_ms}}.
    Column("lanes", JSON_VALUE),
    Column("devices", JSON_VALUE),
    # Hub clock minus agent clock, ms, and the sliding minimum that it comes from.
    Column("clock_offset_ms", MS, nullable=False, server_default="0"),
    Column("delays", JSON_VALUE),
    Column("updated_at", MS, nullable=False),
)

device_health = Table(
    "device_health",
    metadata,
    Column("site", ID, primary_key=True),
    Column("device", ID, primary_key=True),
    Column("kind", ID, nullable=False),
    Column("agent", ID, nullable=False),
    # When the hub last received anything of it, and that report's corrected time.
    Column("last_seen", MS),
    Column("last_at", MS),
    # Device clock minus agent clock at the last report, ms.
    Column("skew_ms", MS),
    # What the agent says is wrong with the device; NULL when nothing.
    Column("fault", String(200)),
    # {signal: {"value": …, "at": ms}}, by event time; no sensitive signal.
    Column("readings", JSON_VALUE, nullable=False),
)

site_counter = Table(
    "site_counter",
    metadata,
    Column("site", ID, primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("value", MS, nullable=False, server_default=text("0")),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", String(400), nullable=False),
)
