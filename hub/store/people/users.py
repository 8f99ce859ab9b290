"""Accounts as rows."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from hub.access.roles import Actor
from hub.config.role import Role
from hub.store.schema import session as session_table
from hub.store.schema import user as table


@dataclass(frozen=True, slots=True)
class Account:
    """A stored account; the password's hash is for `hub.access.passwords` alone.

    department: of the case catalogue, for whom its user works; None for the estate itself.
    """

    name: str
    role: Role
    sites: frozenset[str]
    password_hash: str
    disabled: bool
    created_at: int
    department: str | None = None

    @property
    def actor(self) -> Actor:
        """The account as the person behind a request."""
        return Actor(self.name, self.role, self.sites, department=self.department)


def find_account(connection: Connection, name: str) -> Account | None:
    """The account called `name`."""
    row = connection.execute(select(table).where(table.c.name == name)).one_or_none()
    return None if row is None else _account(row)


def find_accounts(connection: Connection, names: Collection[str]) -> dict[str, Account]:
    """The accounts with these names, by name."""
    rows = connection.execute(select(table).where(table.c.name.in_(names)))
    return {row.name: _account(row) for row in rows}


def all_accounts(connection: Connection) -> list[Account]:
    """All accounts, by name."""
    return [_account(row) for row in connection.execute(select(table).order_by(table.c.name))]


def count_accounts(connection: Connection) -> int:
    """How many accounts there are, disabled ones included."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def count_working_admins(connection: Connection) -> int:
    """Admins of all sites that can log in: without one, nobody could repair the accounts."""
    admins = select(table).where(
        table.c.role == Role.ADMIN.value,
        table.c.disabled.is_(False),
        table.c.department.is_(None),
    )
    return sum("*" in row.sites for row in connection.execute(admins))


def add_account(connection: Connection, account: Account) -> None:
    """Store a new account; the caller has looked that its name is free."""
    connection.execute(insert(table).values(**_values(account), changed_at=account.created_at))


def change_account(connection: Connection, account: Account, *, now: int) -> None:
    """Store an account anew; its name stays."""
    connection.execute(
        update(table).where(table.c.name == account.name).values(**_values(account), changed_at=now)
    )


def end_sessions(connection: Connection, user: str, *, but: str | None = None) -> list[str]:
    """Delete the user's sessions, except the one with the key `but`; return the keys ended."""
    mine = session_table.c.user == user
    if but is not None:
        mine &= session_table.c.key != but
    keys = [row.key for row in connection.execute(select(session_table.c.key).where(mine))]
    connection.execute(delete(session_table).where(mine))
    return keys


def _values(account: Account) -> dict[str, object]:
    return {
        "name": account.name,
        "role": account.role.value,
        "sites": sorted(account.sites),
        "password_hash": account.password_hash,
        "disabled": account.disabled,
        "created_at": account.created_at,
        "department": account.department,
    }


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(
        name=row.name,
        role=Role(row.role),
        sites=frozenset(row.sites),
        password_hash=row.password_hash,
        disabled=row.disabled,
        created_at=row.created_at,
        department=row.department,
    )
