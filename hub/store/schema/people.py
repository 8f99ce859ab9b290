"""Tables of who may do what, and of what they did. Their meaning stands in `hub.access`."""

from sqlalchemy import Boolean, Column, Index, String, Table, false

from hub.store.schema.base import ID, JSON_VALUE, MS, ROW, metadata

user = Table(
    "user_",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    # ["*"] or site ids.
    Column("sites", JSON_VALUE, nullable=False),
    # argon2id, in its own encoded form.
    Column("password_hash", String(200), nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=false()),
    # Of the case catalogue, for whom its user works; NULL for the estate itself.
    Column("department", ID),
    Column("created_at", MS, nullable=False),
    Column("changed_at", MS, nullable=False),
)

session = Table(
    "session",
    metadata,
    # A hash of the token: the database never holds what a browser presents.
    Column("key", String(64), primary_key=True),
    Column("user", String(64), nullable=False, index=True),
    Column("created_at", MS, nullable=False, index=True),
    Column("seen_at", MS, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", ROW, primary_key=True),
    # The site, or `system` for what has none: each is a chain of its own.
    Column("chain", String(64), nullable=False),
    Column("at", MS, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", String(200), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("detail", JSON_VALUE, nullable=False),
    # SHA-256 over the row's fields and `prev`, the hash of the chain's row before; append only.
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_audit_chain_id", "chain", "id"),
    Index("ix_audit_at", "at"),
)
