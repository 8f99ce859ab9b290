"""Tables of what belongs to cases: what ties them to each other, and how people look at them."""

from sqlalchemy import Column, ForeignKey, String, Table, UniqueConstraint

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata


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

case_view = Table(
    "case_view",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("site", ID, nullable=False),
    Column("name", String(60), nullable=False),
    # What the list is asked with, as the console has it in its address.
    Column("asked", JSON_VALUE, nullable=False),
    Column("at", MS, nullable=False),
    UniqueConstraint("owner", "site", "name"),
    sqlite_with_rowid=False,
)
