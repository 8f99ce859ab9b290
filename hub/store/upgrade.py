"""Brings a database to this version's schema, all or nothing: on both, DDL is transactional.

Alembic is imported only where there is something to migrate: it takes a quarter of the time of a
hub's imports, and a hub that was killed has to serve again within seconds.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import URL, Connection, Engine, inspect, text

from hub.database import postgres, sqlite
from hub.database.dialect import lock_name
from hub.errors import HubError

if TYPE_CHECKING:
    from alembic.config import Config

log = structlog.get_logger(__name__)

_SCRIPTS = Path(__file__).parent / "migrations"


class TooNewError(HubError):
    """A newer hub wrote this database; this one does not know its schema."""

    code = "database-too-new"


def upgrade(engine: Engine, where: Path | URL) -> None:
    """Migrate the database to the newest revision, in one transaction.

    Killed at any statement, it leaves everything as it was, and the next start begins anew. An
    existing file of an older revision is first copied to `<name>.<revision>.bak`. Raises
    TooNewError when the database's revision is unknown here.
    """
    with engine.connect() as connection, connection.begin():
        found = revision(connection)
    newest = newest_revision()
    if found == newest:
        return
    if found is not None:
        if found not in _revisions():
            place = where if isinstance(where, Path) else postgres.address(where)
            raise TooNewError(f"{place} has schema {found!r}, which only a newer version knows")
        if isinstance(where, Path):
            sqlite.copy(where, where.with_name(f"{where.name}.{found}.bak"))
    with engine.connect() as connection, connection.begin():
        migrate(connection)
    log.info("store.schema_upgraded", found=found, now=newest)


def is_current(where: Path | URL) -> bool:
    """Whether a database is there and has this version's schema; changes nothing."""
    if isinstance(where, Path) and not where.is_file():
        return False
    engine = sqlite.reading(where) if isinstance(where, Path) else postgres.reading(where)
    try:
        with engine.connect() as connection, connection.begin():
            return revision(connection) == newest_revision()
    finally:
        engine.dispose()


def migrate(connection: Connection, to: str = "head") -> None:
    """Bring the schema to a revision that is known here, in the caller's transaction.

    Raises TooNewError for one that is not.
    """
    if to not in {"head", *_revisions()}:
        raise TooNewError(f"schema {to!r} is known to a newer version only")
    from alembic import command  # noqa: PLC0415 - see above

    lock_name(connection, "migration")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


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
