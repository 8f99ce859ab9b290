"""The door before access traces: a look is declared once, and each answer under it is on record.

For a route that answers with traces, take `IsLook` and say what is shown before returning it:

    @router.get("/traces/…", openapi_extra=needs(Permission.PASSAGE_LOOK))
    async def where_was(site: SiteId, services: UsesServices, look: IsLook, …) -> …:
        found = await services.read(…)
        await look.shown("trace.where", device or site, subjects=…, person=…, start=start, end=end)
        return found

`IsLook` is the query parameter `look`: the id of a look that the same person has declared in the
same site (POST /api/sites/{site}/looks, with purpose, reason and case) and that has not ended. When
there is none the answer is 422 `look-needed`, and nothing is read.
"""

import secrets
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request
from sqlalchemy import Connection

from hub.access.audit import Act as Told
from hub.access.looking import MARK_DIGITS, MARKS_TOLD, Look, Tally, day_begin
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.trail import Trail
from hub.config.looks import LooksConfig
from hub.errors import BadRequestError
from hub.pipeline.acts import Act, NoteLook
from hub.store.people.looks import add_look, case_called, find_look, tally
from hub.store.people.trail import append_act

MINUTE_MS: Final = 60_000
REPORT: Final = "look.report"
"""The action of telling somebody who looked at them."""


class LookNeededError(BadRequestError):
    """No look is declared, or it has ended."""

    code = "look-needed"


@dataclass(frozen=True, slots=True)
class Looking:
    """A look in use: its route says what it shows.

    report: it is for telling somebody who looked at them, and for nothing else.
    """

    look: Look
    actor: Actor
    report: bool
    _note: Callable[["Looking", Told, tuple[str, ...], str | None], Awaitable[None]]
    _now: Callable[[], int]

    async def shown(
        self,
        action: str,
        thing: str,
        *,
        subjects: Iterable[str | None] = (),
        person: str | None = None,
        **detail: Any,
    ) -> None:
        """Put on record, and count, what is about to be answered; call it before answering.

        action: for the trail, such as `passage.look`. thing: what was looked at: a device, a site,
        a passage. subjects: the hashes of all whose traces are shown; they can ask who saw them.
        person: hash or mark of the one person that was asked for; None for a look at whoever
        passed. detail: what was asked for, JSON values; no plate, no card number, no name.
        Raises LookNeededError for a look of another sort, and OverQuotaError when the person has
        looked at enough today; then answer nothing.
        """
        look = self.look
        if self.report is not (action == REPORT):
            raise LookNeededError("was declared for something else", field="look")
        seen = tuple(dict.fromkeys(one for one in subjects if one is not None))
        told = {
            "look": look.id,
            "purpose": look.purpose,
            "reason": look.reason,
            "case": look.case,
            "role": look.role,
            **detail,
            "people": len(seen),
            "subjects": [one[:MARK_DIGITS] for one in seen[:MARKS_TOLD]],
        }
        if person is not None:
            told["person"] = person[:MARK_DIGITS]
        if self.actor.token is not None:
            told["token"] = self.actor.token
        act = Told(self._now(), look.actor, action, thing, site=look.site, detail=told)
        await self._note(self, act, seen, person)


@dataclass(frozen=True, slots=True)
class LookDesk:
    """now: hub clock, ms. act: does it, and `also`, in one transaction."""

    desk: Desk
    directory: Directory
    trail: Trail
    config: LooksConfig
    act: Callable[[Act, Callable[[Connection], None]], Awaitable[str]]
    now: Callable[[], int]

    async def declare(
        self, actor: Actor, site: str, *, purpose: str, reason: str, case: str | None
    ) -> Look:
        """Declare what is going to be looked for. Raises BadRequestError; on record."""
        known = self.directory.purposes.get(purpose)
        if known is None:
            raise BadRequestError("is not one of the listed purposes", field="purpose")
        reason = " ".join(reason.split())
        if known.needs_reason and not reason:
            raise BadRequestError("is needed for this purpose", field="reason")
        if known.needs_case and not case:
            raise BadRequestError("is needed for this purpose", field="case")
        named = await self.case(site, case) if case else None
        now = self.now()
        look = Look(
            id=secrets.token_hex(16),
            site=site,
            actor=actor.name,
            role=actor.role.value,
            purpose=purpose,
            reason=reason,
            case=named,
            at=now,
            until=now + self.config.lasts_min * MINUTE_MS,
        )
        detail = {"purpose": purpose, "reason": reason, "case": named, "role": look.role}
        told = self.trail.act(actor, site, "look.declare", look.id, **detail)

        def write(connection: Connection) -> None:
            append_act(connection, told)
            add_look(connection, look)

        await self.desk.write(write)
        return look

    async def tally(self, actor: Actor) -> Tally:
        """What a person has looked at today."""
        return await self.desk.read(lambda reader: tally(reader, actor.name, self._day()))

    async def resume(self, actor: Actor, site: str, name: str) -> Looking:
        """Go on under a declared look. Raises LookNeededError."""
        look = await self.desk.read(lambda reader: find_look(reader, site, name))
        if look is None or look.actor != actor.name:
            raise LookNeededError("say first what you are looking for", field="look")
        if self.now() >= look.until:
            raise LookNeededError("this look is over; declare it anew", field="look")
        purpose = self.directory.purposes.get(look.purpose)
        report = purpose is not None and purpose.report
        return Looking(look, actor, report, self._note, self.now)

    async def _note(
        self, looking: Looking, told: Told, subjects: tuple[str, ...], person: str | None
    ) -> None:
        act = NoteLook(
            look=looking.look,
            told=told,
            subjects=subjects,
            person=person,
            quota=self.config.quota_of(looking.actor.role),
            day=self._day(),
        )
        async with self.trail.noting_refusal(told):
            await self.act(act, lambda _: None)

    async def case(self, site: str, name: str) -> str:
        """The id of the case with this id or number. Raises BadRequestError."""
        found = await self.desk.read(lambda reader: case_called(reader, site, name.strip()))
        if found is None:
            raise BadRequestError("is no case of this site", field="case")
        return found

    def _day(self) -> int:
        return day_begin(self.now(), self.directory.org.roster.utc_offset)


Name = Annotated[
    str, Query(pattern="^[0-9a-f]{32}$", description="id of a look that was declared before")
]


async def look_of(request: Request, look: Name) -> Looking:
    """The declared look that this request names."""
    desk: LookDesk = request.app.state.services.looking
    actor: Actor = request.state.visit.actor
    return await desk.resume(actor, request.path_params["site"], look)


async def look_if_any(request: Request, look: Name | None = None) -> Looking | None:
    """The declared look that this request names; None where it names none."""
    return None if look is None else await look_of(request, look)


IsLook = Annotated[Looking, Depends(look_of)]
MaybeLook = Annotated[Looking | None, Depends(look_if_any)]
