"""Runs migrations on the connection, and inside the transaction, that `hub.store.upgrade` holds.

`metadata` is given only when a new revision is drafted by comparing tables.
"""

from alembic import context

attributes = context.config.attributes

context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("metadata"),
    transactional_ddl=True,
)
context.run_migrations()
