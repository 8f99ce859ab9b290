"""Erasure on request: asked for by one, signed by another, told in a report."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.models.keeping import NewErasure
from hub.api.trail import Trail
from hub.errors import ConflictError, NotAllowedError
from hub.evidence import EvidenceStore
from hub.store.keeping import erasing, requests
from hub.store.keeping.erased import Erased, note_erased
from hub.store.people.trail import append_act
from hub.store.reads.page import Record
from hub.store.seal import Seal
from wire import Text

_ONESELF: Final = Text(zh="申请人不能自己签批", en="whoever asked for it cannot sign it")

_NOT_YOURS: Final = Text(zh="只有申请人可以撤回", en="only whoever asked for it may take it back")


@dataclass(frozen=True, slots=True)
class Erasing:
    """listed: the folder with the list of who was erased. now: hub clock, ms."""

    desk: Desk
    trail: Trail
    store: EvidenceStore
    seal: Seal
    listed: Path
    now: Callable[[], int]

    async def ask(self, site: str, wish: NewErasure, by: Actor) -> str:
        """Ask for it. Raises NotFoundError, ConflictError."""
        name, now = secrets.token_hex(16), self.now()
        act = self.trail.act(by, site, "erasure.ask", wish.target, kind=wish.kind, erasure=name)
        values = {
            "id": name,
            "site": site,
            "kind": wish.kind,
            "target": wish.target,
            "reason": wish.reason,
            "asked_by": by.name,
        }

        def work(connection: Connection) -> str:
            erasing.whose(connection, site, wish.kind, wish.target)
            requests.ask(connection, values, now)
            append_act(connection, act)
            return name

        return await self.desk.write(work)

    async def refuse(self, site: str, name: str, reason: str, by: Actor) -> None:
        """Close a request and erase nothing. Raises NotFoundError, ConflictError."""
        report = {"erased": {}, "kept": {}, "refused": reason}
        await self._close(site, name, requests.REFUSED, report, by)

    async def withdraw(self, site: str, name: str, by: Actor) -> None:
        """Whoever asked takes it back. Raises NotFoundError, ConflictError, NotAllowedError."""
        request = await self.desk.read(lambda reader: requests.one_erasure(reader, site, name))
        if request["asked_by"] != by.name:
            raise NotAllowedError(_NOT_YOURS)
        await self._close(site, name, requests.WITHDRAWN, {"erased": {}, "kept": {}}, by)

    async def sign(self, site: str, name: str, by: Actor) -> None:
        """Erase it. When it is broken off, signing again goes on.

        Raises NotFoundError, ConflictError, and NotAllowedError for whoever asked for it.
        """
        request = await self.desk.read(lambda reader: requests.one_erasure(reader, site, name))
        if request["asked_by"] == by.name:
            raise NotAllowedError(_ONESELF)
        if request["state"] != requests.ASKED:
            raise ConflictError("somebody has decided it already", code="erasure-decided")
        one, found = await self.found(site, request)
        told = self.trail.act(by, site, "erasure.sign", request["target"], erasure=name)
        await self.trail.begun(told)
        kind, target, now = request["kind"], request["target"], self.now()
        listed = Erased(now, site, name, kind, target)
        await asyncio.to_thread(note_erased, self.listed, listed)
        for step in erasing.steps(one, found, now):
            for sha256 in await self.desk.write(step):
                await asyncio.to_thread(self.store.remove, site, sha256)
        report = {"erased": found.erased, "kept": found.kept}
        await self._close(site, name, requests.DONE, report, by, gone=(one, found))

    async def found(self, site: str, request: Record) -> tuple[erasing.Whose, erasing.Found]:
        """What there is to erase. Raises NotFoundError once it is off the register."""

        def query(reader: Connection) -> tuple[erasing.Whose, erasing.Found]:
            one = erasing.whose(reader, site, request["kind"], request["target"])
            return one, erasing.find(reader, one, self.seal)

        return await self.desk.read(query)

    async def _close(
        self,
        site: str,
        name: str,
        state: str,
        report: Mapping[str, Any],
        by: Actor,
        *,
        gone: tuple[erasing.Whose, erasing.Found] | None = None,
    ) -> None:
        now = self.now()
        act = self.trail.act(by, site, f"erasure.{state}", name, report=report)

        def work(connection: Connection) -> None:
            requests.one_erasure(connection, site, name)
            requests.decide(connection, name, state=state, by=by.name, report=report, now=now)
            if gone is not None:
                erasing.remove_entries(connection, *gone)
            append_act(connection, act)

        await self.desk.write(work)
