"""Table of the switch between peace and emergency: each time that a mode was switched on."""

from sqlalchemy import Column, Index, Integer, String, Table, Text, text

from hub.store.schema.base import ID, MS, metadata

_IN_FORCE = text("ended_at IS NULL")

mode_switch = Table(
    "mode_switch",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("site", ID, nullable=False),
    # A building of the site, or `*` for all of it.
    Column("area", ID, nullable=False),
    Column("mode", ID, nullable=False),
    Column("reason", Text, nullable=False),
    Column("until", MS, nullable=False),
    Column("begun_by", String(64), nullable=False),
    Column("begun_at", MS, nullable=False),
    # NULL where time ended it.
    Column("ended_by", String(64)),
    Column("ended_at", MS),
    Column("over", Text),
    # The last open case that was told of the beginning, or of the end; NULL when all were.
    Column("touched", String(32)),
    Column("version", Integer, nullable=False),
    # One position at a time, or nobody would know which end holds.
    Index(
        "uq_mode_switch_in_force",
        "site",
        "area",
        unique=True,
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
    Index("ix_mode_switch_site_begun_at", "site", "begun_at", "id"),
    Index(
        "ix_mode_switch_until",
        "until",
        sqlite_where=_IN_FORCE,
        postgresql_where=_IN_FORCE,
    ),
    Index(
        "ix_mode_switch_touched",
        "touched",
        sqlite_where=text("touched IS NOT NULL"),
        postgresql_where=text("touched IS NOT NULL"),
    ),
)
