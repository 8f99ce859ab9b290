"""Telemetry is downsampled: minutes, hours, and which hours are to be done."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name in ("raw_from", "minute_from"):
        op.add_column(
            "series", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False)
        )
    op.add_column(
        "telemetry_total", sa.Column("rolled", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.create_table(
        "rollup",
        sa.Column("series_id", _ROW, autoincrement=False, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("low", sa.Double(), nullable=False),
        sa.Column("total", sa.Double(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_rollup_series_id_series")
        ),
        sa.PrimaryKeyConstraint("series_id", "level", "at", name=op.f("pk_rollup")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stale_hour",
        sa.Column("series_id", _ROW, autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_stale_hour_series_id_series")
        ),
        sa.PrimaryKeyConstraint("series_id", "hour", name=op.f("pk_stale_hour")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_stale_hour_hour", "stale_hour", ["hour"], unique=False)
    op.execute("INSERT INTO stale_hour SELECT DISTINCT series_id, at - at % 3600000 FROM point")


def downgrade() -> None:
    op.drop_table("stale_hour")
    op.drop_table("rollup")
    op.drop_column("telemetry_total", "rolled")
    for name in ("raw_from", "minute_from"):
        op.drop_column("series", name)
