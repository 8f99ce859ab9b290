"""Callbacks to the systems that report cases."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("machine", sa.Column("callback_url", sa.String(length=500), nullable=True))
    op.add_column("machine", sa.Column("callback_secret", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("machine", "callback_secret")
    op.drop_column("machine", "callback_url")
