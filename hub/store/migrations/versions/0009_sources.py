"""Where a case came from, and the photos that people took for it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    source = sa.Column("source", sa.String(length=16), server_default="person", nullable=False)
    op.add_column("case_", source)
    op.execute("UPDATE case_ SET source = 'alarm' WHERE alert IS NOT NULL")
    op.add_column("evidence", sa.Column("by", sa.String(length=64), nullable=True))
    op.add_column("evidence", sa.Column("case_id", sa.String(length=32), nullable=True))
    op.create_index("ix_evidence_site_case_id", "evidence", ["site", "case_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_evidence_site_case_id", "evidence")
    op.drop_column("evidence", "case_id")
    op.drop_column("evidence", "by")
    op.drop_column("case_", "source")
