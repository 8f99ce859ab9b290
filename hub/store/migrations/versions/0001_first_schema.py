"""The first schema: the store's tables and telemetry's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_SEARCHED = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    # PostgreSQL keeps passages and points by month: there a key holds what a table is cut by.
    by_month = ["received_at"] if _on_postgres() else []
    op.create_table(
        "agent",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), server_default="unknown", nullable=False),
        sa.Column("boot", sa.String(length=16), nullable=True),
        sa.Column("version", sa.String(length=40), nullable=True),
        sa.Column("last_seen", sa.BigInteger(), nullable=True),
        sa.Column("heartbeat_s", sa.Double(), nullable=True),
        sa.Column("lanes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("devices", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("clock_offset_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("delays", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "agent", name=op.f("pk_agent")),
    )
    op.create_table(
        "alert",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("condition", sa.String(length=64), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("priority", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=64), nullable=True),
        sa.Column("returned_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint(
            "site",
            "device",
            "condition",
            "occurrence",
            name=op.f("uq_alert_site_device_condition_occurrence"),
        ),
    )
    op.create_index("ix_alert_closed_at", "alert", ["closed_at"], unique=False)
    op.create_index("ix_alert_site_at", "alert", ["site", "at", "id"], unique=False)
    op.create_index(
        "uq_alert_active",
        "alert",
        ["site", "device", "condition"],
        unique=True,
        sqlite_where=sa.text("state IN ('unacknowledged', 'acknowledged')"),
        postgresql_where=sa.text("state IN ('unacknowledged', 'acknowledged')"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("prev", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_chain_id", "audit", ["chain", "id"], unique=False)
    op.create_table(
        "case_",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("title", _SEARCHED, nullable=False),
        sa.Column("priority", sa.String(length=2), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("place", _SEARCHED, nullable=True),
        sa.Column("alert", sa.String(length=16), nullable=True),
        sa.Column("assignee", sa.String(length=64), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("resolution", sa.String(length=64), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_")),
        sa.UniqueConstraint("site", "number", name=op.f("uq_case__site_number")),
    )
    op.create_index(op.f("ix_case__closed_at"), "case_", ["closed_at"], unique=False)
    op.create_index("ix_case__site_opened_at", "case_", ["site", "opened_at", "id"], unique=False)
    op.create_index(
        "uq_case__alert",
        "case_",
        ["alert"],
        unique=True,
        sqlite_where=sa.text("alert IS NOT NULL"),
        postgresql_where=sa.text("alert IS NOT NULL"),
    )
    op.create_table(
        "case_number",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site", "day", name=op.f("pk_case_number")),
    )
    op.create_table(
        "change",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "position", name=op.f("pk_change")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "command",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("operator", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lease_s", sa.Double(), nullable=False),
        sa.Column("renews", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command")),
    )
    op.create_index(op.f("ix_command_case_id"), "command", ["case_id"], unique=False)
    op.create_index("ix_command_site_created_at", "command", ["site", "created_at"], unique=False)
    op.create_index("ix_command_state_created_at", "command", ["state", "created_at"], unique=False)
    op.create_table(
        "dead_letter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=True),
        sa.Column("boot", sa.String(length=16), nullable=True),
        sa.Column("lane", sa.String(length=16), nullable=True),
        sa.Column("seq", sa.BigInteger(), nullable=True),
        sa.Column("idx", sa.Integer(), nullable=True),
        sa.Column("device", sa.String(length=64), nullable=True),
        sa.Column("topic", sa.String(length=256), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letter")),
    )
    op.create_index("ix_dead_letter_received_at", "dead_letter", ["received_at"], unique=False)
    op.create_index("ix_dead_letter_site_id", "dead_letter", ["site", "id"], unique=False)
    op.create_table(
        "device_health",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("last_seen", sa.BigInteger(), nullable=True),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.Column("skew_ms", sa.BigInteger(), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=True),
        sa.Column("readings", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("site", "device", name=op.f("pk_device_health")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "passage",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=True),
        sa.Column("result", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("method", sa.String(length=32), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("masked", sa.String(length=64), nullable=True),
        sa.Column(
            "stream_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("idx", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", *by_month, name=op.f("pk_passage")),
        sa.UniqueConstraint(
            "stream_id", "seq", "idx", *by_month, name=op.f("uq_passage_stream_id_seq_idx")
        ),
        postgresql_partition_by="RANGE (received_at)",
    )
    _make_rest("passage")
    op.create_index("ix_passage_received_at", "passage", ["received_at"], unique=False)
    op.create_index("ix_passage_site_at", "passage", ["site", "at"], unique=False)
    op.create_index("ix_passage_site_device_at", "passage", ["site", "device", "at"], unique=False)
    op.create_index(
        "ix_passage_site_subject_at", "passage", ["site", "subject", "at"], unique=False
    )
    op.create_table(
        "rule_state",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("site", "rule", "subject", name=op.f("pk_rule_state")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_rule_state_due_at"), "rule_state", ["due_at"], unique=False)
    op.create_table(
        "session",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_created_at"), "session", ["created_at"], unique=False)
    op.create_index(op.f("ix_session_user"), "session", ["user"], unique=False)
    op.create_table(
        "site_counter",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("site", "name", name=op.f("pk_site_counter")),
    )
    op.create_table(
        "source_record",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=128), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", "device", "source_id", name=op.f("pk_source_record")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_source_record_received_at", "source_record", ["received_at"], unique=False)
    op.create_table(
        "stream",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.String(length=64), nullable=False),
        sa.Column("boot", sa.String(length=16), nullable=False),
        sa.Column("lane", sa.String(length=16), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=False),
        sa.Column("ranges", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("stored", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duplicates", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dead", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("declared_dropped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("late", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream")),
        sa.UniqueConstraint(
            "site", "agent", "boot", "lane", name=op.f("uq_stream_site_agent_boot_lane")
        ),
    )
    op.create_table(
        "tick_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("states", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tick_log")),
    )
    op.create_index(op.f("ix_tick_log_at"), "tick_log", ["at"], unique=False)
    op.create_table(
        "user_",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("sites", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("disabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_user_")),
    )
    op.create_table(
        "alert_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("alert", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alert.id"], name=op.f("fk_alert_history_alert_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_history")),
    )
    op.create_index(op.f("ix_alert_history_alert"), "alert_history", ["alert"], unique=False)
    op.create_table(
        "case_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case_.id"], name=op.f("fk_case_history_case_id_case_")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_history")),
    )
    op.create_index(op.f("ix_case_history_case_id"), "case_history", ["case_id"], unique=False)
    op.create_table(
        "command_history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("command", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["command"], ["command.id"], name=op.f("fk_command_history_command_command")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_command_history")),
    )
    op.create_index(
        op.f("ix_command_history_command"), "command_history", ["command"], unique=False
    )
    op.create_table(
        "observation",
        sa.Column(
            "stream_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("source_id", sa.String(length=128), nullable=True),
        sa.Column("signals", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("rejected", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["stream_id"], ["stream.id"], name=op.f("fk_observation_stream_id_stream")
        ),
        sa.PrimaryKeyConstraint("stream_id", "seq", "idx", name=op.f("pk_observation")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_observation_received_at", "observation", ["received_at"], unique=False)
    op.create_index(
        "ix_observation_site_device_at", "observation", ["site", "device", "at"], unique=False
    )
    op.create_table(
        "series",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("signal", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("site", "device", "signal", name=op.f("uq_series_site_device_signal")),
    )
    op.create_table(
        "telemetry_total",
        sa.Column("site", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.BigInteger(), nullable=False),
        sa.Column("purged", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_telemetry_total")),
    )
    op.create_table(
        "point",
        sa.Column(
            "series_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stream_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("idx", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id"], ["series.id"], name=op.f("fk_point_series_id_series")
        ),
        sa.PrimaryKeyConstraint(
            "series_id", "at", "stream_id", "seq", "idx", name=op.f("pk_point")
        ),
        sqlite_with_rowid=False,
        postgresql_partition_by="RANGE (at)",
    )
    _make_rest("point")


def downgrade() -> None:
    for table in (
        "point",
        "telemetry_total",
        "series",
        "observation",
        "command_history",
        "case_history",
        "alert_history",
        "user_",
        "tick_log",
        "stream",
        "source_record",
        "site_counter",
        "session",
        "rule_state",
        "passage",
        "meta",
        "device_health",
        "dead_letter",
        "command",
        "change",
        "case_number",
        "case_",
        "audit",
        "alert",
        "agent",
    ):
        op.drop_table(table)


def _on_postgres() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _make_rest(table: str) -> None:
    """Where rows of a month without a partition go, so that none is ever refused."""
    if _on_postgres():
        op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
