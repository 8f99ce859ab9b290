"""The door before access traces: a purpose, and a line on the record before the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request

from hub.access.roles import Actor
from hub.api.present.passage import mark
from hub.api.trail import Trail


@dataclass(frozen=True, slots=True)
class Looking:
    """A look with its purpose: its route says what it shows, before it answers."""

    purpose: str
    actor: Actor
    site: str
    trail: Trail

    async def shown(
        self,
        action: str,
        thing: str,
        *,
        subjects: Iterable[str | None] = (),
        person: str | None = None,
        **detail: Any,
    ) -> None:
        """Put on record what is about to be answered.

        subjects: hashes of all who are shown. person: of the one who was asked for. detail: what
        was asked, JSON values; no plate, no card's number.
        """
        told = {"purpose": self.purpose, **detail, "people": len({*subjects} - {None})}
        if person is not None:
            told["person"] = mark(person)
        await self.trail.looked(self.trail.act(self.actor, self.site, action, thing, **told))


async def look_of(
    request: Request,
    purpose: Annotated[str, Query(max_length=64, description="id of a purpose")],
) -> Looking:
    """The look that this request is. Raises BadRequestError for a purpose that is not listed."""
    trail: Trail = request.app.state.services.trail
    trail.check(purpose)
    return Looking(purpose, request.state.visit.actor, request.path_params["site"], trail)


IsLook = Annotated[Looking, Depends(look_of)]
