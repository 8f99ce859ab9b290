"""Opening many doors with one order: beyond a few, a second person has to agree."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from hub.access.authorise import Thing, authorise
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.models.opening import OpeningRequest
from hub.api.trail import Trail
from hub.commands.opening import OpeningLimits, is_fire
from hub.commands.order import Order
from hub.config import Role
from hub.errors import BadRequestError, HubError, NotAllowedError, NotFoundError
from hub.store.write.commands import OPENING
from wire import Text

WAITING_MS: Final = 5 * 60_000
"""An order that nobody agreed to by then is void: what it was for is over."""

MOST_WAITING: Final = 100

State = Literal["waiting", "sent", "refused", "void"]


@dataclass(frozen=True, slots=True)
class Opening:
    """An order to open doors. commands: by device, what was sent. failed: by device, why not."""

    id: str
    site: str
    devices: tuple[str, ...]
    action: str
    lease_s: float
    reason: str
    asked_by: str
    asked_at: int
    until: int
    state: State = "waiting"
    decided_by: str | None = None
    commands: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Openings:
    """Those that wait are in memory alone: a restart voids them. Each step is on record.

    send: signs and sends an order, and returns the command's id.
    """

    desk: Desk
    directory: Directory
    trail: Trail
    send: Callable[[Order], Awaitable[str]]
    limits: OpeningLimits
    now: Callable[[], int]
    _known: dict[str, Opening] = field(default_factory=dict)

    async def ask(self, actor: Actor, site: str, asked: OpeningRequest) -> Opening:
        """Open doors, at once where they are few or there is a fire; else it waits.

        Raises NotFoundError, ForbiddenError, BadRequestError, NotAllowedError.
        """
        devices = self._doors(actor, site, asked)
        now = self.now()
        opening = Opening(
            id=secrets.token_hex(8),
            site=site,
            devices=devices,
            action=asked.action,
            lease_s=asked.lease_s,
            reason=asked.reason,
            asked_by=actor.name,
            asked_at=now,
            until=now + WAITING_MS,
        )
        detail = {"devices": list(devices), "order": asked.action, "reason": asked.reason}
        told = self.trail.act(actor, site, "opening.ask", opening.id, **detail)
        await self.trail.begun(told)
        few = len(devices) <= self.limits.at_once
        if few or await self.desk.read(lambda reader: is_fire(reader, site)):
            return await self._out(opening, approved_by=None)
        self._forget(now)
        if len(self._known) >= MOST_WAITING:
            raise NotAllowedError(Text(zh="等待批准的开门指令太多", en="too many orders wait"))
        self._known[opening.id] = opening
        return opening

    async def decide(
        self, actor: Actor, site: str, name: str, *, agreed: bool, note: str | None
    ) -> Opening:
        """A second person agrees, or does not and says why.

        Raises NotFoundError, NotAllowedError, BadRequestError.
        """
        opening = self._waiting(site, name)
        self._authorise(actor, site, opening.devices, opening.action, Role.SUPERVISOR)
        if not (agreed or note):
            raise BadRequestError("is needed to refuse", field="note")
        word = "approve" if agreed else "refuse"
        detail = {"asked_by": opening.asked_by, "note": note}
        told = self.trail.act(actor, site, f"opening.{word}", name, **detail)
        async with self.trail.noting_refusal(told):
            if agreed and actor.name == opening.asked_by:
                raise NotAllowedError(
                    Text(zh="必须由另一个人批准", en="another person has to agree")
                )
        await self.trail.begun(told)
        # taken out before anything is sent: two who agree at once open nothing twice
        if self._known.pop(name, None) is None:
            raise NotFoundError("opening", name)
        if not agreed:
            return replace(opening, state="refused", decided_by=actor.name)
        return await self._out(opening, approved_by=actor.name)

    async def withdraw(self, actor: Actor, site: str, name: str) -> Opening:
        """Whoever asked takes it back. Raises NotFoundError, NotAllowedError."""
        opening = self._waiting(site, name)
        told = self.trail.act(actor, site, "opening.withdraw", name)
        async with self.trail.noting_refusal(told):
            if actor.name != opening.asked_by:
                raise NotAllowedError(
                    Text(zh="只有申请人可以撤回", en="only whoever asked may take it back")
                )
        await self.trail.begun(told)
        if self._known.pop(name, None) is None:
            raise NotFoundError("opening", name)
        return replace(opening, state="void", decided_by=actor.name)

    def _waiting(self, site: str, name: str) -> Opening:
        self._forget(self.now())
        opening = self._known.get(name)
        if opening is None or opening.site != site:
            raise NotFoundError("opening", name)
        return opening

    def waiting(self, site: str) -> list[Opening]:
        """Those of a site that wait for a second person, oldest first."""
        self._forget(self.now())
        return [one for one in self._known.values() if one.site == site]

    async def _out(self, opening: Opening, *, approved_by: str | None) -> Opening:
        commands: dict[str, str] = {}
        failed: dict[str, str] = {}
        for device in opening.devices:
            order = Order(
                site=opening.site,
                device=device,
                action=opening.action,
                operator=opening.asked_by,
                reason=opening.reason,
                lease_s=opening.lease_s,
                approved_by=approved_by,
            )
            try:
                commands[device] = await self.send(order)
            except HubError as error:
                failed[device] = error.code
        return replace(
            opening, state="sent", decided_by=approved_by, commands=commands, failed=failed
        )

    def _doors(self, actor: Actor, site: str, asked: OpeningRequest) -> tuple[str, ...]:
        if asked.action not in OPENING:
            raise BadRequestError("opens nothing", field="action")
        facts = self.directory.devices[site]
        able = {
            name: next((one for one in known.kind.actions if one.id == asked.action), None)
            for name, known in facts.items()
        }
        names = asked.devices or tuple(name for name, spec in able.items() if spec is not None)
        for name in names:
            spec = able.get(name)
            if spec is None:
                raise NotFoundError("door", name)
            wanted = asked.lease_s if spec.max_lease_s else 0.0
            if (spec.max_lease_s and not 0 < wanted <= spec.max_lease_s) or (
                not spec.max_lease_s and asked.lease_s
            ):
                raise BadRequestError("is not what this action takes", field="lease_s")
        found = tuple(dict.fromkeys(names))
        if not found:
            raise NotFoundError("door", "any")
        self._authorise(actor, site, found, asked.action, Role.GUARD)
        return found

    def _authorise(
        self, actor: Actor, site: str, devices: tuple[str, ...], action: str, least: Role
    ) -> None:
        """For each of the doors, as one order for it would be. Raises ForbiddenError."""
        authorise(actor, Permission.DEVICE_COMMAND, Thing(site, least))
        for device in devices:
            facts = self.directory.devices[site][device]
            spec = next(one for one in facts.kind.actions if one.id == action)
            authorise(actor, Permission.DEVICE_COMMAND, facts.thing(site, Role(spec.role), spec.id))

    def _forget(self, now: int) -> None:
        for name in [name for name, one in self._known.items() if one.until <= now]:
            del self._known[name]
