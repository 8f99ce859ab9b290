"""Table of weekly reports (民声快报) and monthly notices (提示单): the figures that they show."""

from sqlalchemy import Column, Index, String, Table

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

bulletin = Table(
    "bulletin",
    metadata,
    # One that time makes has the same id however often it is worked out.
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # weekly, monthly
    Column("kind", String(16), nullable=False),
    Column("since", MS, nullable=False),
    Column("until", MS, nullable=False),
    Column("made_at", MS, nullable=False),
    # NULL where time made it.
    Column("made_by", String(64)),
    # As `hub.bulletins.figures` made them; pages and PDF are drawn from these alone.
    Column("figures", JSON_VALUE, nullable=False),
    Index("ix_bulletin_site_made_at", "site", "made_at", "id"),
)
