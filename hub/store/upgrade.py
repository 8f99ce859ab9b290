"""Brings a database file to this version's schema, all or nothing.

Alembic is imported only where there is something to migrate: it takes a quarter of the time of a
hub's imports, and a hub that was killed has to serve again within seconds.
"""

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import Connection, Engine, inspect, text

from hub.errors import HubError

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)

_SCRIPTS = Path(__file__).parent / "migrations"


class TooNewError(HubError):
    """A newer hub wrote this database; this one does not know its schema."""

    code = "database-too-new"


def upgrade(engine: Engine, path: Path) -> None:
    """Migrate the database to the newest revision, in one transaction.

    An existing file of an older revision is first copied to `<name>.<revision>.bak`. Raises
    TooNewError when the file's revision is unknown here.
    """
    with engine.connect() as connection, connection.begin():
        found = revision(connection)
    newest = newest_revision()
    if found == newest:
        return
    if found is not None:
        if found not in _revisions():
            raise TooNewError(f"{path} has schema {found!r}, which only a newer version knows")
        _copy(path, path.with_name(f"{path.name}.{found}.bak"))
    from alembic import command  # noqa: PLC0415 - see above

    with engine.connect() as connection, connection.begin():
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("store.schema_upgraded", found=found, now=newest)


def revision(connection: Connection) -> str | None:
    """The schema revision that a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def newest_revision() -> str:
    """The revision that this version's code is written for."""
    try:
        return max(_revisions())
    except ValueError:  # pragma: no cover - only if the package was built without its migrations
        raise HubError("the package holds no migrations") from None


def _revisions() -> set[str]:
    """The revisions that this version knows: each migration's file name begins with its own."""
    return {file.stem.split("_")[0] for file in (_SCRIPTS / "versions").glob("[0-9]*_*.py")}


def _config() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _copy(path: Path, target: Path) -> None:
    """Copy a database with SQLite's own backup: what its write-ahead log holds comes along."""
    source = sqlite3.connect(path)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    target.chmod(0o600)
