"""Logging in and out, and whom a session stands for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.access.audit import Act
from hub.access.errors import LoginRefusedError, NotLoggedInError, WrongCodeError
from hub.access.lockout import Lockout
from hub.access.roles import Actor
from hub.access.sessions import Session, csrf_of, key_of, new_token
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.api.factors import used_code
from hub.api.hashing import Hashing
from hub.api.presence import Presence
from hub.api.visit import Visit
from hub.errors import UnavailableError
from hub.store.people import factors, sessions, users
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
    """The sessions of one hub. now: the hub's clock, ms. open: what was sealed for people."""

    desk: Desk
    hashing: Hashing
    lockout: Lockout
    ended: EndedSessions
    presence: Presence
    now: Callable[[], int]
    open: Callable[[bytes], bytes]

    async def login(
        self, name: str, password: str, address: str, code: str | None = None
    ) -> Opened:
        """Open a session.

        code: of the second factor, or one for its recovery; asked for where the account has one,
            once its password was right.
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
        if code:
            self.lockout.admit_code(name)
        try:
            opened = await self._open(account, address, code)
        except WrongCodeError:
            self.lockout.code_failed(name, address)
            await self._note_refusal(account, address, "code-wrong")
            raise
        self.lockout.succeeded(name, address)
        return opened

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
        """As `check`, for many sessions and tokens in one go; those that have ended are missing."""
        return await self.presence.check_all(keys)

    async def logout(self, visit: Visit) -> None:
        """End the visit's session."""
        name = visit.actor.name
        act = Act(self.now(), name, "logout", name)

        def work(connection: Connection) -> None:
            sessions.end_session(connection, visit.session)
            append_act(connection, act)

        await self.desk.write(work)
        self.ended.announce([visit.session])

    async def _open(self, account: Account, address: str, code: str | None) -> Opened:
        token, now = new_token(), self.presence.session_now()
        session = Session(key_of(token), account.name, now, now, address[:64])
        detail = {"address": address}

        def work(connection: Connection) -> bool:
            # Between the check and now the account may have been disabled or its password changed.
            if users.find_account(connection, account.name) != account:
                raise LoginRefusedError("name or password is wrong")
            factor = factors.find_factor(connection, account.name)
            confirmed = factor is not None and factor.confirmed_at is not None
            if factor is not None and confirmed:
                used = used_code(factor, self.open(factor.sealed), code, now)
                factors.put_factor(connection, used)
                detail["factor"] = "recovery" if used.recovery != factor.recovery else "code"
            sessions.add_session(connection, session)
            append_act(
                connection, Act(self.now(), account.name, "login", account.name, detail=detail)
            )
            return confirmed

        confirmed = await self.desk.write(work)
        enrolling = self.presence.needs_factor(account) and not confirmed
        actor = self.presence.actor(account, enrolling=enrolling)
        return Opened(actor, token, csrf_of(token))

    async def _note_refusal(
        self, account: Account | None, address: str, outcome: str = "refused"
    ) -> None:
        """Put a failed login on record, but no name that nobody has: it may be a password."""
        name = "unknown" if account is None else account.name
        detail = {"address": address}
        act = Act(self.now(), name, "login", name, outcome=outcome, detail=detail)
        await self.desk.write(lambda writer: append_act(writer, act))
