"""Where a case is; open cases are counted and put by deadline from an index alone; saved views."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_OPEN = sa.text("closed_at IS NULL")
_BEFORE = ["site", "opened_at", "id", "words"]
_ASKED = [
    "category",
    "department",
    "state",
    "priority",
    "building",
    "source",
    "due_at",
    "assignee",
    "closed_at",
]
_SIFTED = [one for one in _ASKED if one not in {"category", "assignee"}]


def upgrade() -> None:
    op.add_column("case_", sa.Column("building", sa.String(length=64), nullable=True))
    op.add_column("case_", sa.Column("floor", sa.Integer(), nullable=True))
    op.drop_index("ix_case__open", table_name="case_")
    _index("ix_case__open", [*_BEFORE, *_SIFTED])
    _index("ix_case__open_due", ["site", "due_at", "id"])
    _index("ix_case__open_counted", ["site", *_ASKED])
    op.create_table(
        "case_view",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_view")),
        sa.UniqueConstraint("owner", "site", "name", name=op.f("uq_case_view_owner_site_name")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("case_view")
    for name in ("ix_case__open_counted", "ix_case__open_due", "ix_case__open"):
        op.drop_index(name, table_name="case_")
    _index("ix_case__open", _BEFORE)
    op.drop_column("case_", "floor")
    op.drop_column("case_", "building")


def _index(name: str, columns: list[str]) -> None:
    op.create_index(name, "case_", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)
