"""Table of notifications: an outbox, filled in the transaction that decides to call somebody."""

from sqlalchemy import Column, Index, Integer, String, Table, text

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

notification = Table(
    "notification",
    metadata,
    # The first 32 hex digits of sha256(about|reason|post|channel): the same call is the same row.
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # alert, case, callback
    Column("kind", String(16), nullable=False),
    Column("ref", String(32), nullable=False),
    # Of the organisation; of a callback, the machine that it goes to.
    Column("post", ID, nullable=False),
    Column("channel", ID, nullable=False),
    # waiting, sent, failed, withdrawn
    Column("state", String(16), nullable=False),
    # As `hub.notify.Message` dumps it: no plate, name, card number or free text of anybody's.
    Column("message", JSON_VALUE, nullable=False),
    Column("created_at", MS, nullable=False),
    Column("try_at", MS),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ended_at", MS, index=True),
    # Why the last try failed, without any address.
    Column("error", String(200)),
    Index("ix_notification_ref", "ref"),
    Index(
        "ix_notification_try_at",
        "try_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
)
