"""Telemetry's own tables. The store's migrations make them; nothing else reads or writes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_ROW: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")

series = Table(
    "series",
    metadata,
    Column("id", _ROW, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("device", String(64), nullable=False),
    Column("signal", String(32), nullable=False),
    # Before these moments (whole hours) points, and minutes, were removed.
    Column("raw_from", BigInteger, nullable=False, server_default="0"),
    Column("minute_from", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("site", "device", "signal"),
)

point = Table(
    "point",
    metadata,
    Column("series_id", _ROW, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    # The observation that it came in: two of one moment stay two.
    Column("stream_id", BigInteger, primary_key=True, autoincrement=False),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("idx", Integer, primary_key=True, autoincrement=False),
    Column("value", Double, nullable=False),
    sqlite_with_rowid=False,
)

rollup = Table(
    "rollup",
    metadata,
    Column("series_id", _ROW, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    # The bucket's length, ms: a minute or an hour.
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("low", Double, nullable=False),
    Column("total", Double, nullable=False),
    Column("count", BigInteger, nullable=False),
    Column("high", Double, nullable=False),
    sqlite_with_rowid=False,
)

stale_hour = Table(
    "stale_hour",
    metadata,
    # Points came into this hour after it was last downsampled.
    Column("series_id", _ROW, ForeignKey("series.id"), primary_key=True, autoincrement=False),
    Column("hour", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_stale_hour_hour", "hour"),
    sqlite_with_rowid=False,
)

telemetry_total = Table(
    "telemetry_total",
    metadata,
    Column("site", String(64), primary_key=True),
    # Points ever stored and ever purged; what there is, is the difference.
    Column("stored", BigInteger, nullable=False),
    Column("purged", BigInteger, nullable=False),
    # Rows of `rollup` that there are.
    Column("rolled", BigInteger, nullable=False, server_default="0"),
)

telemetry_spool = Table(
    "telemetry_spool",
    metadata,
    # No id is used twice, so that whoever reads on from one misses none.
    Column("id", _ROW, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("points", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    # Lines of InfluxDB's protocol, compressed by zlib.
    Column("body", LargeBinary, nullable=False),
    Index("ix_telemetry_spool_urgent_id", "urgent", "id"),
    sqlite_autoincrement=True,
)
