"""The audit trail, for those who may read it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import audit


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries; None means any. since, until: at these moments or between them, ms.

    action: one, or with a dot at its end all that begin so (`case.`). object: how it begins.
    """

    chain: str | None = None
    actor: str | None = None
    action: str | None = None
    object: str | None = None
    since: int | None = None
    until: int | None = None
    limit: int = 100
    before: str | None = None


def audit_rows(connection: Connection, chains: Collection[str], query: AuditQuery) -> RecordPage:
    """Entries of these chains, newest first."""
    table = audit.c
    wanted = [chain for chain in chains if query.chain in (None, chain)]
    found = select(audit).where(table.chain.in_(wanted))
    if query.actor is not None:
        found = found.where(table.actor == query.actor)
    if query.action is not None:
        whole = not query.action.endswith(".")
        same = table.action == query.action
        found = found.where(
            same if whole else table.action.startswith(query.action, autoescape=True)
        )
    if query.object is not None:
        found = found.where(table.object.startswith(query.object, autoescape=True))
    if query.since is not None:
        found = found.where(table.at >= query.since)
    if query.until is not None:
        found = found.where(table.at <= query.until)
    return page(connection, found, (table.id,), limit=query.limit, cursor=query.before)
