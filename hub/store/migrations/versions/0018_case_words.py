"""Open cases are found by word, category and person from an index alone."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_OPEN = "closed_at IS NULL"
_INDEXES = {
    "ix_case__open": (["site", "opened_at", "id", "words"], _OPEN),
    "ix_case__open_category": (["site", "category", "opened_at", "id"], _OPEN),
    "ix_case__open_assignee": (
        ["site", "assignee", "opened_at", "id"],
        "closed_at IS NULL AND assignee IS NOT NULL",
    ),
    "ix_case__closed": (["site", "opened_at", "id"], "closed_at IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column("case_", sa.Column("words", sa.Text(), nullable=True))
    op.execute(_filled(op.get_bind().dialect.name))
    for name, (columns, where) in _INDEXES.items():
        op.create_index(
            name,
            "case_",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, table_name="case_")
    op.drop_column("case_", "words")


def _filled(dialect: str) -> str:
    """As `hub.store.write.cases` writes it, but that a text may stand there twice."""
    said = "{} ->> '{}'" if dialect == "postgresql" else "json_extract({}, '$.{}')"
    texts = [f"coalesce({said.format(column, key)}, '')" for column, key in _TEXTS]
    joined = " || ' ' || ".join(["number", *texts, "coalesce(assignee, '')"])
    return f"UPDATE case_ SET words = substr(lower({joined}), 1, 500)"  # noqa: S608 - our own names


_TEXTS = (("title", "zh"), ("title", "en"), ("place", "zh"), ("place", "en"))
