"""Tables of legal holds: what belongs to a case outlives its time while somebody may ask for it."""

from sqlalchemy import Column, ForeignKey, Index, String, Table, Text

from hub.store.schema.base import ID, MS, metadata

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("case_id", String(32), nullable=False, index=True),
    # Who asked for it, such as a police station with its letter's number.
    Column("authority", String(200), nullable=False),
    Column("reason", Text, nullable=False),
    Column("placed_by", String(64), nullable=False),
    Column("placed_at", MS, nullable=False),
    Column("until_at", MS, nullable=False),
    # When it ended: released by somebody, or by time (NULL).
    Column("ended_at", MS, index=True),
    Column("ended_by", String(64)),
    Column("end_reason", Text),
    Index("ix_legal_hold_site_placed_at", "site", "placed_at", "id"),
)

hold_span = Table(
    "hold_span",
    metadata,
    # What a device saw from and until a moment, ms, both included.
    Column("hold", String(32), ForeignKey("legal_hold.id", ondelete="CASCADE"), primary_key=True),
    Column("device", ID, primary_key=True),
    Column("from_at", MS, primary_key=True, autoincrement=False),
    Column("to_at", MS, nullable=False),
    Column("site", ID, nullable=False),
    Index("ix_hold_span_site_device", "site", "device", "from_at"),
    sqlite_with_rowid=False,
)
