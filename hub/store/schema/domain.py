"""Tables of what the hub decides: rule state, alerts, cases, commands, and the change feed."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from hub.store.schema.base import ID, JSON_SEARCHED, JSON_VALUE, MS, ROW, metadata

rule_state = Table(
    "rule_state",
    metadata,
    Column("site", ID, primary_key=True),
    Column("rule", ID, primary_key=True),
    Column("subject", ID, primary_key=True),
    # As `hub.rules.encode_state` wrote it.
    Column("state", Text, nullable=False),
    # When the rule's tick next has something to do; NULL while only a reading can.
    Column("due_at", MS, index=True),
    sqlite_with_rowid=False,
)

tick_log = Table(
    "tick_log",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("at", MS, nullable=False, index=True),
    Column("states", Integer, nullable=False),
    Column("findings", Integer, nullable=False),
)

_ACTIVE = "state IN ('unacknowledged', 'acknowledged', 'shelved', 'suppressed', 'out-of-service')"

alert = Table(
    "alert",
    metadata,
    # The first 16 hex digits of sha256(site|device|condition|occurrence).
    Column("id", String(16), primary_key=True),
    Column("site", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("condition", ID, nullable=False),
    Column("occurrence", Integer, nullable=False),
    Column("priority", String(2), nullable=False),
    Column("state", String(32), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("at", MS, nullable=False),
    Column("received_at", MS, nullable=False),
    Column("acknowledged_at", MS),
    Column("acknowledged_by", String(64)),
    Column("returned_at", MS),
    Column("closed_at", MS),
    Column("detail", JSON_VALUE, nullable=False),
    Column("case_id", String(32)),
    Column("version", Integer, nullable=False),
    Column("latching", Boolean, nullable=False, server_default=false()),
    Column("desk", ID),
    # alone, group, grouped, silent; and when it was last brought to people.
    Column("annunciation", String(16)),
    Column("annunciated_at", MS),
    Column("chattering_at", MS),
    Column("repeats", Integer, nullable=False, server_default="0"),
    # The alert that explains this one, and how many this one has explained.
    Column("parent", String(16)),
    Column("children", Integer, nullable=False, server_default="0"),
    Column("held_until", MS),
    # How often somebody else was asked, and when time alone changes something next.
    Column("escalation", Integer, nullable=False, server_default="0"),
    Column("due_at", MS),
    UniqueConstraint("site", "device", "condition", "occurrence"),
    # A condition is there once or not at all; what is over and unseen may wait beside it.
    Index(
        "uq_alert_active",
        "site",
        "device",
        "condition",
        unique=True,
        sqlite_where=text(_ACTIVE),
        postgresql_where=text(_ACTIVE),
    ),
    Index("ix_alert_closed_at", "closed_at"),
    Index("ix_alert_due_at", "due_at"),
    Index("ix_alert_site_parent", "site", "parent"),
    Index("ix_alert_site_at", "site", "at", "id"),
)

alert_history = Table(
    "alert_history",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("alert", String(16), ForeignKey("alert.id"), nullable=False, index=True),
    Column("at", MS, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("from_state", String(32)),
    Column("to_state", String(32), nullable=False),
    Column("note", Text),
    Column("detail", JSON_VALUE),
)

_OPEN: Final = "closed_at IS NULL"
_OPEN_ASSIGNED: Final = "closed_at IS NULL AND assignee IS NOT NULL"
_ASKED: Final = (
    "category",
    "department",
    "state",
    "priority",
    "building",
    "source",
    "due_at",
    "assignee",
    "closed_at",  # always NULL here; SQLite only knows then that the index says everything
)
_SIFTED: Final = tuple(one for one in _ASKED if one not in {"category", "assignee"})


def _index(name: str, *columns: str, where: str) -> Index:
    """Of the rows that `where` says."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


case_ = Table(
    "case_",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # Site-unique and spoken over the radio, such as 20251122-007.
    Column("number", String(24), nullable=False),
    Column("category", ID, nullable=False),
    Column("title", JSON_SEARCHED, nullable=False),
    Column("priority", String(2), nullable=False),
    Column("state", String(32), nullable=False),
    Column("device", ID),
    Column("place", JSON_SEARCHED),
    # The alert that opened it, where one did.
    Column("alert", String(16)),
    # Who of the catalogue handles it, who watches, and who says that it is the wrong one.
    Column("department", ID),
    Column("watcher", ID),
    Column("disputed_by", String(64)),
    # The case that stands for it.
    Column("merged_into", String(32), index=True),
    # Who handles it jointly, and what of the closing standard is ticked; lists, NULL for none.
    Column("parties", JSON_VALUE),
    Column("ticks", JSON_VALUE),
    # Photos of how it was found, and of how it was left.
    Column("photos_before", Integer, nullable=False, server_default="0"),
    Column("photos_after", Integer, nullable=False, server_default="0"),
    Column("assignee", String(64)),
    Column("opened_at", MS, nullable=False),
    Column("updated_at", MS, nullable=False),
    Column("closed_at", MS, index=True),
    Column("resolution", String(64)),
    Column("rating", Integer),
    Column("supervised", Boolean, nullable=False),
    # alarm, person, resident, platform, inspection
    Column("source", String(16), nullable=False, server_default="person"),
    Column("due_at", MS),
    # The next moment at which time does something to it; a tick finds it by this alone.
    Column("timer_at", MS, index=True),
    Column("unit", ID),
    Column("rung", Integer, nullable=False, server_default="0"),
    # Where it is, as far as the site file's buildings tell.
    Column("building", ID),
    Column("floor", Integer),
    Column("version", Integer, nullable=False),
    # What people look for a case by, in one text: number, title, place, assignee.
    Column("words", Text),
    UniqueConstraint("site", "number"),
    Index("ix_case__site_opened_at", "site", "opened_at", "id"),
    # Open cases in their order, with what they are looked for by: their rows are not read. Without
    # category and assignee, or it would be taken for these as well, and their own indexes never.
    _index("ix_case__open", "site", "opened_at", "id", "words", *_SIFTED, where=_OPEN),
    # The same by deadline, and in the order in which they are counted.
    _index("ix_case__open_due", "site", "due_at", "id", where=_OPEN),
    _index("ix_case__open_counted", "site", *_ASKED, where=_OPEN),
    _index("ix_case__open_category", "site", "category", "opened_at", "id", where=_OPEN),
    _index("ix_case__open_assignee", "site", "assignee", "opened_at", "id", where=_OPEN_ASSIGNED),
    _index("ix_case__closed", "site", "opened_at", "id", where="closed_at IS NOT NULL"),
    Index(
        "uq_case__alert",
        "alert",
        unique=True,
        sqlite_where=text("alert IS NOT NULL"),
        postgresql_where=text("alert IS NOT NULL"),
    ),
)

case_history = Table(
    "case_history",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("case_id", String(32), ForeignKey("case_.id"), nullable=False, index=True),
    Column("at", MS, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("from_state", String(32)),
    Column("to_state", String(32), nullable=False),
    Column("note", Text),
    Column("detail", JSON_VALUE),
)

case_number = Table(
    "case_number",
    metadata,
    Column("site", ID, primary_key=True),
    Column("day", String(8), primary_key=True),
    Column("last", Integer, nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("site", ID, primary_key=True),
    Column("position", MS, primary_key=True, autoincrement=False),
    # alert, case, device, agent, command
    Column("type", String(16), nullable=False),
    Column("ref", String(64), nullable=False),
    Column("at", MS, nullable=False),
    Column("version", MS, nullable=False),
    sqlite_with_rowid=False,
)

command = Table(
    "command",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    Column("agent", ID, nullable=False),
    Column("device", ID, nullable=False),
    Column("action", ID, nullable=False),
    Column("operator", String(64), nullable=False),
    Column("case_id", String(32), index=True),
    Column("reason", Text, nullable=False),
    Column("lease_s", Double, nullable=False),
    # The lease that this command prolongs, if it does.
    Column("renews", String(32)),
    Column("state", String(16), nullable=False),
    Column("created_at", MS, nullable=False),
    Column("updated_at", MS, nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_command_site_created_at", "site", "created_at"),
    Index("ix_command_state_created_at", "state", "created_at"),
)

command_history = Table(
    "command_history",
    metadata,
    Column("id", ROW, primary_key=True),
    Column("command", String(32), ForeignKey("command.id"), nullable=False, index=True),
    Column("at", MS, nullable=False),
    Column("received_at", MS, nullable=False),
    Column("state", String(16), nullable=False),
    Column("detail", String(200), nullable=False),
)
