"""Who was last seen where, plates found again with one sign wrong, and who opened by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
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
_BESIDES = "result IN ('forced', 'tailgated', 'remote', 'manual')"
_PASSED = "result IN ('granted', 'exit', 'remote', 'manual', 'seen')"
_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.drop_index("ix_passage_of_subject", table_name="passage")
    op.add_column("passage", sa.Column("operator", sa.String(length=64), nullable=True))
    op.add_column("passage", sa.Column("floor", sa.Integer(), nullable=True))
    op.create_index("ix_passage_of_subject", "passage", [*_SHOWN, "operator", "floor"])
    _index("ix_passage__besides", "passage", ["site", "result", "at", "id"], _BESIDES)
    _make_passers()
    op.create_table(
        "plate_form",
        sa.Column("form", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("passer", _ROW, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["passer"], ["passer.id"], name=op.f("fk_plate_form_passer_passer")
        ),
        sa.PrimaryKeyConstraint("form", "passer", name=op.f("pk_plate_form")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_plate_form_passer", "plate_form", ["passer"])
    _fill()


def downgrade() -> None:
    op.drop_table("plate_form")
    op.drop_table("passer")
    op.drop_index("ix_passage__besides", table_name="passage")
    op.drop_index("ix_passage_of_subject", table_name="passage")
    op.drop_column("passage", "floor")
    op.drop_column("passage", "operator")
    op.create_index("ix_passage_of_subject", "passage", list(_SHOWN))


def _make_passers() -> None:
    op.create_table(
        "passer",
        sa.Column("id", _ROW, autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("plate", sa.Boolean(), nullable=False),
        sa.Column("masked", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("head", sa.String(length=2), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=3), nullable=True),
        sa.Column("way_at", sa.BigInteger(), nullable=True),
        sa.Column("way_device", sa.String(length=64), nullable=True),
        sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passer")),
        sa.UniqueConstraint("site", "subject", name=op.f("uq_passer_site_subject")),
    )
    op.create_index("ix_passer_received_at", "passer", ["received_at"])
    op.create_index("ix_passer_site_way", "passer", ["site", "way", "way_at", "id"])
    _index("ix_passer__plates", "passer", ["site", "seen_at", "id"], "plate")
    _index("ix_passer__unlisted", "passer", ["id"], "plate AND NOT listed")


def _fill() -> None:
    """Everybody who is in the passages; forms of plates take the hub's keys, and follow later."""
    op.execute(
        "INSERT INTO passer (site, subject, plate, masked, head, seen_at, received_at)"
        " SELECT site, subject, coalesce(max(masked), '') LIKE '%·%', max(masked),"
        " CASE WHEN max(masked) LIKE '__·%' THEN substr(max(masked), 1, 2) END,"
        " max(at), max(received_at)"
        " FROM passage WHERE subject IS NOT NULL GROUP BY site, subject"
    )
    _from_last("sealed", "sealed", "sealed IS NOT NULL")
    for name, column in (("way", "direction"), ("way_at", "at"), ("way_device", "device")):
        _from_last(name, column, f"direction IN ('in', 'out') AND {_PASSED}")


def _from_last(name: str, column: str, which: str) -> None:
    op.execute(
        f"UPDATE passer SET {name} = (SELECT {column} FROM passage"  # noqa: S608 - our own names
        f" WHERE passage.site = passer.site AND passage.subject = passer.subject AND {which}"
        " ORDER BY at DESC, id DESC LIMIT 1)"
    )


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(
        name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )
