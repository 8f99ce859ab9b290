"""Tables of what belongs to cases: what ties them to each other."""

from sqlalchemy import Column, ForeignKey, String, Table

from hub.store.schema.base import ID, MS, metadata


def _case() -> ForeignKey:
    return ForeignKey("case_.id", ondelete="CASCADE")


case_link = Table(
    "case_link",
    metadata,
    # Two cases of a site that have to do with each other, the lower id first.
    Column("one", String(32), ForeignKey("case_.id", ondelete="CASCADE"), primary_key=True),
    Column(
        "other",
        String(32),
        ForeignKey("case_.id", ondelete="CASCADE"),
        primary_key=True,
        index=True,
    ),
    Column("site", ID, nullable=False),
    Column("at", MS, nullable=False),
    Column("actor", String(64), nullable=False),
    sqlite_with_rowid=False,
)
