"""The audit trail, for those who may read it."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from hub.store.reads.page import RecordPage, page
from hub.store.schema import audit


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which entries; None means any. since: at that moment or later, ms."""

    chain: str | None = None
    actor: str | None = None
    action: str | None = None
    since: int | None = None
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
        found = found.where(table.action == query.action)
    if query.since is not None:
        found = found.where(table.at >= query.since)
    return page(connection, found, (table.id,), limit=query.limit, cursor=query.before)
