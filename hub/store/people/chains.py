"""The audit trail's chains: where they end, and what was removed from where they began."""

from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from hub.access.checkpoints import ANCHOR, Checkpoint
from hub.access.verifying import Verdict, verify
from hub.database.dialect import lock_name
from hub.store.people.trail import walk_chain
from hub.store.schema import audit, audit_anchor

CHUNK: Final = 2_000
"""Entries that one transaction removes."""

_FIELDS: Final = ("chain", "at", "upto", "hash", "signature")


def all_chains(connection: Connection) -> list[str]:
    """Every chain that holds an entry, or ever did."""
    chains = {*connection.scalars(select(audit.c.chain).distinct())}
    return sorted(chains | {*connection.scalars(select(audit_anchor.c.chain))})


def anchor_of(connection: Connection, chain: str) -> Checkpoint | None:
    """What was removed from a chain's beginning; None while nothing was."""
    found = select(audit_anchor).where(audit_anchor.c.chain == chain)
    row = connection.execute(found).mappings().one_or_none()
    if row is None:
        return None
    fields = {name: row[name] for name in _FIELDS}
    return Checkpoint(**fields, count=row["removed"], sort=ANCHOR)


def judge(
    connection: Connection,
    chain: str,
    public_key: str,
    checkpoints: Iterable[Checkpoint] = (),
) -> Verdict:
    """Check a chain as it lies in the database; see `hub.access.verifying`."""
    anchor = anchor_of(connection, chain)
    with closing(walk_chain(connection, chain)) as entries:
        return verify(chain, entries, public_key=public_key, anchor=anchor, checkpoints=checkpoints)


def tip_of(connection: Connection, chain: str, now: int) -> Checkpoint | None:
    """A checkpoint of a chain as it is, yet to be signed; None for an empty one."""
    mine = audit.c.chain == chain
    ordered = select(audit.c.id, audit.c.hash).where(mine).order_by(audit.c.id.desc())
    last = connection.execute(ordered.limit(1)).one_or_none()
    if last is None:
        return None
    count = connection.scalar(select(func.count()).select_from(audit).where(mine)) or 0
    anchor = anchor_of(connection, chain)
    removed = 0 if anchor is None else anchor.count
    return Checkpoint(chain, now, last.id, removed + count, last.hash)


def remove_beginning(
    connection: Connection,
    chain: str,
    *,
    before: int,
    now: int,
    sign: Callable[[Checkpoint], Checkpoint],
) -> int:
    """Remove a chain's oldest entries, those from before a moment, ms; how many.

    What remains goes on from the last one removed, whose hash is signed as the chain's anchor. The
    newest entry always stays: the next one follows it.
    """
    lock_name(connection, f"audit {chain}")
    mine = audit.c.chain == chain
    newest = connection.scalar(select(func.max(audit.c.id)).where(mine))
    ordered = select(audit.c.id, audit.c.at, audit.c.hash).where(mine).order_by(audit.c.id)
    doomed = []
    for row in connection.execute(ordered.limit(CHUNK)).all():
        if row.at >= before or row.id == newest:
            break
        doomed.append(row)
    if not doomed:
        return 0
    anchor, last = anchor_of(connection, chain), doomed[-1]
    removed = len(doomed) + (0 if anchor is None else anchor.count)
    made = sign(Checkpoint(chain, now, last.id, removed, last.hash, sort=ANCHOR))
    values = {**{name: getattr(made, name) for name in _FIELDS}, "removed": removed}
    here = audit_anchor.c.chain == chain
    if not connection.execute(update(audit_anchor).where(here).values(**values)).rowcount:
        connection.execute(insert(audit_anchor).values(**values))
    connection.execute(delete(audit).where(mine, audit.c.id <= last.id))
    return len(doomed)
