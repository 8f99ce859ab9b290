"""Other systems that report cases: who they are, and how fast they may ask."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from fastapi import Request
from sqlalchemy import Connection

from hub.access import machines as credentials
from hub.access.audit import Act
from hub.access.authorise import authorise
from hub.access.errors import ForbiddenError, NotLoggedInError, TooManyTriesError
from hub.access.permissions import Permission
from hub.access.roles import ALL_SITES, Actor
from hub.api.desk import Desk
from hub.errors import BadRequestError, NotFoundError
from hub.outbound import Guard, Use
from hub.store.people import machines as rows
from hub.store.people.machines import Machine
from hub.store.people.trail import append_act
from hub.store.reads.callbacks import callbacks_of
from hub.store.reads.page import Record
from hub.store.seal import CALLBACKS

MINUTE_MS: Final = 60_000
DAY_MS: Final = 24 * 60 * MINUTE_MS
YEAR: Final = 365
MAX_OVERLAP_H: Final = 168


@dataclass(frozen=True, slots=True)
class MadeMachine:
    """One after a change, with what was drawn for it: told once."""

    machine: Machine
    credential: str | None
    callback_secret: str | None = None


@dataclass(frozen=True, slots=True)
class Machines:
    """now: hub clock, ms. sites: ids that one may be given. seal: as `hub.store.seal`'s.

    guard: where a callback may go.
    """

    desk: Desk
    sites: frozenset[str]
    now: Callable[[], int]
    seal: Callable[[str, bytes], bytes]
    guard: Guard
    _asked: dict[str, deque[int]] = field(default_factory=dict)

    async def check(self, request: Request, use: credentials.Use) -> Machine:
        """Which machine asks. Raises NotLoggedInError, ForbiddenError, TooManyTriesError.

        use: what for. One whose time is over is told so, once it has shown that it knows the
        secret.
        """
        shown = credentials.parse(request.headers.get("Authorization", ""))
        if shown is None:
            raise NotLoggedInError("show a machine's credential: Authorization: Bearer ghm_...")
        name, secret = shown
        found = await self.desk.read(lambda reader: rows.find_machine(reader, name))
        if found is None or not self._opens(found, secret):
            raise NotLoggedInError("this credential is not known, or has ended")
        if self._over(found):
            problem = f"this credential ended at {found.until} ms; ask for it to be renewed"
            raise NotLoggedInError(problem, code="credential-expired")
        if use not in found.uses:
            raise ForbiddenError("this credential is not good for that", code="out-of-scope")
        self._pace(found)
        return found

    async def all(self, actor: Actor) -> list[Machine]:
        """Those whose sites the actor manages."""
        found = await self.desk.read(rows.all_machines)
        return [one for one in found if _within(actor, one.sites)]

    async def make(
        self,
        name: str,
        sites: frozenset[str],
        per_minute: int,
        *,
        by: Actor,
        uses: frozenset[credentials.Use] = credentials.ALL_USES,
        days: int = YEAR,
    ) -> MadeMachine:
        """A new one, within the maker's own sites, that ends by itself after so many days.

        Raises ForbiddenError, BadRequestError.
        """
        _authorise(by, sites)
        if not sites or sites - self.sites - {ALL_SITES}:
            raise BadRequestError('must name known sites, or be ["*"]', field="sites")
        secret, now = credentials.new_secret(), self.now()
        made = Machine(
            id=credentials.new_id(),
            name=name,
            sites=sites,
            per_minute=per_minute,
            secret_hash=credentials.hash_of(secret),
            created_at=now,
            created_by=by.name,
            changed_at=now,
            uses=uses,
            until=now + days * DAY_MS,
        )
        act = Act(now, by.name, "machine.make", made.id, detail=_described(made))
        await self.desk.write(lambda writer: _put(writer, made, act))
        return MadeMachine(made, credentials.shown(made.id, secret))

    async def rotate(
        self, name: str, overlap_h: float, *, by: Actor, days: int = YEAR
    ) -> MadeMachine:
        """Draw a new secret; the one before opens for `overlap_h` hours yet, if it had not ended.

        The new one is good for so many days from now. Raises NotFoundError, ForbiddenError.
        """
        secret, now = credentials.new_secret(), self.now()

        def work(before: Machine) -> tuple[Machine, str]:
            overlap = round(overlap_h * 3_600_000) if not self._over(before) else 0
            after = replace(
                before,
                secret_hash=credentials.hash_of(secret),
                old_hash=before.secret_hash if overlap else None,
                old_until=now + overlap if overlap else None,
                changed_at=now,
                until=now + days * DAY_MS,
            )
            return after, "machine.rotate"

        after = await self._change(name, work, by)
        return MadeMachine(after, credentials.shown(after.id, secret))

    async def call_back(self, name: str, url: str | None, *, by: Actor) -> MadeMachine:
        """Tell it of its cases at an address, signed with a key drawn anew; None for no more.

        Raises NotFoundError, ForbiddenError, AddressRefusedError.
        """
        if url is not None:
            self.guard.read(url, Use.CALLBACK)
        secret = None if url is None else credentials.new_callback_secret()
        sealed = None if secret is None else self.seal(CALLBACKS, secret.encode())
        now = self.now()

        def work(before: Machine) -> tuple[Machine, str]:
            after = replace(before, callback_url=url, callback_secret=sealed, changed_at=now)
            return after, "machine.callback"

        return MadeMachine(await self._change(name, work, by), None, secret)

    async def told(self, actor: Actor, name: str, limit: int) -> list[Record]:
        """What a machine was told of its cases, the newest first. Raises NotFoundError."""

        def query(reader: Connection) -> list[Record]:
            found = rows.find_machine(reader, name)
            if found is None or not _within(actor, found.sites):
                raise NotFoundError("machine", name)
            return callbacks_of(reader, name, limit)

        return await self.desk.read(query)

    async def end(self, name: str, *, by: Actor) -> MadeMachine:
        """Let it in no more, from now on and for good. Raises NotFoundError, ForbiddenError."""
        now = self.now()

        def work(before: Machine) -> tuple[Machine, str]:
            return replace(before, ended_at=before.ended_at or now, changed_at=now), "machine.end"

        return MadeMachine(await self._change(name, work, by), None)

    async def _change(
        self, name: str, change: Callable[[Machine], tuple[Machine, str]], by: Actor
    ) -> Machine:
        def work(connection: Connection) -> Machine:
            before = rows.find_machine(connection, name)
            if before is None or not _within(by, before.sites):
                raise NotFoundError("machine", name)
            _authorise(by, before.sites)
            after, action = change(before)
            act = Act(after.changed_at, by.name, action, name, detail=_described(after))
            _put(connection, after, act)
            return after

        return await self.desk.write(work)

    def _opens(self, machine: Machine, secret: str) -> bool:
        if machine.ended_at is not None:
            return False
        old = (machine.old_until or 0) > self.now() and credentials.opens(secret, machine.old_hash)
        return credentials.opens(secret, machine.secret_hash) or old

    def _over(self, machine: Machine) -> bool:
        return machine.until is not None and machine.until <= self.now()

    def _pace(self, machine: Machine) -> None:
        """Raises TooManyTriesError for one more than a machine may ask in a minute."""
        now, asked = self.now(), self._asked.setdefault(machine.id, deque())
        while asked and asked[0] <= now - MINUTE_MS:
            asked.popleft()
        if len(asked) >= machine.per_minute:
            raise TooManyTriesError((asked[0] + MINUTE_MS - now) / 1000)
        asked.append(now)


def _within(actor: Actor, sites: frozenset[str]) -> bool:
    return ALL_SITES in actor.sites or (ALL_SITES not in sites and sites <= actor.sites)


def _authorise(actor: Actor, sites: frozenset[str]) -> None:
    authorise(actor, Permission.MACHINE_MANAGE)
    if not _within(actor, sites):
        raise ForbiddenError("this reaches beyond your own sites")


def _put(connection: Connection, one: Machine, act: Act) -> None:
    rows.put_machine(connection, one)
    append_act(connection, act)


def _described(one: Machine) -> dict[str, object]:
    return {
        "name": one.name,
        "sites": sorted(one.sites),
        "per_minute": one.per_minute,
        "callbacks": one.callback_url is not None,
        "uses": sorted(one.uses),
        "until": one.until,
    }
