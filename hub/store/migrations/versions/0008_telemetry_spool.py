"""Points on their way to a telemetry server."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "telemetry_spool",
        sa.Column("id", _ROW, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_spool")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_telemetry_spool_urgent_id", "telemetry_spool", ["urgent", "id"])


def downgrade() -> None:
    op.drop_table("telemetry_spool")
