"""Alarms that are shelved, explained, told in groups, escalated."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ACTIVE_BEFORE = "state IN ('unacknowledged', 'acknowledged')"
_ACTIVE = "state IN ('unacknowledged', 'acknowledged', 'shelved', 'suppressed', 'out-of-service')"


def upgrade() -> None:
    for column in _columns():
        op.add_column("alert", column)
    _active_index(_ACTIVE)
    op.create_index("ix_alert_due_at", "alert", ["due_at"], unique=False)
    op.create_index("ix_alert_site_parent", "alert", ["site", "parent"], unique=False)
    op.create_table(
        "alarm_point",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "device", "condition", name=op.f("pk_alarm_point")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_alarm_point_due_at", "alarm_point", ["due_at"], unique=False)
    _holds()
    _annunciations()


def downgrade() -> None:
    for table in ("flood", "annunciation", "alarm_hold", "alarm_point"):
        op.drop_table(table)
    op.drop_index("ix_alert_site_parent", "alert")
    op.drop_index("ix_alert_due_at", "alert")
    _active_index(_ACTIVE_BEFORE)
    for column in reversed(_columns()):
        op.drop_column("alert", column.name)


def _columns() -> list[sa.Column[Any]]:
    return [
        sa.Column("latching", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=True),
        sa.Column("annunciation", sa.String(length=16), nullable=True),
        sa.Column("annunciated_at", sa.BigInteger(), nullable=True),
        sa.Column("chattering_at", sa.BigInteger(), nullable=True),
        sa.Column("repeats", sa.Integer(), server_default="0", nullable=False),
        sa.Column("parent", sa.String(length=16), nullable=True),
        sa.Column("children", sa.Integer(), server_default="0", nullable=False),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("escalation", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
    ]


def _active_index(where: str) -> None:
    op.drop_index("uq_alert_active", "alert")
    op.create_index(
        "uq_alert_active",
        "alert",
        ["site", "device", "condition"],
        unique=True,
        sqlite_where=sa.text(where),
        postgresql_where=sa.text(where),
    )


def _holds() -> None:
    op.create_table(
        "alarm_hold",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("permit", sa.String(length=200), nullable=True),
        sa.Column("substitute", sa.Text(), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_hold")),
    )
    op.create_index(
        "uq_alarm_hold_active",
        "alarm_hold",
        ["site", "device", "condition"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.create_index(
        "ix_alarm_hold_site_device_condition",
        "alarm_hold",
        ["site", "device", "condition"],
        unique=False,
    )
    op.create_index("ix_alarm_hold_state_until", "alarm_hold", ["state", "until"], unique=False)
    op.create_index(
        "ix_alarm_hold_site_requested_at",
        "alarm_hold",
        ["site", "requested_at", "id"],
        unique=False,
    )


def _annunciations() -> None:
    row = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "annunciation",
        sa.Column("id", row, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("alert", sa.String(length=16), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=False),
        sa.Column("priority", sa.String(length=2), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("rationed", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annunciation")),
    )
    for name, columns in {
        "ix_annunciation_desk_at": ["desk", "at"],
        "ix_annunciation_desk_rationed_at": ["desk", "rationed", "at"],
        "ix_annunciation_site_at": ["site", "at"],
    }.items():
        op.create_index(name, "annunciation", columns, unique=False)
    op.create_table(
        "flood",
        sa.Column("id", row, nullable=False),
        sa.Column("desk", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("grouped", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flood")),
    )
    op.create_index(
        "uq_flood_open",
        "flood",
        ["desk"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_flood_desk_began_at", "flood", ["desk", "began_at"], unique=False)
