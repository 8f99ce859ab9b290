"""Passages of one subject are read from their index alone."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SHOWN = (
    "site",
    "subject",
    "at",
    "id",
    "device",
    "received_at",
    "direction",
    "result",
    "reason",
    "method",
    "masked",
    "picture",
)


def upgrade() -> None:
    op.create_index("ix_passage_of_subject", "passage", list(_SHOWN), unique=False)
    op.drop_index("ix_passage_site_subject_at", table_name="passage")


def downgrade() -> None:
    op.create_index(
        "ix_passage_site_subject_at", "passage", ["site", "subject", "at"], unique=False
    )
    op.drop_index("ix_passage_of_subject", table_name="passage")
