"""Tables about everybody who passes: where each was last, and what finds a plate again."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from hub.store.schema.base import ID, MS, ROW, metadata

passer = Table(
    "passer",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("site", ID, nullable=False),
    # Keyed hash of a credential or plate, as in `passage`; and what people may see of it.
    Column("subject", String(64), nullable=False),
    Column("plate", Boolean, nullable=False),
    Column("masked", String(64)),
    # The credential or plate itself, under seal.
    Column("sealed", LargeBinary),
    # Province and letter of a well-formed plate.
    Column("head", String(2)),
    # The newest passage, or try, by its own time; and the newest receipt of any.
    Column("seen_at", MS, nullable=False),
    Column("received_at", MS, nullable=False),
    # The last passing whose way is known: `in` or `out`, when, and where.
    Column("way", String(3)),
    Column("way_at", MS),
    Column("way_device", ID),
    # Whether its forms stand in `plate_form`.
    Column("listed", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("site", "subject"),
    Index("ix_passer_received_at", "received_at"),
    Index("ix_passer_site_way", "site", "way", "way_at", "id"),
    Index(
        "ix_passer__plates",
        "site",
        "seen_at",
        "id",
        sqlite_where=text("plate"),
        postgresql_where=text("plate"),
    ),
    Index(
        "ix_passer__unlisted",
        "id",
        sqlite_where=text("plate AND NOT listed"),
        postgresql_where=text("plate AND NOT listed"),
    ),
)

plate_form = Table(
    "plate_form",
    metadata,
    # 64 bits of a form's keyed hash; see `hub.traces.likeness`.
    Column("form", MS, primary_key=True, autoincrement=False),
    Column("passer", ROW, ForeignKey("passer.id"), primary_key=True, autoincrement=False),
    Index("ix_plate_form_passer", "passer"),
    sqlite_with_rowid=False,
)
