"""Second factors: set up, asked for, given up, and reset by somebody else."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from hub.access import totp
from hub.access.audit import Act
from hub.access.authorise import authorise_account
from hub.access.errors import CodeNeededError, ForbiddenError, WrongCodeError
from hub.access.lockout import Lockout
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.ended import EndedSessions
from hub.api.hashing import Hashing
from hub.api.presence import Presence
from hub.api.visit import Visit
from hub.errors import ConflictError, NotFoundError
from hub.store.people import factors as rows
from hub.store.people import users
from hub.store.people.factors import Factor
from hub.store.people.trail import append_act


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands. required: their role asks for one. recovery: codes that are left."""

    confirmed: bool
    required: bool
    recovery: int


@dataclass(frozen=True, slots=True)
class Factors:
    """now: hub clock, ms; seal, open: for what is kept of people."""

    desk: Desk
    hashing: Hashing
    lockout: Lockout
    ended: EndedSessions
    presence: Presence
    now: Callable[[], int]
    seal: Callable[[bytes], bytes]
    open: Callable[[bytes], bytes]

    async def standing(self, visit: Visit) -> Standing:
        """The asking person's."""
        name, roles = visit.actor.name, self.presence.factor_roles
        factor = await self.desk.read(lambda reader: rows.find_factor(reader, name))
        confirmed = factor is not None and factor.confirmed_at is not None
        left = len(factor.recovery) if factor is not None else 0
        return Standing(confirmed, visit.actor.role in roles, left)

    async def begin(self, visit: Visit, password: str) -> bytes:
        """Draw a secret, which holds once `confirm` was told a code of it.

        Raises ForbiddenError for a wrong password, ConflictError where there is a factor already.
        """
        await self._check_password(visit, password)
        name, secret = visit.actor.name, totp.new_secret()
        drawn = Factor(name, self.seal(secret), created_at=self.now())

        def work(connection: Connection) -> None:
            before = rows.find_factor(connection, name)
            if before is not None and before.confirmed_at is not None:
                raise ConflictError("there is a second factor already", code="factor-exists")
            rows.put_factor(connection, drawn)

        await self.desk.write(work)
        return secret

    async def confirm(self, visit: Visit, code: str) -> list[str]:
        """Begin to ask for codes; ends the person's other sessions. The recovery codes, told once.

        Raises ConflictError where nothing was begun, WrongCodeError.
        """
        name, codes = visit.actor.name, totp.new_recovery_codes()
        self.lockout.admit(name, visit.session)

        def work(connection: Connection) -> list[str]:
            factor = rows.find_factor(connection, name)
            if factor is None or factor.confirmed_at is not None:
                raise ConflictError("nothing is being set up", code="factor-not-begun")
            used = used_code(factor, self.open(factor.sealed), code, self.presence.session_now())
            kept = tuple(totp.recovery_hash(one) for one in codes)
            rows.put_factor(connection, replace(used, confirmed_at=self.now(), recovery=kept))
            append_act(connection, Act(self.now(), name, "second-factor.set", name))
            return users.end_sessions(connection, name, but=visit.session)

        await self._try(visit, work)
        return codes

    async def remove(self, visit: Visit, *, password: str, code: str) -> None:
        """Ask for codes no more. Raises ForbiddenError, WrongCodeError, NotFoundError."""
        if visit.actor.role in self.presence.factor_roles:
            raise ForbiddenError("your role asks for a second factor", code="factor-required")
        await self._check_password(visit, password)
        name = visit.actor.name

        def work(connection: Connection) -> list[str]:
            factor = rows.find_factor(connection, name)
            if factor is None or factor.confirmed_at is None:
                raise NotFoundError("second factor", name)
            used_code(factor, self.open(factor.sealed), code, self.presence.session_now())
            rows.remove_factor(connection, name)
            append_act(connection, Act(self.now(), name, "second-factor.remove", name))
            return users.end_sessions(connection, name, but=visit.session)

        await self._try(visit, work)

    async def reset(self, name: str, *, by: Actor) -> None:
        """Take somebody's factor away who has lost it; their sessions end.

        Nobody resets their own: a stolen session could. Raises ForbiddenError, NotFoundError.
        """
        if name == by.name:
            raise ForbiddenError("another administrator has to do this", code="own-factor")

        def work(connection: Connection) -> list[str]:
            return take_factor(connection, name, by=by, now=self.now())

        self.ended.announce(await self.desk.write(work))

    async def _try(self, visit: Visit, work: Callable[[Connection], list[str]]) -> None:
        name = visit.actor.name
        self.lockout.admit_code(name)
        try:
            ended = await self.desk.write(work)
        except WrongCodeError:
            self.lockout.code_failed(name, visit.session)
            raise ForbiddenError("the code is wrong", code="wrong-code") from None
        self.ended.announce(ended)

    async def _check_password(self, visit: Visit, password: str) -> None:
        name = visit.actor.name
        self.lockout.admit(name, visit.session)
        account = await self.desk.read(lambda reader: users.find_account(reader, name))
        stored = None if account is None else account.password_hash
        if not await self.hashing.matches(stored, password):
            self.lockout.failed(name, visit.session)
            raise ForbiddenError("the password is wrong", code="wrong-password")


def take_factor(connection: Connection, name: str, *, by: Actor, now: int) -> list[str]:
    """Somebody's factor goes, on record, and their sessions end; the keys of these.

    Raises ForbiddenError, NotFoundError.
    """
    account = users.find_account(connection, name)
    if account is None:
        raise NotFoundError("user", name)
    authorise_account(by, role=account.role, sites=account.sites)
    if not rows.remove_factor(connection, name):
        raise NotFoundError("second factor", name)
    append_act(connection, Act(now, by.name, "second-factor.reset", name))
    return users.end_sessions(connection, name)


def used_code(factor: Factor, secret: bytes, code: str | None, now: int) -> Factor:
    """The factor after this code, which is then good no more. now: real time, ms.

    Raises CodeNeededError, WrongCodeError.
    """
    if not code:
        raise CodeNeededError("a code is needed besides")
    step = totp.accepted_step(secret, code, now, factor.last_step)
    if step is not None:
        return replace(factor, last_step=step)
    hashed = totp.recovery_hash(code)
    if hashed in factor.recovery:
        return replace(factor, recovery=tuple(one for one in factor.recovery if one != hashed))
    raise WrongCodeError("the code is wrong, or was used already")
