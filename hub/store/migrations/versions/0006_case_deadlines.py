"""Deadlines of cases."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case_", sa.Column("due_at", sa.BigInteger(), nullable=True))
    op.add_column("case_", sa.Column("timer_at", sa.BigInteger(), nullable=True))
    op.add_column("case_", sa.Column("unit", sa.String(length=64), nullable=True))
    op.add_column("case_", sa.Column("rung", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_case__timer_at", "case_", ["timer_at"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_case__timer_at", table_name="case_")
    for name in ("rung", "unit", "timer_at", "due_at"):
        op.drop_column("case_", name)
