"""Brings a database to this version's schema, all or nothing: on both, DDL is transactional."""

from pathlib import Path

import structlog
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine

from hub.database import postgres, sqlite
from hub.database.dialect import lock_name
from hub.errors import HubError

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
        known = {script.revision for script in _directory().walk_revisions()}
        if found not in known:
            place = where if isinstance(where, Path) else postgres.address(where)
            raise TooNewError(f"{place} has schema {found!r}, which only a newer version knows")
        if isinstance(where, Path):
            sqlite.copy(where, where.with_name(f"{where.name}.{found}.bak"))
    with engine.connect() as connection, connection.begin():
        lock_name(connection, "migration")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    log.info("store.schema_upgraded", found=found, now=newest)


def revision(connection: Connection) -> str | None:
    """The schema revision that a database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str:
    """The revision that this version's code is written for."""
    head = _directory().get_current_head()
    if head is None:  # pragma: no cover - only if the package was built without its migrations
        raise HubError("the package holds no migrations")
    return head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config


def _directory() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
