"""Makes the files of exports that are approved, and deletes those that have expired."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.access.audit import Act as Told
from hub.api.desk import Desk
from hub.api.directory import Directory
from hub.api.export_file import MAX_PICTURES_BYTES, TABLE, pack, watermark, write_table
from hub.config.looks import LooksConfig
from hub.errors import UnavailableError
from hub.evidence import EvidenceStore
from hub.store.people.looks import add_looked, role_of
from hub.store.people.trail import add_entry
from hub.store.reads.page import Record
from hub.store.seal import Seal
from hub.store.write.exports import (
    expire,
    exported_rows,
    files_kept,
    find_export,
    next_to_make,
    progressed,
    update_export,
)
from hub.traces.export import DAY_MS, Export, ExportState
from hub.vision.photo import PhotoMaker
from hub.vision.result import Refused

log = structlog.get_logger(__name__)

PERIOD_S: Final = 5.0
_TELL_EVERY: Final = 10


def path_of(folder: Path, name: str) -> Path:
    """Where the file of an export lies, sealed."""
    return folder / f"{name}.sealed"


@dataclass(frozen=True, slots=True)
class ExportMaker:
    """folder: where files lie, sealed. now: hub clock, ms.

    A hub that stops while it makes one makes it anew at its next start, of the same passages.
    """

    desk: Desk
    directory: Directory
    config: LooksConfig
    seal: Seal
    evidence: EvidenceStore
    stamper: PhotoMaker
    folder: Path
    now: Callable[[], int]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Exports are made, and expire, while the context lasts."""
        task = asyncio.create_task(self.run(), name="hub-exports")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def run(self, period_s: float = PERIOD_S) -> None:
        """Make what is approved and delete what has expired, until cancelled."""
        while True:
            try:
                await self.sweep()
                while await self.make_next():
                    pass
            except (DBAPIError, UnavailableError, OSError) as error:
                log.warning("exports.failed", error=type(error).__name__)
            await asyncio.sleep(period_s)

    async def sweep(self) -> int:
        """Delete what has expired: first its record says so, then the file goes; how many files."""
        expired = await self.desk.write(lambda writer: expire(writer, self.now()))
        if expired:
            log.info("exports.expired", count=expired)
        kept = await self.desk.read(files_kept)
        return await asyncio.to_thread(self._delete_others, kept)

    async def make_next(self) -> bool:
        """Make the file of the longest approved export; False when there is none to make.

        One that cannot be made, because a seal in it was tampered with, has failed and says so;
        those behind it do not wait for it.
        """
        export = await self.desk.read(next_to_make)
        if export is None:
            return False
        rows = await self.desk.read(
            lambda reader: exported_rows(reader, export.site, export.query, export.asked_at)
        )
        try:
            content = await self._content(export, rows)
        except (InvalidTag, ValueError):
            log.error("exports.seal_broken", site=export.site, export=export.id)  # noqa: TRY400
            failed = replace(export, state=ExportState.FAILED, note="a seal in it is broken")
            await self.desk.write(lambda writer: update_export(writer, failed))
            return True
        await asyncio.to_thread(self._keep, export, content)
        await self._finish(export, rows, content)
        log.info("exports.made", site=export.site, rows=len(rows), bytes=len(content))
        return True

    async def _content(self, export: Export, rows: Sequence[Record]) -> bytes:
        offset = self.directory.org.roster.utc_offset
        shots = await self._pictures(export, rows, watermark(export, offset))
        names = {row: f"pictures/{row_no:05d}.jpg" for row, (row_no, _) in shots.items()}
        table = await asyncio.to_thread(
            write_table,
            export,
            rows,
            utc_offset=offset,
            opened=lambda sealed: self.seal.open(export.site, sealed).decode(),
            pictures=names,
        )
        files = {TABLE: table, **{names[row]: body for row, (_, body) in shots.items()}}
        at = export.decided_at or export.asked_at
        return await asyncio.to_thread(pack, files, at, offset)

    async def _pictures(
        self, export: Export, rows: Sequence[Record], mark: str
    ) -> dict[int, tuple[int, bytes]]:
        """By passage: its row's number and its picture, the watermark drawn over it."""
        wanted = [(no, row) for no, row in enumerate(rows, 1) if export.pictures and row["picture"]]
        wanted = wanted[: self.config.export_pictures]
        total, weight = len(rows) + len(wanted), 0
        made: dict[int, tuple[int, bytes]] = {}
        for done, (number, row) in enumerate(wanted):
            if done % _TELL_EVERY == 0:
                await self._progress(export, len(rows) + done, total)
            body = await asyncio.to_thread(self._still, export.site, row["picture"])
            shot = None if body is None else await self.stamper.make(body, stamp=mark)
            if shot is None or isinstance(shot, Refused):
                continue
            weight += len(shot.content)
            if weight > MAX_PICTURES_BYTES:
                break
            made[row["id"]] = (number, shot.content)
        await self._progress(export, total, total)
        return made

    async def _progress(self, export: Export, done: int, total: int) -> None:
        await self.desk.write(lambda writer: progressed(writer, export.id, done, total))

    async def _finish(self, export: Export, rows: Sequence[Record], content: bytes) -> None:
        digest, now = hashlib.sha256(content).hexdigest(), self.now()
        subjects = sorted({row["subject"] for row in rows if row["subject"] is not None})
        detail = {
            "purpose": export.purpose,
            "reason": export.reason,
            "case": export.case_id,
            "decider": export.decider,
            "query": dict(export.query),
            "rows": len(rows),
            "people": len(subjects),
            "sha256": digest,
        }
        told = Told(
            now, export.requester, "export.make", export.id, site=export.site, detail=detail
        )

        def write(connection: Connection) -> None:
            kept = find_export(connection, export.site, export.id, lock=True)
            if kept is None or kept.state is not ExportState.MAKING:
                return
            role = role_of(connection, export.requester)
            made = replace(
                kept,
                state=ExportState.READY,
                made_at=now,
                size=len(content),
                sha256=digest,
                until=now + self.config.export_days * DAY_MS,
            )
            update_export(connection, made)
            audit_id = add_entry(connection, replace(told, detail={**detail, "role": role}))
            add_looked(
                connection,
                audit_id=audit_id,
                site=export.site,
                actor=export.requester,
                at=now,
                person=None,
                subjects=subjects,
            )

        await self.desk.write(write)

    def _still(self, site: str, sha256: str) -> bytes | None:
        size = self.evidence.size(site, sha256)
        if size is None:
            return None
        return b"".join(self.evidence.read(site, sha256, 0, size))

    def _keep(self, export: Export, content: bytes) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = self.folder / f"{export.id}.part"
        sealed = self.seal.seal(export.site, content)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path_of(self.folder, export.id))

    def _delete_others(self, kept: set[str]) -> int:
        if not self.folder.is_dir():
            return 0
        gone = [one for one in self.folder.iterdir() if one.stem not in kept]
        for one in gone:
            one.unlink(missing_ok=True)
        return len(gone)
