"""Puts on record what people look at and do, before it is answered or done."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from hub.access.audit import Act
from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.errors import HubError
from hub.store.people.trail import append_act


@dataclass(frozen=True, slots=True)
class Trail:
    """The audit trail as the API writes it; looks at access traces: see `hub.api.looking`."""

    desk: Desk
    now: Callable[[], int]

    async def read(self, actor: Actor, site: str, action: str) -> None:
        """A look at something else that not everybody may see."""
        await self._append(self.act(actor, site, action, site))

    def act(self, actor: Actor, site: str, action: str, thing: str, **detail: Any) -> Act:
        """An act that is about to be tried."""
        if actor.token is not None:
            detail["token"] = actor.token
        return Act(self.now(), actor.name, action[:64], thing, site=site, detail=detail)

    async def looked(self, act: Act) -> None:
        """A look is on record before it is answered."""
        await self._append(act)

    async def begun(self, act: Act) -> None:
        """Something that no transaction covers is put on record before it is tried."""
        await self._append(replace(act, outcome="begun"))

    @asynccontextmanager
    async def noting_refusal(self, act: Act) -> AsyncIterator[None]:
        """When the body is refused, that is put on record."""
        try:
            yield
        except HubError as error:
            await self._append(replace(act, at=self.now(), outcome=error.code[:32]))
            raise

    async def _append(self, act: Act) -> None:
        await self.desk.write(lambda writer: append_act(writer, act))
