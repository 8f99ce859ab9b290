"""What every table shares: one metadata, portable column types, predictable constraint names.

All times are integer milliseconds since the epoch. Portable between SQLite and PostgreSQL.
"""

from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, MetaData, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = String(64)
"""An id of the wire's form, `[a-z0-9-]{1,64}`."""

MS: TypeEngine[int] = BigInteger()
"""A moment, ms since the epoch; also any other 64-bit count."""

ROW: TypeEngine[int] = BigInteger().with_variant(Integer(), "sqlite")
"""A row's own number. SQLite counts up only for a column that is declared `INTEGER`."""

JSON_VALUE: TypeEngine[object] = JSON(none_as_null=True)
"""A JSON document; Python's None is SQL's NULL."""

JSON_SEARCHED: TypeEngine[Any] = JSON(none_as_null=True).with_variant(
    JSONB(none_as_null=True), "postgresql"
)
"""One that queries look into. The others stay as they were written: hashes are made over them."""
