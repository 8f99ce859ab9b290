"""The table of clips and pictures; the bytes themselves lie in files, see `hub.evidence`."""

from sqlalchemy import Column, Index, Integer, String, Table

from hub.store.schema.base import ID, MS, metadata

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # Both are empty for what people took: photos.
    Column("agent", ID, nullable=False),
    Column("device", ID, nullable=False),
    # clip, still, thumbnail, picture, photo
    Column("kind", String(16), nullable=False),
    # wanted, asked, announced, stored, failed, removed
    Column("state", String(16), nullable=False),
    # The alert that it was made for, and the evidence that it goes with.
    Column("alert", String(16)),
    Column("of", String(32)),
    # A photo's: who brought it, and the case that it was brought for; none until then.
    Column("by", String(64)),
    Column("case_id", String(32)),
    # What it covers, hub clock.
    Column("from_at", MS, nullable=False),
    Column("to_at", MS, nullable=False),
    Column("sha256", String(64)),
    Column("size", MS),
    Column("content_type", String(32)),
    Column("failed", String(200)),
    Column("created_at", MS, nullable=False),
    Column("updated_at", MS, nullable=False),
    Column("stored_at", MS),
    # When the hub asks next, while it is wanted or asked for.
    Column("try_at", MS),
    Column("tries", Integer, nullable=False, server_default="0"),
    Index("ix_evidence_site_from_at", "site", "from_at", "id"),
    Index("ix_evidence_site_device_from_at", "site", "device", "from_at", "id"),
    Index("ix_evidence_site_alert", "site", "alert"),
    Index("ix_evidence_site_case_id", "site", "case_id"),
    Index("ix_evidence_site_sha256", "site", "sha256"),
    Index("ix_evidence_state_try_at", "state", "try_at"),
    Index("ix_evidence_state_stored_at", "state", "stored_at"),
)
