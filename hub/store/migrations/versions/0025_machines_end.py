"""Credentials of other systems have an end, and say what they are good for."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("machine", sa.Column("uses", sa.JSON(), nullable=True))
    op.add_column("machine", sa.Column("until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("machine", "until")
    op.drop_column("machine", "uses")
