"""Whom a session or an API token stands for, as the account is at this moment."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from hub.access.limits import NOBODY_LIMITED, Limits
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.access.sessions import TOUCH_MS, Session
from hub.access.tokens import Token, id_of
from hub.api.desk import Desk
from hub.config.role import Role
from hub.store.people import factors, sessions, tokens, users
from hub.store.people.users import Account

ENROLLING: Final = frozenset({Permission.SELF, Permission.CATALOGUE_READ})
"""What is left to somebody whose role asks for a second factor that they have not set up."""


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody comes in: by a session, or by a token."""

    key: str
    account: Account
    came_by: Session | Token
    enrolling: bool

    def wants_touch(self, now: int) -> bool:
        """That it was used should be written again."""
        return now - (self.came_by.seen_at or 0) >= TOUCH_MS


@dataclass(frozen=True, slots=True)
class Presence:
    """Looks people up, at each request.

    now: the hub's clock, ms. session_now: real time, ms: a simulation that runs faster must not
        log its people out. limits: whom the organisation limits. factor_roles: those that need a
        second factor.
    """

    desk: Desk
    now: Callable[[], int]
    session_now: Callable[[], int]
    limits: Limits = NOBODY_LIMITED
    factor_roles: frozenset[Role] = frozenset()

    async def check_all(self, keys: Collection[str]) -> dict[str, Actor]:
        """The people of these sessions and tokens, by key, which count as used.

        Those that have ended are missing.
        """
        now = self.session_now()
        found = await self.desk.read(lambda reader: _ways(reader, keys, self.factor_roles))
        going = [one for one in found if one.came_by.alive(now) and not one.account.disabled]
        stale = [one for one in going if one.wants_touch(now)]
        if stale:
            await self.desk.write(lambda writer: _touch(writer, stale, now))
        return {one.key: self._actor(one) for one in going}

    def actor(self, account: Account, *, enrolling: bool) -> Actor:
        """The person with a session of their own."""
        return replace(
            account.actor,
            limits=self.limits.of(account.name, self.now()),
            scope=ENROLLING if enrolling else None,
        )

    def needs_factor(self, account: Account) -> bool:
        """The account's role asks for a second factor."""
        return account.role in self.factor_roles

    def _actor(self, way: Way) -> Actor:
        if isinstance(way.came_by, Token):
            actor = way.came_by.actor(way.account.actor, self.limits, self.now())
            scope = way.came_by.permissions
            return replace(actor, scope=scope & ENROLLING if way.enrolling else scope)
        return self.actor(way.account, enrolling=way.enrolling)


def _ways(reader: Connection, keys: Collection[str], factor_roles: frozenset[Role]) -> list[Way]:
    ids = [one for one in map(id_of, keys) if one is not None]
    came: list[tuple[str, str, Session | Token]] = [
        (one.key, one.user, one) for one in sessions.find_sessions(reader, keys)
    ]
    if ids:
        came += [(one.key, one.owner, one) for one in tokens.find_tokens(reader, ids)]
    accounts = users.find_accounts(reader, {name for _, name, _ in came})
    asked = {one.name for one in accounts.values() if one.role in factor_roles}
    lacking = asked - factors.with_factor(reader, asked) if asked else asked
    return [
        Way(key, accounts[name], one, name in lacking)
        for key, name, one in came
        if name in accounts
    ]


def _touch(writer: Connection, ways: Collection[Way], now: int) -> None:
    sessions.touch_sessions(
        writer, [one.key for one in ways if isinstance(one.came_by, Session)], now
    )
    ids = [one.came_by.id for one in ways if isinstance(one.came_by, Token)]
    if ids:
        tokens.touch_tokens(writer, ids, now)
