"""Requests for erasure, and the reports of those that were done."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from hub.errors import ConflictError, NotFoundError
from hub.store.reads.page import Record, RecordPage, page
from hub.store.schema import erasure

ASKED: Final = "asked"
DONE: Final = "done"
REFUSED: Final = "refused"
WITHDRAWN: Final = "withdrawn"


def ask(connection: Connection, values: Mapping[str, Any], now: int) -> None:
    """Write a request down. Raises ConflictError where one waits for the same."""
    same = (
        erasure.c.site == values["site"],
        erasure.c.target == values["target"],
        erasure.c.state == ASKED,
    )
    if connection.scalar(select(erasure.c.id).where(*same)) is not None:
        raise ConflictError("this was asked for already", code="erasure-asked")
    connection.execute(insert(erasure).values(**values, state=ASKED, asked_at=now))


def decide(
    connection: Connection, name: str, *, state: str, by: str, report: Any, now: int
) -> None:
    """Close a request. Raises ConflictError for one that is closed."""
    done = connection.execute(
        update(erasure)
        .where(erasure.c.id == name, erasure.c.state == ASKED)
        .values(state=state, decided_by=by, decided_at=now, report=report)
    )
    if not done.rowcount:
        raise ConflictError("somebody has decided it already", code="erasure-decided")


def close_again(connection: Connection, name: str, *, by: str, report: Any, now: int) -> None:
    """Close a request of a restored database, if it is there and waits: it was signed once."""
    waits = (erasure.c.id == name, erasure.c.state == ASKED)
    values = {"state": DONE, "decided_by": by, "decided_at": now, "report": report}
    connection.execute(update(erasure).where(*waits).values(**values))


def one_erasure(connection: Connection, site: str, name: str) -> Record:
    """One of a site. Raises NotFoundError."""
    query = select(erasure).where(erasure.c.site == site, erasure.c.id == name)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFoundError("erasure", name)
    return row


def erasure_page(
    connection: Connection, site: str, *, limit: int, before: str | None
) -> RecordPage:
    """Requests of a site, the newest first."""
    query = select(erasure).where(erasure.c.site == site)
    key = (erasure.c.asked_at, erasure.c.id)
    return page(connection, query, key, limit=limit, cursor=before)
