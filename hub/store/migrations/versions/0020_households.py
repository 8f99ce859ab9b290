"""Households, people, credentials; erasures and legal holds."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "household",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("building", sa.String(length=64), nullable=False),
        sa.Column("entrance", sa.String(length=16), server_default="", nullable=False),
        sa.Column("room", sa.String(length=16), nullable=False),
        *_times(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household")),
    )
    place = ["site", "building", "entrance", "room", "id"]
    op.create_index("ix_household_place", "household", place)
    op.create_index("ix_household_until_at", "household", ["until_at"])
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("household", sa.String(length=32), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("name_masked", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.String(length=64), nullable=True),
        sa.Column("phone_masked", sa.String(length=32), nullable=True),
        *_times(),
        _refers("person", "household", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_household"), "person", ["household"])
    op.create_index("ix_person_site_name_hash", "person", ["site", "name_hash"])
    op.create_index("ix_person_site_phone_hash", "person", ["site", "phone_hash"])
    op.create_index("ix_person_until_at", "person", ["until_at"])
    op.create_table(
        "person_tag",
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("tag", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        _refers("person_tag", "person", "CASCADE"),
        sa.PrimaryKeyConstraint("person", "tag", name=op.f("pk_person_tag")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_tag_site_tag", "person_tag", ["site", "tag"])
    op.create_table(
        "credential",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("household", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("masked", sa.String(length=64), nullable=False),
        *_times(),
        _refers("credential", "household", "CASCADE"),
        _refers("credential", "person", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    op.create_index(op.f("ix_credential_household"), "credential", ["household"])
    op.create_index(op.f("ix_credential_person"), "credential", ["person"])
    op.create_index("uq_credential_site_subject", "credential", ["site", "subject"], unique=True)
    op.create_index("ix_credential_until_at", "credential", ["until_at"])
    op.create_table(
        "household_revision",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_household_revision")),
        sqlite_with_rowid=False,
    )
    _erasures_and_holds()


def _erasures_and_holds() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    op.create_index("ix_erasure_site_asked_at", "erasure", ["site", "asked_at", "id"])
    op.create_index("ix_erasure_decided_at", "erasure", ["decided_at"])
    op.create_table(
        "legal_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("authority", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("placed_by", sa.String(length=64), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index(op.f("ix_legal_hold_case_id"), "legal_hold", ["case_id"])
    op.create_index(op.f("ix_legal_hold_ended_at"), "legal_hold", ["ended_at"])
    op.create_index("ix_legal_hold_site_placed_at", "legal_hold", ["site", "placed_at", "id"])
    op.create_table(
        "hold_span",
        sa.Column("hold", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("from_at", sa.BigInteger(), nullable=False),
        sa.Column("to_at", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["hold"],
            ["legal_hold.id"],
            name=op.f("fk_hold_span_hold_legal_hold"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("hold", "device", "from_at", name=op.f("pk_hold_span")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_hold_span_site_device", "hold_span", ["site", "device", "from_at"])


def downgrade() -> None:
    for name in (
        "hold_span",
        "legal_hold",
        "erasure",
        "household_revision",
        "credential",
        "person_tag",
        "person",
        "household",
    ):
        op.drop_table(name)


def _times() -> list["sa.Column[int]"]:
    return [
        sa.Column("since_at", sa.BigInteger(), nullable=True),
        sa.Column("until_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _refers(table: str, to: str, gone: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{to}_{to}")
    return sa.ForeignKeyConstraint([to], [f"{to}.id"], name=name, ondelete=gone)
