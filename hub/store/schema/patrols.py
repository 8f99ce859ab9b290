"""Tables of patrols: how far each plan's rounds were made, and the rounds themselves."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from hub.store.schema.base import ID, JSON_VALUE, MS, metadata

_OPEN = text("ended_at IS NULL")

patrol_plan = Table(
    "patrol_plan",
    metadata,
    Column("site", ID, primary_key=True),
    Column("plan", ID, primary_key=True),
    # Every round that was due up to here has been made.
    Column("made_until", MS, nullable=False),
    sqlite_with_rowid=False,
)

patrol_round = Table(
    "patrol_round",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("plan", ID, nullable=False),
    Column("name", JSON_VALUE, nullable=False),
    # due, walking, done, incomplete, missed, lapsed
    Column("state", String(16), nullable=False),
    Column("due_at", MS, nullable=False),
    Column("late_at", MS, nullable=False),
    Column("ends_at", MS, nullable=False),
    # The plan's points as they stood, and what was found at them; lists.
    Column("points", JSON_VALUE, nullable=False),
    Column("visits", JSON_VALUE, nullable=False),
    # False: somebody began it besides the plan.
    Column("planned", Boolean, nullable=False),
    Column("ended_at", MS, index=True),
    Column("version", Integer, nullable=False),
    Index("ix_patrol_round_site_due_at", "site", "due_at", "id"),
    Index("ix_patrol_round_ends_at", "ends_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
)
