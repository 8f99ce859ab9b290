"""The audit trail as answers."""

from dataclasses import asdict

from sqlalchemy import Connection

from hub.access.audit import SYSTEM_CHAIN
from hub.access.checkpoints import Signer
from hub.access.roles import ALL_SITES, Actor
from hub.api.directory import Directory
from hub.api.models.base import Page
from hub.api.models.people import AuditEntry, ChainCheck, Checkpoint
from hub.store.people.chains import anchor_of, judge, tip_of
from hub.store.reads.trail import AuditQuery, audit_rows


def audit_page(
    reader: Connection, directory: Directory, actor: Actor, query: AuditQuery
) -> Page[AuditEntry]:
    """A page of entries, of the chains that `actor` may see."""
    found = audit_rows(reader, _chains(directory, actor), query)
    return Page(
        items=[AuditEntry.model_validate(dict(row)) for row in found.records], next=found.next
    )


def chain_check(
    reader: Connection, directory: Directory, actor: Actor, public_key: str
) -> list[ChainCheck]:
    """Each chain that `actor` may see, checked from end to end."""
    return [_check(reader, chain, public_key) for chain in _chains(directory, actor)]


def checkpoints(
    reader: Connection, directory: Directory, actor: Actor, signer: Signer, now: int
) -> list[Checkpoint]:
    """A signed checkpoint of each chain that `actor` may see, but for empty ones."""
    tips = (tip_of(reader, chain, now) for chain in _chains(directory, actor))
    signed = (signer.sign(one) for one in tips if one is not None)
    return [Checkpoint(**asdict(one)) for one in signed]


def _chains(directory: Directory, actor: Actor) -> list[str]:
    """The system's own chain is for those who answer for all sites."""
    sites = [site for site in directory.sites if actor.sees(site)]
    return [SYSTEM_CHAIN, *sites] if ALL_SITES in actor.sites else sites


def _check(reader: Connection, chain: str, public_key: str) -> ChainCheck:
    anchor = anchor_of(reader, chain)
    found = judge(reader, chain, public_key)
    return ChainCheck(
        chain=chain,
        entries=found.entries,
        whole=found.fault is None,
        first_bad=None if found.fault is None else found.fault.id,
        removed=0 if anchor is None else anchor.count,
        wrong=None if found.fault is None else found.fault.wrong.value,
    )
