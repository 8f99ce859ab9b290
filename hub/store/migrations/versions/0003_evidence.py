"""Clips and pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("alert", sa.String(length=16), nullable=True),
        sa.Column("of", sa.String(length=32), nullable=True),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("content_type", sa.String(length=32), nullable=True),
        sa.Column("failed", sa.String(length=200), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=True),
        sa.Column("try_at", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    for name, columns in _INDEXES.items():
        op.create_index(name, "evidence", columns, unique=False)


def downgrade() -> None:
    op.drop_table("evidence")


_INDEXES = {
    "ix_evidence_site_from_at": ["site", "from_at", "id"],
    "ix_evidence_site_device_from_at": ["site", "device", "from_at", "id"],
    "ix_evidence_site_alert": ["site", "alert"],
    "ix_evidence_site_sha256": ["site", "sha256"],
    "ix_evidence_state_try_at": ["state", "try_at"],
    "ix_evidence_state_stored_at": ["state", "stored_at"],
}
