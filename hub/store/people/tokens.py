"""API tokens as rows."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub.access.permissions import Permission
from hub.access.tokens import Token
from hub.store.schema import api_token as table


def find_tokens(connection: Connection, ids: Collection[str]) -> list[Token]:
    """Those with these ids, ended or not."""
    found = connection.execute(select(table).where(table.c.id.in_(ids))).mappings()
    return [_token(row) for row in found]


def tokens_of(connection: Connection, owner: str) -> list[Token]:
    """A person's, ended or not, the newest first."""
    mine = select(table).where(table.c.owner == owner)
    found = connection.execute(mine.order_by(table.c.created_at.desc(), table.c.id)).mappings()
    return [_token(row) for row in found]


def add_token(connection: Connection, token: Token) -> None:
    """Store a new one."""
    values = {field.name: getattr(token, field.name) for field in fields(token)}
    values["permissions"] = sorted(one.value for one in token.permissions)
    values["sites"] = sorted(token.sites)
    connection.execute(insert(table).values(**values))


def touch_tokens(connection: Connection, ids: Collection[str], now: int) -> None:
    """Note that these were used."""
    connection.execute(update(table).where(table.c.id.in_(ids)).values(seen_at=now))


def end_tokens(
    connection: Connection, owner: str, *, by: str, now: int, only: str | None = None
) -> list[str]:
    """End a person's tokens, or one of them; ids of those that were alive."""
    mine = (table.c.owner == owner) & table.c.ended_at.is_(None) & (table.c.ends_at > now)
    if only is not None:
        mine &= table.c.id == only
    ids = list(connection.scalars(select(table.c.id).where(mine)))
    ending = update(table).where(table.c.id.in_(ids))
    connection.execute(ending.values(ended_at=now, ended_by=by))
    return ids


def _token(row: Mapping[Any, Any]) -> Token:
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Token)}
    known = {one.value: one for one in Permission}
    values["permissions"] = frozenset(
        known[name] for name in values["permissions"] if name in known
    )
    return Token(**{**values, "sites": frozenset(values["sites"])})
