"""Tables of who may do what, and of what they did. Their meaning stands in `hub.access`."""

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table, false

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
    # Where the login came from.
    Column("address", String(64)),
)

second_factor = Table(
    "second_factor",
    metadata,
    Column("user", String(64), primary_key=True),
    # The secret of its codes, under seal.
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", MS, nullable=False),
    # NULL until a first code has shown that the app has it.
    Column("confirmed_at", MS),
    # The time step of the newest code that was accepted.
    Column("last_step", MS, nullable=False),
    # SHA-256 of each recovery code that is left.
    Column("recovery", JSON_VALUE, nullable=False),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("name", String(64), nullable=False),
    # Ids of permissions.
    Column("permissions", JSON_VALUE, nullable=False),
    # ["*"] or site ids.
    Column("sites", JSON_VALUE, nullable=False),
    # SHA-256 of the secret, which is 256 random bits.
    Column("secret_hash", String(64), nullable=False),
    Column("created_at", MS, nullable=False),
    Column("ends_at", MS, nullable=False),
    Column("seen_at", MS),
    Column("ended_at", MS),
    Column("ended_by", String(64)),
)

audit_anchor = Table(
    "audit_anchor",
    metadata,
    # What was removed from a chain's beginning when it had been kept long enough: how many
    # entries, and the hash of the last of them, signed by the hub.
    Column("chain", String(64), primary_key=True),
    Column("upto", ROW, nullable=False),
    Column("removed", MS, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("at", MS, nullable=False),
    Column("signature", String(128), nullable=False),
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
