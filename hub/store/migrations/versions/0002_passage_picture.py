"""Passages name the picture that was taken."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("passage", sa.Column("picture", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("passage") as table:
        table.drop_column("picture")
