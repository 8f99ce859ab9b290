"""Logging in and out, and whom a session stands for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hub.access.audit import Act
from hub.access.errors import LoginRefusedError, NotLoggedInError
from hub.access.limits import NOBODY_LIMITED, Limits
from hub.access.lockout import Lockout
from hub.access.roles import Actor
from hub.access.sessions import Session, csrf_of, key_of, new_token
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.api.hashing import Hashing
from hub.api.visit import Visit
from hub.errors import UnavailableError
from hub.store.people import sessions, users
from hub.store.people.trail import append_act
from hub.store.people.users import Account


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened; the token goes into the cookie and nowhere else."""

    actor: Actor
    token: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Logins:
    """The sessions of one hub.

    now: the hub's clock, ms. session_now: real time, ms: a simulation that runs faster must not
        log its people out. limits: whom the organisation limits.
    """

    desk: Desk
    hashing: Hashing
    lockout: Lockout
    ended: EndedSessions
    now: Callable[[], int]
    session_now: Callable[[], int]
    limits: Limits = NOBODY_LIMITED

    async def login(self, name: str, password: str, address: str) -> Opened:
        """Open a session.

        Raises LoginRefusedError, alike for a wrong name, a wrong password and a disabled account;
        TooManyTriesError and UnavailableError when the password was not even looked at.
        """
        if self.hashing.busy:
            raise UnavailableError("too many logins at once", code="busy")
        self.lockout.admit(name, address)
        account = await self.desk.read(lambda reader: users.find_account(reader, name))
        stored = None if account is None or account.disabled else account.password_hash
        if not await self.hashing.matches(stored, password) or account is None:
            self.lockout.failed(name, address)
            await self._note_refusal(account, address)
            raise LoginRefusedError("name or password is wrong")
        self.lockout.succeeded(name, address)
        return await self._open(account, address)

    async def resume(self, token: str) -> Visit:
        """The visit that a session token stands for. Raises NotLoggedInError."""
        key = key_of(token)
        return Visit(await self.check(key), key, csrf_of(token))

    async def check(self, key: str) -> Actor:
        """The person of a session, as the account is now; the session counts as used.

        Raises NotLoggedInError when it has ended.
        """
        actor = (await self.check_all({key})).get(key)
        if actor is None:
            raise NotLoggedInError("the session has ended; log in again")
        return actor

    async def check_all(self, keys: Collection[str]) -> dict[str, Actor]:
        """As `check`, for many sessions in one go; those that have ended are missing."""
        now = self.session_now()
        found = await self.desk.read(lambda reader: _sessions_and_accounts(reader, keys))
        going = [
            (session, account)
            for session, account in found
            if session.alive(now) and not account.disabled
        ]
        stale = [session.key for session, _ in going if session.wants_touch(now)]
        if stale:
            await self.desk.write(lambda writer: sessions.touch_sessions(writer, stale, now))
        return {session.key: self._as_now(account) for session, account in going}

    async def logout(self, visit: Visit) -> None:
        """End the visit's session."""
        name = visit.actor.name
        act = Act(self.now(), name, "logout", name)

        def work(connection: Connection) -> None:
            sessions.end_session(connection, visit.session)
            append_act(connection, act)

        await self.desk.write(work)
        self.ended.announce([visit.session])

    async def _open(self, account: Account, address: str) -> Opened:
        token, now = new_token(), self.session_now()
        session = Session(key_of(token), account.name, created_at=now, seen_at=now)
        act = Act(self.now(), account.name, "login", account.name, detail={"address": address})

        def work(connection: Connection) -> None:
            # Between the check and now the account may have been disabled or its password changed.
            if users.find_account(connection, account.name) != account:
                raise LoginRefusedError("name or password is wrong")
            sessions.add_session(connection, session)
            append_act(connection, act)

        await self.desk.write(work)
        return Opened(self._as_now(account), token, csrf_of(token))

    def _as_now(self, account: Account) -> Actor:
        """The person, with what the organisation lets them do at this moment."""
        return replace(account.actor, limits=self.limits.of(account.name, self.now()))

    async def _note_refusal(self, account: Account | None, address: str) -> None:
        """Put a failed login on record, but no name that nobody has: it may be a password."""
        name = "unknown" if account is None else account.name
        detail = {"address": address}
        act = Act(self.now(), name, "login", name, outcome="refused", detail=detail)
        await self.desk.write(lambda writer: append_act(writer, act))


def _sessions_and_accounts(
    reader: Connection, keys: Collection[str]
) -> list[tuple[Session, Account]]:
    found = sessions.find_sessions(reader, keys)
    accounts = users.find_accounts(reader, {one.user for one in found})
    return [(one, accounts[one.user]) for one in found if one.user in accounts]
