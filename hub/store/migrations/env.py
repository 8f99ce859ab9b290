"""Runs migrations on the connection, and inside the transaction, that `hub.store.upgrade` holds."""

from alembic import context
from hub.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
