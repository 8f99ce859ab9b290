"""Exports as rows, and the passages that they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, Select, delete, func, insert, select, update

from hub.store.schema import export, passage
from hub.traces.export import Export, ExportState


def add_export(connection: Connection, one: Export) -> None:
    """A new request."""
    connection.execute(insert(export).values(_columns(one)))


def find_export(
    connection: Connection, site: str, name: str, *, lock: bool = False
) -> Export | None:
    """One of a site. lock: nobody else changes it until the transaction ends."""
    found = select(export).where(export.c.site == site, export.c.id == name)
    row = connection.execute(found.with_for_update() if lock else found).one_or_none()
    return None if row is None else _export(row)


def update_export(connection: Connection, one: Export) -> None:
    """One after a step."""
    connection.execute(update(export).where(export.c.id == one.id).values(_columns(one)))


def list_exports(
    connection: Connection, site: str, requester: str | None, limit: int
) -> list[Export]:
    """A site's exports, newest first. requester: theirs alone."""
    found = select(export).where(export.c.site == site)
    if requester is not None:
        found = found.where(export.c.requester == requester)
    newest = found.order_by(export.c.asked_at.desc(), export.c.id).limit(limit)
    return [_export(row) for row in connection.execute(newest)]


def next_to_make(connection: Connection) -> Export | None:
    """The approved one that has waited longest for its file."""
    found = select(export).where(export.c.state == ExportState.MAKING.value)
    row = connection.execute(found.order_by(export.c.decided_at, export.c.id).limit(1)).first()
    return None if row is None else _export(row)


def progressed(connection: Connection, name: str, done: int, total: int) -> None:
    """How far the making is."""
    connection.execute(update(export).where(export.c.id == name).values(done=done, total=total))


def expire(connection: Connection, now: int) -> int:
    """Write down what has expired; how many. Its files are deleted after that."""
    open_ = (ExportState.REQUESTED.value, ExportState.READY.value)
    over = update(export).where(export.c.state.in_(open_), export.c.until <= now)
    return connection.execute(over.values(state=ExportState.EXPIRED.value)).rowcount


def files_kept(connection: Connection) -> set[str]:
    """The exports that have a file."""
    ready = select(export.c.id).where(export.c.state == ExportState.READY.value)
    return set(connection.scalars(ready))


def remove_exports(connection: Connection, before: int, limit: int) -> int:
    """Remove records of exports asked for before then; how many."""
    old = select(export.c.id).where(
        export.c.asked_at < before, export.c.state != ExportState.READY.value
    )
    return connection.execute(delete(export).where(export.c.id.in_(old.limit(limit)))).rowcount


def exported_count(connection: Connection, site: str, query: Mapping[str, Any], known: int) -> int:
    """How many passages an export would hold. known: received by then, ms."""
    rows = _passages(site, query, known).subquery()
    return connection.scalar(select(func.count()).select_from(rows)) or 0


def exported_rows(
    connection: Connection, site: str, query: Mapping[str, Any], known: int
) -> Sequence[RowMapping]:
    """The passages of an export, oldest first: the same whenever they are asked for."""
    found = _passages(site, query, known).order_by(passage.c.at, passage.c.id)
    return connection.execute(found).mappings().all()


def _passages(site: str, query: Mapping[str, Any], known: int) -> Select[Any]:
    table = passage.c
    found = select(
        table.id,
        table.device,
        table.at,
        table.direction,
        table.result,
        table.reason,
        table.method,
        table.subject,
        table.masked,
        table.sealed,
        table.picture,
    ).where(
        table.site == site,
        table.at >= query["start"],
        table.at < query["end"],
        table.received_at <= known,
    )
    if query.get("device"):
        found = found.where(table.device == query["device"])
    if query.get("subject"):
        mark = query["subject"]
        found = found.where(table.subject >= mark, table.subject < mark + "g")
    return found


def _columns(one: Export) -> dict[str, Any]:
    return {**asdict(one), "query": dict(one.query)}


def _export(row: Row[Any]) -> Export:
    known = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Export(**{**known, "state": ExportState(known["state"])})
