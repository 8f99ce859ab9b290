"""Telemetry's own tables. The store's migrations make them; nothing else reads or writes them."""

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Integer,
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

telemetry_total = Table(
    "telemetry_total",
    metadata,
    Column("site", String(64), primary_key=True),
    # Points ever stored and ever purged; what there is, is the difference.
    Column("stored", BigInteger, nullable=False),
    Column("purged", BigInteger, nullable=False),
)
