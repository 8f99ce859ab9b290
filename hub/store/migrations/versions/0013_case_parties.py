"""Who handles a case, jointly or not; its ticked standard; cases merged and linked."""

import sqlalchemy as sa
from alembic import op

from hub.store.schema.base import JSON_VALUE

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ADDED = (
    ("department", sa.String(length=64)),
    ("watcher", sa.String(length=64)),
    ("disputed_by", sa.String(length=64)),
    ("merged_into", sa.String(length=32)),
    ("parties", JSON_VALUE),
    ("ticks", JSON_VALUE),
)


def upgrade() -> None:
    for name, kind in ADDED:
        op.add_column("case_", sa.Column(name, kind, nullable=True))
    op.create_index("ix_case__merged_into", "case_", ["merged_into"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("one", sa.String(length=32), nullable=False),
        sa.Column("other", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["one"], ["case_.id"], name="fk_case_link_one_case_", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other"], ["case_.id"], name="fk_case_link_other_case_", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("one", "other", name="pk_case_link"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_case_link_other", "case_link", ["other"], unique=False)


def downgrade() -> None:
    op.drop_table("case_link")
    op.drop_index("ix_case__merged_into", table_name="case_")
    for name, _ in reversed(ADDED):
        op.drop_column("case_", name)
