"""Patrols."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "patrol_plan",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("made_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "plan", name=op.f("pk_patrol_plan")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patrol_round",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("plan", sa.String(length=64), nullable=False),
        sa.Column("name", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("late_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("visits", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("planned", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_patrol_round")),
    )
    op.create_index("ix_patrol_round_site_due_at", "patrol_round", ["site", "due_at", "id"])
    op.create_index(op.f("ix_patrol_round_ended_at"), "patrol_round", ["ended_at"])
    op.create_index(
        "ix_patrol_round_ends_at",
        "patrol_round",
        ["ends_at"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("patrol_round")
    op.drop_table("patrol_plan")
