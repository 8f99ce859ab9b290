"""Table of the links by which the recipient of a message accepts a case."""

from sqlalchemy import Boolean, Column, Index, String, Table

from hub.store.schema.base import ID, MS, metadata

accept_link = Table(
    "accept_link",
    metadata,
    # A hash of the token: the database never holds what a message does.
    Column("key", String(64), primary_key=True),
    Column("site", ID, nullable=False),
    Column("case_id", String(32), nullable=False),
    Column("post", ID, nullable=False),
    Column("account", String(64)),
    Column("personal", Boolean, nullable=False),
    Column("action", String(16), nullable=False),
    Column("assignee", String(64)),
    Column("created_at", MS, nullable=False),
    Column("expires_at", MS, nullable=False),
    Column("used_at", MS),
    Index("ix_accept_link_expires_at", "expires_at"),
)
