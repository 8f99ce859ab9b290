"""Second factors as rows."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from hub.store.schema import second_factor as table


@dataclass(frozen=True, slots=True)
class Factor:
    """One account's. sealed: the secret. recovery: hashes of the codes that are left.

    confirmed_at: None while it is being set up, and asked for at no login. last_step: of the
    newest code that was accepted.
    """

    user: str
    sealed: bytes
    created_at: int
    confirmed_at: int | None = None
    last_step: int = 0
    recovery: tuple[str, ...] = ()


def find_factor(connection: Connection, user: str) -> Factor | None:
    """The one of this account, confirmed or not."""
    row = connection.execute(select(table).where(table.c.user == user)).mappings().one_or_none()
    if row is None:
        return None
    values: dict[str, Any] = {field.name: row[field.name] for field in fields(Factor)}
    return Factor(**{**values, "recovery": tuple(values["recovery"])})


def with_factor(connection: Connection, users: Collection[str]) -> set[str]:
    """Who of these has one that is confirmed."""
    found = select(table.c.user).where(table.c.user.in_(users), table.c.confirmed_at.is_not(None))
    return set(connection.scalars(found))


def put_factor(connection: Connection, factor: Factor) -> None:
    """Store it, new or changed."""
    values = {field.name: getattr(factor, field.name) for field in fields(factor)}
    values["recovery"] = list(factor.recovery)
    mine = table.c.user == factor.user
    if not connection.execute(update(table).where(mine).values(**values)).rowcount:
        connection.execute(insert(table).values(**values))


def remove_factor(connection: Connection, user: str) -> bool:
    """Forget it; whether there was one."""
    return bool(connection.execute(delete(table).where(table.c.user == user)).rowcount)
