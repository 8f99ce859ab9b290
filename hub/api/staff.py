"""Accounts: who may make and change them, and what that does to their sessions."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from hub.access import passwords
from hub.access.audit import Act
from hub.access.authorise import authorise_account
from hub.access.errors import ForbiddenError
from hub.access.lockout import Lockout
from hub.access.password_rules import check_password
from hub.access.roles import ALL_SITES, Actor
from hub.access.tokens import key_of
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.api.hashing import Hashing
from hub.api.visit import Visit
from hub.config import Role
from hub.errors import BadRequestError, ConflictError, NotFoundError
from hub.store.people import users
from hub.store.people.tokens import end_tokens
from hub.store.people.trail import append_act
from hub.store.people.users import Account

FIRST_ADMIN: Final = "admin"
HUB: Final = "hub"
"""The actor of what the hub does by itself."""

ME: Final = "me"
"""How a request names the user who asks."""

RESERVED: Final = frozenset({HUB, ME, "system", "unknown", "resident"})
"""Names that histories, the trail and requests use for something else."""


@dataclass(frozen=True, slots=True)
class Made:
    """An account after a change. password: one that was drawn, to be told once."""

    account: Account
    password: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """What to change of an account; None stays. An empty department is the estate itself."""

    role: Role | None = None
    sites: frozenset[str] | None = None
    disabled: bool | None = None
    department: str | None = None
    reset_password: bool = False


@dataclass(frozen=True, slots=True)
class Staff:
    """The accounts of one hub. sites: ids that an account may be given besides `*`.

    departments: that people may belong to, of the case catalogue.
    """

    desk: Desk
    hashing: Hashing
    lockout: Lockout
    ended: EndedSessions
    sites: frozenset[str]
    now: Callable[[], int]
    departments: frozenset[str] = frozenset()

    async def first_admin(self) -> str | None:
        """Make an admin where there is no account yet; return the password drawn for it."""
        if await self.desk.read(users.count_accounts):
            return None
        made = await self.set_user(FIRST_ADMIN, Role.ADMIN, frozenset({ALL_SITES}))
        return made.password

    async def users(self, actor: Actor) -> list[Account]:
        """The accounts that `actor` may manage."""
        accounts = await self.desk.read(users.all_accounts)
        everything = ALL_SITES in actor.sites
        return [one for one in accounts if everything or one.sites <= actor.sites]

    async def create_user(
        self,
        name: str,
        role: Role,
        sites: frozenset[str],
        *,
        by: Actor,
        password: str | None = None,
        department: str | None = None,
    ) -> Made:
        """Make an account; draws a password where none is given.

        Raises ForbiddenError, BadRequestError (for a weak password too), and ConflictError for a
        name that is taken.
        """
        authorise_account(by, role=role, sites=sites)
        if password is not None:
            check_password(password, name, field="password")
        return await self._make(
            name, role, sites, password=password, by=by.name, anew=False, department=department
        )

    async def set_user(
        self, name: str, role: Role, sites: frozenset[str], *, password: str | None = None
    ) -> Made:
        """Make an account from the hub's own start, or make one that exists over.

        Its sessions end. Raises BadRequestError.
        """
        return await self._make(name, role, sites, password=password, by=HUB, anew=True)

    async def change_user(self, name: str, change: Change, *, by: Actor) -> Made:
        """Change an account; all its sessions end, and its tokens with a reset or when disabled.

        Raises NotFoundError, ForbiddenError, BadRequestError, and ConflictError for the last
        admin of all sites.
        """
        drawn = passwords.new_password() if change.reset_password else None
        encoded = None if drawn is None else await self.hashing.hash(drawn)
        detail: dict[str, object] = {"password_reset": change.reset_password}

        def work(account: Account) -> tuple[Account, Act]:
            authorise_account(by, role=account.role, sites=account.sites)
            after = _changed(account, change, encoded)
            authorise_account(by, role=after.role, sites=after.sites)
            self._check_sites(after.sites)
            self._check_department(after.department)
            described = {**_described(after), **detail}
            return after, Act(self.now(), by.name, "user.change", name, detail=described)

        shut = change.reset_password or bool(change.disabled)
        return Made(await self._change(name, work, tokens_by=by.name if shut else None), drawn)

    async def change_password(self, visit: Visit, *, old: str, new: str) -> None:
        """Change the own password; the user's other sessions end.

        Raises ForbiddenError, and BadRequestError for a weak one.
        """
        name = visit.actor.name
        self.lockout.admit(name, visit.session)
        account = await self.desk.read(lambda reader: _account(reader, name))
        if not await self.hashing.matches(account.password_hash, old):
            self.lockout.failed(name, visit.session)
            raise ForbiddenError("the old password is wrong", code="wrong-password")
        check_password(new, name, field="new")
        encoded = await self.hashing.hash(new)

        def work(account: Account) -> tuple[Account, Act]:
            after = replace(account, password_hash=encoded)
            return after, Act(self.now(), name, "password.change", name)

        await self._change(name, work, keep=visit.session)

    async def _make(
        self,
        name: str,
        role: Role,
        sites: frozenset[str],
        *,
        password: str | None,
        by: str,
        anew: bool,
        department: str | None = None,
    ) -> Made:
        self._check_sites(sites)
        self._check_department(department)
        if name in RESERVED:
            raise BadRequestError("this name is reserved", field="name")
        drawn = passwords.new_password() if password is None else None
        encoded = await self.hashing.hash(password or drawn or "")
        now = self.now()
        account = Account(
            name, role, sites, encoded, disabled=False, created_at=now, department=department
        )
        act = Act(now, by, "user.create", name, detail=_described(account))

        def work(connection: Connection) -> list[str]:
            if users.find_account(connection, name) is None:
                users.add_account(connection, account)
            elif anew:
                users.change_account(connection, account, now=now)
            else:
                raise ConflictError("this name is taken", code="name-taken")
            append_act(connection, act)
            return users.end_sessions(connection, name)

        self.ended.announce(await self.desk.write(work))
        return Made(account, drawn)

    async def _change(
        self,
        name: str,
        change: Callable[[Account], tuple[Account, Act]],
        *,
        keep: str | None = None,
        tokens_by: str | None = None,
    ) -> Account:
        """Change an account, end its sessions but `keep`, and put it on record, all in one.

        tokens_by: who ends its API tokens too.
        """

        def work(connection: Connection) -> tuple[Account, list[str]]:
            before = users.count_working_admins(connection)
            after, act = change(_account(connection, name))
            users.change_account(connection, after, now=act.at)
            if before and not users.count_working_admins(connection):
                raise ConflictError("the last admin of all sites must stay", code="last-admin")
            append_act(connection, act)
            ended = users.end_sessions(connection, name, but=keep)
            if tokens_by is not None:
                over = end_tokens(connection, name, by=tokens_by, now=act.at)
                ended += [key_of(token) for token in over]
            return after, ended

        account, ended = await self.desk.write(work)
        self.ended.announce(ended)
        return account

    def _check_sites(self, sites: frozenset[str]) -> None:
        unknown = sites - self.sites - {ALL_SITES}
        if unknown or not sites:
            raise BadRequestError('must name known sites, or be ["*"]', field="sites")

    def _check_department(self, department: str | None) -> None:
        if department is not None and department not in self.departments:
            raise BadRequestError(f"no department {department!r}", field="department")


def _account(connection: Connection, name: str) -> Account:
    account = users.find_account(connection, name)
    if account is None:
        raise NotFoundError("user", name)
    return account


def _changed(account: Account, change: Change, encoded: str | None) -> Account:
    return replace(
        account,
        role=account.role if change.role is None else change.role,
        sites=account.sites if change.sites is None else change.sites,
        disabled=account.disabled if change.disabled is None else change.disabled,
        department=account.department if change.department is None else change.department or None,
        password_hash=account.password_hash if encoded is None else encoded,
    )


def _described(account: Account) -> dict[str, object]:
    return {
        "role": account.role.value,
        "sites": sorted(account.sites),
        "disabled": account.disabled,
        "department": account.department,
    }
