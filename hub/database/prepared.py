"""Statements of the hot path: compiled once for each database, their rows handed over as tuples.

SQLAlchemy's own `execute` builds a dict of parameters for every row, which costs several times what
the database takes to store it; a SELECT of one row costs twice as much as here.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.dml import Insert
from sqlalchemy.sql.expression import Executable

Row = tuple[Any, ...]


class _Compiled(NamedTuple):
    """A statement as one database takes it.

    ordered: a row's values in the order of its parameters; None where they go as they come.
    columns: of what it gives back, each with what makes the driver's value ours.
    """

    text: str
    ordered: Callable[[Row], Row] | None
    columns: tuple[tuple[str, Callable[[Any], Any] | None], ...]

    def bound(self, row: Row) -> Row:
        return row if self.ordered is None else self.ordered(row)


class Prepared:
    """One statement.

    names: what each place of its rows holds: columns of an INSERT, all parameters that it binds.
    Values go to the driver as they are: a JSON column takes its text.
    All methods raise sqlalchemy's DBAPIError.
    """

    def __init__(self, statement: Executable, names: Sequence[str]) -> None:
        self._statement = statement
        self._names = tuple(names)
        self._compiled: dict[str, _Compiled] = {}

    def many(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Run it once for each row."""
        if not rows:
            return
        compiled = self._for(connection.dialect)
        if len(rows) == 1:  # psycopg makes a pipeline for every list
            connection.exec_driver_sql(compiled.text, compiled.bound(rows[0]))
        elif compiled.ordered is None:
            connection.exec_driver_sql(compiled.text, list(rows))
        else:
            connection.exec_driver_sql(compiled.text, list(map(compiled.ordered, rows)))

    def first(self, connection: Connection, *values: Any) -> Row | None:
        """The first row that it gives, as it comes from the driver."""
        compiled = self._for(connection.dialect)
        found = connection.exec_driver_sql(compiled.text, compiled.bound(values)).first()
        return None if found is None else tuple(found)

    def rows(self, connection: Connection, *values: Any) -> list[dict[str, Any]]:
        """All rows that it gives, by column."""
        compiled = self._for(connection.dialect)
        found = connection.exec_driver_sql(compiled.text, compiled.bound(values)).fetchall()
        return [
            {
                name: value if make is None or value is None else make(value)
                for (name, make), value in zip(compiled.columns, row, strict=True)
            }
            for row in found
        ]

    def _for(self, dialect: Dialect) -> _Compiled:
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = self._compile(dialect)
        return compiled

    def _compile(self, dialect: Dialect) -> _Compiled:
        keys = None
        if isinstance(self._statement, Insert):
            keys = [name for name in self._names if name in self._statement.table.columns]
        own: Any = type(dialect)
        style = "qmark" if dialect.paramstyle == "qmark" else "format"
        made: Dialect = own(paramstyle=style)
        statement: Any = self._statement
        compiled: Any = statement.compile(dialect=made, column_keys=keys)
        places = tuple(self._names.index(name) for name in compiled.positiontup)
        columns = tuple(
            (column.name, column.type.dialect_impl(dialect).result_processor(dialect, None))
            for column in getattr(statement, "selected_columns", ())
        )
        return _Compiled(
            str(compiled),
            None if places == tuple(range(len(self._names))) else _order(places),
            columns,
        )


def _order(places: tuple[int, ...]) -> Callable[[Row], Row]:
    if len(places) > 1:
        return itemgetter(*places)
    (place,) = places  # of one alone, `itemgetter` gives the value itself
    return lambda row: (row[place],)


class Later:
    """Rows that are written together, at the end of a transaction or before somebody reads them."""

    def __init__(self) -> None:
        self._rows: dict[Prepared, list[Row]] = {}
        self._about: dict[Prepared, list[Row]] = {}

    def add(self, statement: Prepared, row: Row) -> None:
        """Run the statement for this row, later."""
        self._rows.setdefault(statement, []).append(row)

    def add_about(self, statement: Prepared, row: Row) -> None:
        """The same for a row that refers to another, which may be waiting too: that goes first."""
        self._about.setdefault(statement, []).append(row)

    def write(self, connection: Connection) -> None:
        """Run what waits; nothing waits then. Raises sqlalchemy's DBAPIError."""
        for waiting in (self._rows, self._about):
            for statement, rows in waiting.items():
                statement.many(connection, rows)
            waiting.clear()
