"""Callbacks to systems that report cases, photos for closing standards, departments of accounts."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("machine", sa.Column("callback_url", sa.String(length=500), nullable=True))
    op.add_column("machine", sa.Column("callback_secret", sa.LargeBinary(), nullable=True))
    op.add_column("user_", sa.Column("department", sa.String(length=64), nullable=True))
    for name in ("photos_before", "photos_after"):
        column = sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        op.add_column("case_", column)
    op.execute(_PHOTOS)


def downgrade() -> None:
    op.drop_column("case_", "photos_after")
    op.drop_column("case_", "photos_before")
    op.drop_column("user_", "department")
    op.drop_column("machine", "callback_secret")
    op.drop_column("machine", "callback_url")


_PHOTOS = """
UPDATE case_ SET
  photos_before =
    (SELECT count(*) FROM evidence WHERE evidence.case_id = case_.id AND kind = 'photo'),
  photos_after = CASE WHEN state IN ('discovered', 'accepted', 'dispatched', 'handling') THEN 0
    ELSE (SELECT count(*) FROM evidence WHERE evidence.case_id = case_.id AND kind = 'photo') END
WHERE id IN (SELECT case_id FROM evidence WHERE kind = 'photo' AND case_id IS NOT NULL)
"""
"""Nobody said what the photos of before show: until the report it was how things were found; a case
that was reported was reported with what there was."""
