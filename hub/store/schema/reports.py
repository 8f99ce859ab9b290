"""Tables of what people and systems outside report: credentials, keys, receipts."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

machine = Table(
    "machine",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("name", String(64), nullable=False),
    # ["*"] or site ids.
    Column("sites", JSON_VALUE, nullable=False),
    Column("per_minute", Integer, nullable=False),
    # SHA-256 of the secret, which is 256 random bits: nothing slower is needed.
    Column("secret_hash", String(64), nullable=False),
    # The secret before, and until when it still opens.
    Column("old_hash", String(64)),
    Column("old_until", MS),
    Column("created_at", MS, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("changed_at", MS, nullable=False),
    Column("ended_at", MS),
    # Where it is told of its cases, and the key that signs this, sealed.
    Column("callback_url", String(500)),
    Column("callback_secret", LargeBinary),
    # What it is good for, see `hub.access.machines`; NULL of those that are older than that: all.
    Column("uses", JSON_VALUE),
    # When it ends by itself; NULL of those that are older than that: never.
    Column("until", MS),
)

report_key = Table(
    "report_key",
    metadata,
    # A machine's id, or `resident`.
    Column("reporter", String(16), primary_key=True),
    Column("key", String(128), primary_key=True),
    # SHA-256 of what was reported with it.
    Column("body_hash", String(64), nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("at", MS, nullable=False, index=True),
    sqlite_with_rowid=False,
)

report = Table(
    "report",
    metadata,
    Column("case_id", String(32), ForeignKey("case_.id"), primary_key=True),
    Column("site", ID, nullable=False),
    # A machine's id, or `resident`.
    Column("reporter", String(16), nullable=False),
    # The number that the platform calls it by.
    Column("reference", String(64)),
    # A keyed hash of the receipt code: the code itself is its reporter's alone.
    Column("receipt_hash", String(64), unique=True),
    # A keyed hash of whoever complained: the same person, without saying who.
    Column("person", String(16)),
    # A telephone number, sealed.
    Column("contact", LargeBinary),
    Column("rating", Integer),
    Column("rated_at", MS),
    Column("created_at", MS, nullable=False),
    Index("ix_report_reporter_created_at", "reporter", "created_at"),
)
