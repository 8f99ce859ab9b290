"""The database as files: SQLite's as one, PostgreSQL's tables through COPY, as of one moment."""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from hub.backup.archive import Archive, BackupError, Progress, copy_durably
from hub.database import partitions, postgres, sqlite
from hub.database.partitions import PASSAGE, POINT, Month
from hub.store.upgrade import migrate, revision

FILE: Final = "database/hub.db"
_VERSION: Final = "alembic_version"


def dump(where: Path | URL, archive: Archive, progress: Progress) -> dict[str, Any]:
    """Add the database to a backup, while others write to it; what the manifest says of it."""
    if isinstance(where, Path):
        return _dump_file(where, archive, progress)
    with _engine(where).connect() as connection:
        try:
            return _dump_tables(connection, archive, progress)
        except DBAPIError as error:
            raise BackupError(f"{postgres.address(where)}: {type(error.orig).__name__}") from None


def occupied(where: Path | URL) -> bool:
    """Whether there is a database already that a restore would overwrite."""
    if isinstance(where, Path):
        return any(where.with_name(where.name + end).exists() for end in ("", "-wal", "-journal"))
    with _engine(where).connect() as connection:
        return bool(inspect(connection).get_table_names())


def load(where: Path | URL, folder: Path, about: dict[str, Any], progress: Progress) -> None:
    """Make the database from a backup that was verified; there afterwards whole or not at all."""
    kind = "sqlite" if isinstance(where, Path) else "postgresql"
    if about["kind"] != kind:
        raise BackupError(f"this backup is of {about['kind']}, [store] in hub.toml names {kind}")
    if isinstance(where, Path):
        _check_file(folder / FILE)
        copy_durably(folder / FILE, where)
        progress(f"database restored: {where}")
        return
    engine = _engine(where)
    with engine.connect() as connection, connection.begin():
        _load_tables(connection, folder, about, progress)
    progress(f"database restored: {postgres.address(where)}")


def _dump_file(path: Path, archive: Archive, progress: Progress) -> dict[str, Any]:
    if not path.exists():
        raise BackupError(f"{path}: there is no database to back up")
    target = archive.place(FILE)
    sqlite.copy(path, target)
    progress(f"database copied, {target.stat().st_size / 1e6:.1f} MB")
    return {"kind": "sqlite", "revision": _check_file(target)}


def _check_file(path: Path) -> str:
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        if connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise BackupError(f"{path.name}: SQLite finds it damaged")
        (found,) = connection.execute(f"SELECT version_num FROM {_VERSION}").fetchone()  # noqa: S608
    except (sqlite3.DatabaseError, TypeError) as error:
        raise BackupError(f"{path.name}: is not a hub's database ({error})") from None
    finally:
        connection.close()
    return str(found)


def _dump_tables(connection: Connection, archive: Archive, progress: Progress) -> dict[str, Any]:
    """All in one read-only transaction: it sees one moment, and keeps nobody waiting."""
    connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    found = revision(connection)
    if found is None:
        raise BackupError("there is no hub's database to back up")
    cursor = connection.connection.cursor()
    tables = {}
    for table, columns in _tables(connection).items():
        names = ", ".join(f'"{column}"' for column in columns)
        with archive.place(f"database/{table}.copy").open("wb") as file:
            select = f'COPY (SELECT {names} FROM "{table}") TO STDOUT'  # noqa: S608 - own names
            with cursor.copy(select) as rows:
                for block in rows:
                    file.write(block)
        tables[table] = {"columns": columns, "rows": cursor.rowcount}
        progress(f"{table}: {cursor.rowcount} rows")
    months = {
        one.table: [[month.year, month.month] for _, month in partitions.months(connection, one)]
        for one in (PASSAGE, POINT)
    }
    return {"kind": "postgresql", "revision": found, "tables": tables, "months": months}


def _tables(connection: Connection) -> dict[str, list[str]]:
    """The columns of each table that is not a part of another."""
    rows = connection.execute(
        text(
            "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
            " AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped"
            " ORDER BY c.relname, a.attnum"
        )
    )
    found: dict[str, list[str]] = {}
    for table, column in rows:
        if table != _VERSION:
            found.setdefault(table, []).append(column)
    return found


def _load_tables(
    connection: Connection, folder: Path, about: dict[str, Any], progress: Progress
) -> None:
    migrate(connection, about["revision"])
    for one in (PASSAGE, POINT):
        partitions.make(connection, one, [Month(*month) for month in about["months"][one.table]])
    cursor = connection.connection.cursor()
    ordered = [name for name, _ in inspect(connection).get_sorted_table_and_fkc_names() if name]
    for table in (name for name in ordered if name in about["tables"]):
        columns = about["tables"][table]["columns"]
        names = ", ".join(f'"{column}"' for column in columns)
        with (
            (folder / f"database/{table}.copy").open("rb") as file,
            cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as rows,
        ):
            while block := file.read(1 << 20):
                rows.write(block)
        if cursor.rowcount != about["tables"][table]["rows"]:
            raise BackupError(f"{table}: {cursor.rowcount} rows came back, not as many as went in")
        if "id" in columns:
            _count_on(connection, table)
        progress(f"{table}: {cursor.rowcount} rows")


def _count_on(connection: Connection, table: str) -> None:
    """Numbers that the database draws go on behind the restored ones."""
    sequence = text("SELECT pg_get_serial_sequence(:t, 'id')")
    if connection.scalar(sequence, {"t": f'"{table}"'}) is not None:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence(:t, 'id'), coalesce(max(id), 0) + 1, false)"  # noqa: S608
                f' FROM "{table}"'
            ),
            {"t": f'"{table}"'},
        )


def _engine(where: URL) -> Any:
    return create_engine(
        where, poolclass=NullPool, connect_args=dict(postgres.ALWAYS), hide_parameters=True
    )
