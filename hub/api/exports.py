"""Exports of access traces: asked for under a look, approved by another person, fetched."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from hub.access.roles import Actor
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.export_making import path_of
from hub.api.looking import Looking
from hub.api.models.export import NewExport
from hub.api.trail import Trail
from hub.config.looks import LooksConfig
from hub.errors import BadRequestError, NotFoundError
from hub.store.people.trail import append_act
from hub.store.seal import Seal
from hub.store.write.exports import (
    add_export,
    exported_count,
    find_export,
    update_export,
)
from hub.traces.export import WAITS_MS, Export, ExportState, check_download, decided, withdrawn


@dataclass(frozen=True, slots=True)
class ExportDesk:
    """folder: where files lie, sealed. now: hub clock, ms."""

    desk: Desk
    directory: Directory
    trail: Trail
    config: LooksConfig
    seal: Seal
    folder: Path
    now: Callable[[], int]

    async def ask(self, site: str, look: Looking, asked: NewExport) -> str:
        """Ask for an export; its id. Raises BadRequestError for one that is too large."""
        now = self.now()
        query = asked.model_dump(include={"device", "subject", "start", "end"})
        if not asked.start < asked.end:
            raise BadRequestError("must lie after start", field="end")
        count = await self.desk.read(lambda reader: exported_count(reader, site, query, now))
        if not 0 < count <= self.config.export_rows:
            most = self.config.export_rows
            raise BadRequestError(
                f"finds {count} passages; 1 to {most} may be exported", field="end"
            )
        export = Export(
            id=secrets.token_hex(16),
            site=site,
            state=ExportState.REQUESTED,
            requester=look.actor.name,
            asked_at=now,
            purpose=look.look.purpose,
            reason=look.look.reason,
            case_id=look.look.case,
            query=query,
            pictures=asked.pictures,
            plain=asked.plain,
            total=count,
            until=now + WAITS_MS,
        )
        await look.shown(
            "export.ask", export.id, person=asked.subject, **asked.model_dump(), rows=count
        )
        await self.desk.write(lambda writer: add_export(writer, export))
        return export.id

    async def step(self, actor: Actor, site: str, name: str, action: str, note: str | None) -> None:
        """Approve, refuse or withdraw a request. Raises NotFoundError, NotAllowedError."""
        if action not in {"approve", "refuse", "withdraw"}:
            raise NotFoundError("action", action)
        if action == "refuse" and not note:
            raise BadRequestError("is needed to refuse", field="note")
        told = self.trail.act(actor, site, f"export.{action}", name, note=note)

        def write(connection: Connection) -> None:
            export = find_export(connection, site, name, lock=True)
            if export is None:
                raise NotFoundError("export", name)
            if action == "withdraw":
                after = withdrawn(export, actor=actor.name, now=self.now())
            else:
                after = decided(
                    export,
                    approve=action == "approve",
                    actor=actor.name,
                    note=note,
                    now=self.now(),
                    days=self.config.export_days,
                )
            update_export(connection, after)
            append_act(connection, told)

        async with self.trail.noting_refusal(told):
            await self.desk.write(write)

    async def fetch(self, actor: Actor, site: str, name: str) -> bytes:
        """The file, on record before it leaves. Raises NotFoundError, NotAllowedError."""
        export = await self.one(site, name)
        told = self.trail.act(actor, site, "export.download", name, sha256=export.sha256)
        async with self.trail.noting_refusal(told):
            check_download(export, actor=actor.name, now=self.now())
            try:
                sealed = await asyncio.to_thread(path_of(self.folder, name).read_bytes)
            except FileNotFoundError:
                raise NotFoundError("file of export", name) from None
        await self.trail.looked(told)
        return await asyncio.to_thread(self.seal.open, site, sealed)

    async def one(self, site: str, name: str) -> Export:
        """The export with this id. Raises NotFoundError."""
        found = await self.desk.read(lambda reader: find_export(reader, site, name))
        if found is None:
            raise NotFoundError("export", name)
        return found
