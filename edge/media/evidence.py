"""Evidence on its way: stored on the agent's disk, announced to the hub, uploaded by and by."""

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import structlog

from edge.errors import OutboxError
from edge.media.pictures import PictureStore
from edge.outbox import Outbox
from wire import Clock, ContentType, Lane
from wire.media import EvidenceClass, EvidenceNote, encode_notes

log = structlog.get_logger()

MAX_BYTES: Final = 128 * 1024 * 1024
"""The most one piece may weigh: half a minute of 4K at 30 Mbit/s."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What a piece of evidence is; see `wire.media.EvidenceNote`. id: None draws one."""

    device: str
    kind: EvidenceClass
    content_type: Literal["video/mp4", "image/jpeg"]
    from_at: int
    to_at: int
    id: str | None = None
    of: str | None = None


class EvidenceDesk:
    """Takes pieces in. scratch: a folder for files that are still being made; emptied here."""

    def __init__(self, store: PictureStore, outbox: Outbox, clock: Clock, scratch: Path) -> None:
        self._store = store
        self._outbox = outbox
        self._clock = clock
        self._scratch = scratch
        for left in scratch.glob("*"):
            left.unlink(missing_ok=True)

    def scratch_file(self) -> Path:
        """A path that nobody else uses."""
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._scratch / secrets.token_hex(8)

    async def bring(self, content: bytes, piece: Piece) -> str | None:
        """Store a piece and announce it; its SHA-256, None when the disk does not take it."""
        try:
            sha256 = await asyncio.to_thread(self._store.put, content)
        except OSError as error:
            log.warning("evidence.not_stored", device=piece.device, error=error.strerror)
            await self.fail(piece, "the agent's disk does not take it")
            return None
        note = self._note(piece).model_copy(
            update={
                "sha256": sha256,
                "size": len(content),
                "content_type": piece.content_type,
            }
        )
        await self._say(note)
        return sha256

    async def bring_file(self, path: Path, piece: Piece) -> str | None:
        """As `bring`, from a file, which is gone afterwards."""
        try:
            content = await asyncio.to_thread(_read, path)
        except OSError as error:
            await self.fail(piece, error.strerror or "cannot be read")
            return None
        return await self.bring(content, piece)

    async def fail(self, piece: Piece, why: str) -> None:
        """Tell the hub that a piece it waits for will not come."""
        await self._say(self._note(piece).model_copy(update={"failed": why[:200]}))

    def _note(self, piece: Piece) -> EvidenceNote:
        return EvidenceNote(
            id=piece.id or secrets.token_hex(16),
            device=piece.device,
            kind=piece.kind,
            of=piece.of,
            at=self._clock.now(),
            from_at=piece.from_at,
            to_at=piece.to_at,
        )

    async def _say(self, note: EvidenceNote) -> None:
        try:
            await self._outbox.append(
                Lane.EVENT, ContentType.EVIDENCE, encode_notes([note]), count=1
            )
        except OutboxError as error:
            log.warning("evidence.not_announced", device=note.device, error=str(error))
            await self._outbox.count_drop(Lane.EVENT, 1)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise OSError(0, f"over {MAX_BYTES // 1024 // 1024} MiB")
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
