"""The table of exports of access traces."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

export = Table(
    "export",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # requested, refused, withdrawn, making, ready, failed, expired
    Column("state", String(16), nullable=False),
    Column("requester", String(64), nullable=False),
    Column("asked_at", MS, nullable=False),
    # As the look said under which it was asked for.
    Column("purpose", ID, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("case_id", String(64)),
    # Which passages; with or without pictures; whether credentials are shown unmasked.
    Column("query", JSON_VALUE, nullable=False),
    Column("pictures", Boolean, nullable=False),
    Column("plain", Boolean, nullable=False),
    Column("decider", String(64)),
    Column("decided_at", MS),
    Column("note", String(300)),
    # What has been made, of how much; rows and pictures.
    Column("done", Integer, nullable=False, server_default="0"),
    Column("total", Integer, nullable=False, server_default="0"),
    Column("made_at", MS),
    # Of the file as it is downloaded.
    Column("size", MS),
    Column("sha256", String(64)),
    # Until when a request waits for a decision, or the file can be fetched.
    Column("until", MS, nullable=False),
    CheckConstraint("decider IS NULL OR decider <> requester", name="ck_export_second_person"),
    CheckConstraint(
        "decider IS NOT NULL OR state IN ('requested', 'withdrawn', 'expired')",
        name="ck_export_decided",
    ),
    Index("ix_export_site_asked_at", "site", "asked_at", "id"),
    Index("ix_export_state_until", "state", "until"),
)
