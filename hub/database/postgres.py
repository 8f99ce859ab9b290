"""PostgreSQL: one connection that writes under a lock, a pool of others that only read."""

import time
from typing import Any, Final

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from hub.database.jsontext import compact
from hub.errors import HubError

log = structlog.get_logger(__name__)

OLDEST: Final = 150000
"""`server_version_num` of PostgreSQL 15."""

READERS: Final = 8
WRITER_LOCK: Final = 0x6761_7465
"""The advisory lock of the hub that writes; it goes with its connection."""

WAIT_S: Final = 30.0
"""A start waits this long for a server that is starting too, or for a dead hub's connection."""

RETRY_S: Final = 0.5

ALWAYS: Final = {
    "connect_timeout": "5",
    # A server that is gone without a word is noticed within 20 s.
    "keepalives_idle": "5",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""What every connection is opened with."""

_WRITER: Final = "-c lock_timeout=10s -c synchronous_commit=on"
_READER: Final = (
    "-c default_transaction_read_only=on"
    r" -c default_transaction_isolation=repeatable\ read"
    " -c statement_timeout=30s"
)


class DatabaseError(HubError):
    """A database that the hub cannot work with; the message says what to do about it."""

    code = "database-unusable"


def writing(url: URL, *, alone: bool) -> Engine:
    """The one connection that writes.

    alone: it takes the lock of the hub that writes, each time it connects anew; while another
        hub holds that, connecting fails. False for a process that only acts for people.
    """
    engine = _engine(url, size=1, options=_WRITER)
    if alone:
        event.listen(engine, "connect", _lock)
    return engine


def reading(url: URL) -> Engine:
    """Connections that see one moment's commits in each transaction, and cannot write."""
    return _engine(url, size=READERS, options=_READER)


def wait_for(engine: Engine, within_s: float = WAIT_S) -> None:
    """Return once the server lets this engine in. Raises DatabaseError, without any secret."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            with engine.connect() as connection:
                _check(connection)
        except DBAPIError as error:
            reason = _reason(error)
            if _hopeless(error) or time.monotonic() > deadline:
                raise DatabaseError(f"{address(engine.url)}: {reason}") from None
            log.warning("database.waiting", reason=reason)
            time.sleep(RETRY_S)
        else:
            return


def address(url: URL) -> str:
    """Where a database is, for people: no user, no password."""
    place = url.host or url.query.get("host") or "local socket"
    return f"postgresql {place}{f':{url.port}' if url.port else ''}/{url.database}"


def _engine(url: URL, *, size: int, options: str) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={**ALWAYS, "options": options},
        json_serializer=compact,
        hide_parameters=True,  # an error's text must not tell what was being stored
    )
    event.listen(engine, "connect", _plain_numbers)
    return engine


def _plain_numbers(connection: Any, _record: Any) -> None:
    """The sum of bigints is a `numeric`; it comes as an int here, as SQLite gives it."""
    from psycopg.types.numeric import FloatLoader  # noqa: PLC0415 - with the extra `postgres` only

    class Whole(FloatLoader):
        def load(self, data: Any) -> Any:
            text = bytes(data)
            return float(text) if b"." in text else int(text)

    connection.adapters.register_loader("numeric", Whole)


def _lock(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("SELECT pg_try_advisory_lock(%s)", (WRITER_LOCK,))
    (locked,) = cursor.fetchone()
    cursor.close()
    connection.commit()
    if not locked:
        from psycopg import OperationalError  # noqa: PLC0415 - as above

        connection.close()
        raise OperationalError("another hub writes to this database")


def _check(connection: Connection) -> None:
    version, encoding, collation, fsync = connection.exec_driver_sql(
        "SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),"
        " CASE datlocprovider WHEN 'c' THEN datcollate ELSE 'of ICU' END,"
        " current_setting('fsync') FROM pg_database WHERE datname = current_database()"
    ).one()
    where = address(connection.engine.url)
    if version < OLDEST:
        raise DatabaseError(f"{where}: PostgreSQL 15 or later is needed, this is {version}")
    if encoding != "UTF8" or collation not in {"C", "POSIX", "C.UTF-8", "C.utf8"}:
        raise DatabaseError(
            f"{where}: has encoding {encoding} and collation {collation}; create it with "
            "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
        )
    if fsync != "on":
        log.warning("database.not_durable", setting="fsync", value=fsync)


_HOPELESS: Final = ("28", "3D", "42501")
"""SQLSTATEs that waiting does not mend: not let in, no such database, not allowed."""

_REFUSED: Final = ("password authentication failed", "no password supplied", "does not exist")


def _hopeless(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    text = str(error.orig)
    return state.startswith(_HOPELESS) or any(one in text for one in _REFUSED)


def _reason(error: DBAPIError) -> str:
    """The driver's own first line: it names host, port and user, never a password."""
    lines = [line.strip() for line in str(error.orig).splitlines() if line.strip()]
    return lines[-1] if lines else type(error.orig).__name__
