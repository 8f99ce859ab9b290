"""Tables of alarm management: what is kept silent, what was told to whom, and floods."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from hub.store.schema.base import ID, JSON_VALUE, MS, ROW, metadata

alarm_point = Table(
    "alarm_point",
    metadata,
    Column("site", ID, primary_key=True),
    Column("device", ID, primary_key=True),
    Column("condition", ID, primary_key=True),
    # As `hub.alerts.Point.dump` made it.
    Column("state", JSON_VALUE, nullable=False),
    Column("due_at", MS, index=True),
    sqlite_with_rowid=False,
)

_ACTIVE = text("state = 'active'")

alarm_hold = Table(
    "alarm_hold",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("condition", ID, nullable=False),
    # shelf, service
    Column("kind", String(16), nullable=False),
    # requested, active, ended, refused
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", MS, nullable=False),
    Column("requested_by", String(64), nullable=False),
    Column("requested_at", MS, nullable=False),
    Column("permit", String(200)),
    Column("substitute", Text),
    Column("approved_by", String(64)),
    Column("approved_at", MS),
    Column("ended_by", String(64)),
    Column("ended_at", MS),
    # One answers for an alarm's silence at a time, or nobody would know which end holds.
    Index(
        "uq_alarm_hold_active",
        "site",
        "device",
        "condition",
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    ),
    Index("ix_alarm_hold_site_device_condition", "site", "device", "condition"),
    Index("ix_alarm_hold_state_until", "state", "until"),
    Index("ix_alarm_hold_site_requested_at", "site", "requested_at", "id"),
)

annunciation = Table(
    "annunciation",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("at", MS, nullable=False),
    Column("desk", ID, nullable=False),
    Column("site", ID, nullable=False),
    Column("alert", String(16), nullable=False),
    Column("device", ID, nullable=False),
    Column("condition", ID, nullable=False),
    Column("priority", String(2), nullable=False),
    # alone, group, grouped
    Column("how", String(16), nullable=False),
    # A sound that was not a P0's: those are rationed.
    Column("rationed", Boolean, nullable=False),
    # The same alert told again; it is not one more alarm.
    Column("again", Boolean, nullable=False),
    Index("ix_annunciation_desk_at", "desk", "at"),
    Index("ix_annunciation_desk_rationed_at", "desk", "rationed", "at"),
    Index("ix_annunciation_site_at", "site", "at"),
)

flood = Table(
    "flood",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("desk", ID, nullable=False),
    Column("began_at", MS, nullable=False),
    Column("ended_at", MS),
    # Alarms that were told as part of the group.
    Column("grouped", Integer, nullable=False, server_default="0"),
    Index(
        "uq_flood_open",
        "desk",
        unique=True,
        sqlite_where=text("ended_at IS NULL"),
        postgresql_where=text("ended_at IS NULL"),
    ),
    Index("ix_flood_desk_began_at", "desk", "began_at"),
)
