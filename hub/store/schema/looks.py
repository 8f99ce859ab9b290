"""Tables of looking: what people declared, what they were shown, and whom it was about."""

from sqlalchemy import Column, Index, String, Table

from hub.store.schema.base import ID, MS, ROW, metadata

look = Table(
    "look",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("actor", String(64), nullable=False),
    # The actor's role when they declared it.
    Column("role", String(16), nullable=False),
    Column("purpose", ID, nullable=False),
    Column("reason", String(300), nullable=False),
    Column("case_id", String(64)),
    Column("at", MS, nullable=False, index=True),
    Column("until", MS, nullable=False),
)

looked = Table(
    "looked",
    metadata,
    # The entry of the audit trail that tells of it.
    Column("audit_id", ROW, primary_key=True, autoincrement=False),
    Column("site", ID, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("at", MS, nullable=False, index=True),
    # Mark of the one person that was asked for; NULL for a look at whoever passed.
    Column("person", String(64)),
    Index("ix_looked_actor_at", "actor", "at", "person"),
)

looked_at = Table(
    "looked_at",
    metadata,
    # The index by which a person is told who looked at them.
    Column("site", ID, primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("audit_id", ROW, primary_key=True, autoincrement=False),
    Column("at", MS, nullable=False, index=True),
    sqlite_with_rowid=False,
)
