"""Tables of the watchlist. Who is on it stands here as a keyed hash, and under seal."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, LargeBinary, String, Table

from hub.store.schema.base import ID, MS, ROW, metadata

watch_entry = Table(
    "watch_entry",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # plate, credential, listed (an id on a device's own list)
    Column("sort", String(16), nullable=False),
    Column("subject", String(64), nullable=False),
    # NULL once the entry has been over for a while.
    Column("sealed", LargeBinary),
    Column("masked", String(64), nullable=False),
    Column("reason", String(300), nullable=False),
    Column("case_id", String(64)),
    Column("requester", String(64), nullable=False),
    Column("asked_at", MS, nullable=False),
    Column("decider", String(64)),
    Column("decided_at", MS),
    Column("note", String(300)),
    # requested, active, refused, ended; one whose `until` is over has ended, whatever stands here
    Column("state", String(16), nullable=False),
    Column("until", MS, nullable=False, index=True),
    Column("ended_at", MS),
    Column("ended_by", String(64)),
    CheckConstraint("decider IS NULL OR decider <> requester", name="ck_watch_entry_second_person"),
    CheckConstraint("state <> 'active' OR decider IS NOT NULL", name="ck_watch_entry_decided"),
    Index("ix_watch_entry_site_state", "site", "state", "until"),
)

watch_hit = Table(
    "watch_hit",
    metadata,
    # The entry, and the passage that it hit: once.
    Column("entry", String(32), primary_key=True),
    Column("stream_id", ROW, primary_key=True, autoincrement=False),
    Column("seq", MS, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("site", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("at", MS, nullable=False),
    Column("received_at", MS, nullable=False, index=True),
    Index("ix_watch_hit_entry_at", "entry", "at"),
    sqlite_with_rowid=False,
)
