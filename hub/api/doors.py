"""What people do to alerts, cases and devices: authorised by the thing, on record, then done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.access.audit import Act as Told
from hub.access.authorise import Thing, authorise, no_such_site
from hub.access.errors import ForbiddenError
from hub.access.permissions import Permission
from hub.access.roles import Actor
from hub.alerts import HoldEvent
from hub.api.directory import Directory
from hub.api.models.alarms import ServiceRequest
from hub.api.models.alert import AlertActionRequest
from hub.api.models.case import CaseActionRequest, NewCase
from hub.api.models.command import CommandRequest
from hub.api.models.modes import ModeActionRequest, ModeRequest
from hub.api.models.patrols import NewRound, VisitRequest
from hub.api.models.report import NewReport
from hub.api.places import place_of
from hub.api.trail import Trail
from hub.cases import ACTIONS, CaseSource
from hub.commands.order import Order
from hub.config import Role
from hub.errors import BadRequestError, NotFoundError
from hub.pipeline.acts import (
    Act,
    AlertAct,
    AskService,
    CaseAct,
    HoldAct,
    ModeAct,
    OpenCase,
    ReportCase,
    Say,
    StartRound,
    SwitchMode,
    VisitPoint,
)
from hub.store.people.machines import Machine
from hub.store.people.trail import append_act
from hub.store.write.reports import ReportKey
from wire import Text

TITLE: Final = 60
"""Letters of a report that become the title of its case."""


@dataclass(frozen=True, slots=True)
class Doors:
    """The API's ways into the pipeline.

    act: does it, and `also`, in one transaction; returns the id of what it was done to.
    send: signs and sends an order, and returns the command's id.
    """

    directory: Directory
    trail: Trail
    act: Callable[[Act, Callable[[Connection], None]], Awaitable[str]]
    send: Callable[[Order], Awaitable[str]]

    async def act_on_alert(
        self, actor: Actor, site: str, alert: str, action: str, asked: AlertActionRequest
    ) -> None:
        """One step on an alert."""
        act = AlertAct(
            site=site,
            alert=alert,
            action=action,
            actor=actor.name,
            version=asked.version,
            note=asked.note,
            category=asked.category,
            until=asked.until,
            role=actor.role,
        )
        await self._do(act, self.trail.act(actor, site, f"alert.{action}", alert))

    async def ask_service(self, actor: Actor, site: str, asked: ServiceRequest) -> str:
        """Ask that an alarm be taken out of service; returns the request's id."""
        act = AskService(site=site, actor=actor.name, role=actor.role, **asked.model_dump())
        thing = f"{asked.device}/{asked.condition}"
        told = self.trail.act(actor, site, "hold.ask", thing, permit=asked.permit)
        return await self._do(act, told)

    async def act_on_hold(
        self, actor: Actor, site: str, hold: str, event: HoldEvent, note: str | None
    ) -> None:
        """One step on a shelf or a time out of service."""
        if event is HoldEvent.REFUSE and not note:
            raise BadRequestError("is needed to refuse", field="note")
        act = HoldAct(site, hold, event, actor.name, actor.role, note)
        await self._do(act, self.trail.act(actor, site, f"hold.{event.value}", hold, note=note))

    async def open_case(
        self, actor: Actor, site: str, asked: NewCase, key: ReportKey | None = None
    ) -> str:
        """Open a case by hand; returns its id, the same for the same key.

        Raises ForbiddenError, NotFoundError, BadRequestError.
        """
        if actor.department is not None:
            raise ForbiddenError("the estate's own people open cases", code="not-your-department")
        if asked.device is not None and asked.device not in self.directory.devices[site]:
            raise NotFoundError("device", asked.device)
        act = OpenCase(
            site=site,
            category=asked.category,
            title=Text.plain(asked.title),
            actor=actor.name,
            device=asked.device,
            place=place_of(self.directory.sites[site], asked),
            note=asked.note,
            photos=asked.photos,
            building=asked.building,
            floor=asked.floor,
            key=key,
        )
        return await self._do(act, self.trail.act(actor, site, "case.open", asked.category))

    async def report_case(
        self, machine: Machine, asked: NewReport, key: str, body_hash: str
    ) -> str:
        """A case that another system reports; returns its id, the same for the same key."""
        if not machine.sees(asked.site) or not self.directory.knows(asked.site):
            raise no_such_site(asked.site)
        opened = OpenCase(
            site=asked.site,
            category=asked.category,
            title=Text.plain(asked.what.strip().split("\n")[0][:TITLE] or asked.category),
            actor=machine.actor,
            place=None if asked.place is None else Text.plain(asked.place),
            note=asked.what,
            source=CaseSource.PLATFORM,
        )
        reported = ReportKey(machine.id, key, body_hash)
        act = ReportCase(opened, reported, asked.reference, person=asked.person)
        told = Told(self.trail.now(), machine.actor, "case.report", asked.category, site=asked.site)
        return await self._do(act, told)

    async def ask_reporter(self, actor: Actor, site: str, case: str, text: str) -> None:
        """Ask whoever reported a case."""
        act = Say(site, case, actor.name, text, mine=actor.department)
        await self._do(act, self.trail.act(actor, site, "case.ask", case))

    async def act_on_case(
        self,
        actor: Actor,
        site: str,
        case: str,
        action: str,
        asked: CaseActionRequest,
        key: ReportKey | None = None,
    ) -> None:
        """One step on a case; the flow says which role it takes. key: it is taken once for it."""
        spec = ACTIONS.get(action)
        if spec is None:
            raise NotFoundError("action", action)
        authorise(actor, Permission.CASE_ACT, Thing(site, spec.role))
        given = asked.model_dump()
        act = CaseAct(
            site=site,
            case=case,
            action=action,
            actor=actor.name,
            role=actor.role,
            other=given.pop("case"),
            mine=actor.department,
            key=key,
            **given,
        )
        told = {} if key is None else {"request": key.key}
        await self._do(act, self.trail.act(actor, site, f"case.{action}", case, **told))

    async def start_round(self, actor: Actor, site: str, asked: NewRound) -> str:
        """Begin a round besides its plan; returns its id."""
        act = StartRound(site, asked.plan, actor.name)
        return await self._do(act, self.trail.act(actor, site, "round.start", asked.plan))

    async def visit_point(
        self, actor: Actor, site: str, one: str, point: str, asked: VisitRequest
    ) -> None:
        """Say what was found at a point of a round."""
        act = VisitPoint(site, one, point, actor=actor.name, **asked.model_dump())
        told = self.trail.act(actor, site, "round.visit", one, point=point, result=asked.result)
        await self._do(act, told)

    async def switch_mode(self, actor: Actor, site: str, asked: ModeRequest) -> str:
        """Switch a site or a building to a mode; returns the id of this time."""
        act = SwitchMode(site=site, actor=actor.name, role=actor.role, **asked.model_dump())
        detail = {"mode": asked.mode, "reason": asked.reason, "until": asked.until}
        return await self._do(act, self.trail.act(actor, site, "mode.begin", asked.area, **detail))

    async def act_on_mode(
        self, actor: Actor, site: str, switch: str, action: str, asked: ModeActionRequest
    ) -> None:
        """One step on a mode in force."""
        act = ModeAct(
            site=site,
            switch=switch,
            action=action,
            actor=actor.name,
            role=actor.role,
            **asked.model_dump(),
        )
        detail = {"reason": asked.reason, "until": asked.until}
        await self._do(act, self.trail.act(actor, site, f"mode.{action}", switch, **detail))

    async def send_command(
        self, actor: Actor, site: str, device: str, asked: CommandRequest
    ) -> str:
        """Order a device to do something; returns the command's id."""
        facts = self.directory.devices[site].get(device)
        if facts is None:
            raise NotFoundError("device", device)
        spec = next((one for one in facts.kind.actions if one.id == asked.action), None)
        if spec is None or spec.by_hub:
            raise NotFoundError("action", asked.action)
        authorise(actor, Permission.DEVICE_COMMAND, facts.thing(site, Role(spec.role), spec.id))
        if asked.lease_s > spec.max_lease_s or (spec.max_lease_s > 0 and asked.lease_s <= 0):
            raise BadRequestError(f"must be above 0, at most {spec.max_lease_s:g}", field="lease_s")
        order = Order(
            site=site,
            device=device,
            action=asked.action,
            operator=actor.name,
            reason=asked.reason,
            lease_s=asked.lease_s,
            case=asked.case,
            renews=asked.renews,
        )
        detail = {"reason": asked.reason, "lease_s": asked.lease_s, "case": asked.case}
        told = self.trail.act(actor, site, f"command.{asked.action}", device, **detail)
        await self.trail.begun(told)
        async with self.trail.noting_refusal(told):
            return await self.send(order)

    async def _do(self, act: Act, told: Told) -> str:
        """Do it and put it on record in one transaction; or put its refusal on record."""
        async with self.trail.noting_refusal(told):
            return await self.act(act, lambda connection: append_act(connection, told))
