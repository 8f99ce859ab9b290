"""The audit trail as rows: appended to, read and checked, never changed."""

from collections.abc import Collection, Generator

from sqlalchemy import Connection, Row, insert, select

from hub.access.audit import GENESIS, Act, Entry, chain_of, link
from hub.database.dialect import lock_name
from hub.store.schema import audit as table


def append_act(connection: Connection, act: Act) -> None:
    """Put an act at the end of its chain."""
    add_entry(connection, act)


def add_entry(connection: Connection, act: Act) -> int:
    """Put an act at the end of its chain; the entry's id."""
    chain = chain_of(act.site)
    lock_name(connection, f"audit {chain}")
    last = select(table.c.hash).where(table.c.chain == chain).order_by(table.c.id.desc()).limit(1)
    prev = connection.execute(last).scalar_one_or_none() or GENESIS
    row_id: int = connection.execute(
        insert(table)
        .values(
            chain=chain,
            at=act.at,
            actor=act.actor,
            action=act.action,
            object=act.object,
            outcome=act.outcome,
            detail=dict(act.detail),
            prev=prev,
            hash=link(act, prev),
        )
        .returning(table.c.id)
    ).scalar_one()
    return row_id


def entries(connection: Connection, ids: Collection[int]) -> list[Entry]:
    """The entries with these ids, newest first."""
    found = select(table).where(table.c.id.in_(ids)).order_by(table.c.id.desc())
    return [_entry(row) for row in connection.execute(found)]


def walk_chain(connection: Connection, chain: str) -> Generator[Entry, None, None]:
    """A chain's entries, oldest first, without holding them all."""
    ordered = select(table).where(table.c.chain == chain).order_by(table.c.id)
    with connection.execute(ordered.execution_options(yield_per=1000)) as rows:
        for row in rows:
            yield _entry(row)


def _entry(row: Row[tuple[object, ...]]) -> Entry:
    act = Act(
        at=row.at,
        actor=row.actor,
        action=row.action,
        object=row.object,
        site=None if row.chain == chain_of(None) else row.chain,
        outcome=row.outcome,
        detail=row.detail,
    )
    return Entry(row.id, act, row.prev, row.hash)
