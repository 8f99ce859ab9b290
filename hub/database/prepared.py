"""Statements of the hot path: compiled once for each database, their rows handed over as tuples.

SQLAlchemy's own `execute` builds a dict of parameters for every row, which costs several times what
the database takes to store it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import Insert, UpdateBase


class Prepared:
    """One INSERT or UPDATE.

    names: what each place of its rows holds: columns of an INSERT, parameters that it binds.
    Values go to the driver as they are: a JSON column takes its text.
    """

    def __init__(self, statement: UpdateBase, names: Sequence[str]) -> None:
        self._statement = statement
        self._names = tuple(names)
        self._compiled: dict[str, tuple[str, tuple[int, ...] | None]] = {}

    def many(self, connection: Connection, rows: list[tuple[Any, ...]]) -> None:
        """Run it once for each row. Raises sqlalchemy's DBAPIError."""
        if not rows:
            return
        dialect = connection.dialect
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        text, places = compiled
        if places is not None:
            rows = [tuple(row[place] for place in places) for row in rows]
        connection.exec_driver_sql(text, rows)

    def _compile(self, dialect: Dialect) -> tuple[str, tuple[int, ...] | None]:
        """Its text, and which of a row's values goes where; None where they go as they come."""
        keys = None
        if isinstance(self._statement, Insert):
            keys = [name for name in self._names if name in self._statement.table.columns]
        own: Any = type(dialect)
        style = "qmark" if dialect.paramstyle == "qmark" else "format"
        made: Dialect = own(paramstyle=style)
        compiled: Any = self._statement.compile(dialect=made, column_keys=keys)
        places = tuple(self._names.index(name) for name in compiled.positiontup)
        return str(compiled), None if places == tuple(range(len(self._names))) else places
