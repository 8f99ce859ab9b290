"""Modes of a site."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_IN_FORCE = "ended_at IS NULL"
_TOUCHED = "touched IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "mode_switch",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("begun_by", sa.String(length=64), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("over", sa.Text(), nullable=True),
        sa.Column("touched", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mode_switch")),
    )
    _index("uq_mode_switch_in_force", ["site", "area"], _IN_FORCE, unique=True)
    op.create_index("ix_mode_switch_site_begun_at", "mode_switch", ["site", "begun_at", "id"])
    _index("ix_mode_switch_until", ["until"], _IN_FORCE)
    _index("ix_mode_switch_touched", ["touched"], _TOUCHED)


def downgrade() -> None:
    op.drop_table("mode_switch")


def _index(name: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    op.create_index(
        name,
        "mode_switch",
        columns,
        unique=unique,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )
