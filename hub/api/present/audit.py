"""The audit trail as answers."""

from collections.abc import Iterator

from sqlalchemy import Connection

from hub.access.audit import GENESIS, SYSTEM_CHAIN, Entry, follows
from hub.access.roles import ALL_SITES, Actor
from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.people import AuditEntry, ChainCheck
from hub.store.people.trail import walk_chain
from hub.store.reads.trail import AuditQuery, audit_rows


def audit_page(
    reader: Connection, directory: Directory, actor: Actor, query: AuditQuery
) -> Page[AuditEntry]:
    """A page of entries, of the chains that `actor` may see."""
    found = audit_rows(reader, _chains(directory, actor), query)
    return Page(
        items=[AuditEntry.model_validate(dict(row)) for row in found.records], next=found.next
    )


def chain_check(reader: Connection, directory: Directory, actor: Actor) -> list[ChainCheck]:
    """Each chain that `actor` may see, checked from end to end."""
    return [_check(chain, walk_chain(reader, chain)) for chain in _chains(directory, actor)]


def _chains(directory: Directory, actor: Actor) -> list[str]:
    """The system's own chain is for those who answer for all sites."""
    sites = [site for site in directory.sites if actor.sees(site)]
    return [SYSTEM_CHAIN, *sites] if ALL_SITES in actor.sites else sites


def _check(chain: str, entries: Iterator[Entry]) -> ChainCheck:
    """Walk a chain; an entry after a broken one is measured against what stands there."""
    count, first_bad, prev = 0, None, GENESIS
    for entry in entries:
        count += 1
        if first_bad is None and not follows(entry, prev):
            first_bad = entry.id
        prev = entry.hash
    return ChainCheck(chain=chain, entries=count, whole=first_bad is None, first_bad=first_bad)
