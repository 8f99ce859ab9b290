"""Takes evidence in from agents, chunk by chunk."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

import structlog

from hub.api.couriers import Courier
from hub.api.desk import Desk
from hub.errors import BadRequestError, NotFoundError, UnavailableError
from hub.evidence.port import EvidenceStore, OffsetError
from hub.store.reads.evidence import awaited
from hub.store.write.evidence import stored

log = structlog.get_logger(__name__)

MAX_PIECE_BYTES: Final = 128 * 1024 * 1024
MAX_UNSAID_BYTES: Final = 4 * 1024 * 1024
"""The most a piece may weigh whose size its announcement does not say: a device's own picture."""

_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


class TooLargeError(BadRequestError):
    """The piece is larger than was announced, or than any may be."""

    code = "piece-too-large"


class MediaDesk:
    """now: hub clock, ms."""

    def __init__(self, desk: Desk, store: EvidenceStore, now: Callable[[], int]) -> None:
        self.store = store
        self._desk = desk
        self._now = now
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def offset(self, courier: Courier) -> int:
        """How much of the piece is here. Raises NotFoundError when nobody has announced it."""
        await self._known(courier)
        have = await asyncio.to_thread(self.store.offset, courier.site, courier.sha256)
        if have == courier.size:
            await self._finish(courier)
        return have

    async def take(self, courier: Courier, content_range: str, chunk: bytes) -> int:
        """Add a chunk; how much there is now.

        Raises NotFoundError, BadRequestError, OffsetError, WrongHashError, UnavailableError.
        """
        start = _start(content_range, courier.size, len(chunk))
        await self._known(courier)
        key = (courier.site, courier.sha256)
        try:
            async with self._locks[key]:
                have = await asyncio.to_thread(self.store.append, *key, start, chunk)
                if have == courier.size:
                    await self._finish(courier)
        except OSError as error:
            log.error("media.not_stored", error=error.strerror)  # noqa: TRY400
            raise UnavailableError("the disk does not take it; try again later") from None
        if have == courier.size:
            self._locks.pop(key, None)
        return have

    async def _known(self, courier: Courier) -> None:
        found = await self._desk.read(
            lambda reader: awaited(
                reader, site=courier.site, agent=courier.agent, sha256=courier.sha256
            )
        )
        if found is None:
            raise NotFoundError("announcement", courier.sha256)
        limit = MAX_UNSAID_BYTES if found.size is None else min(found.size, MAX_PIECE_BYTES)
        if courier.size > limit or (found.size is not None and courier.size != found.size):
            raise TooLargeError("this is not the size that was announced")

    async def _finish(self, courier: Courier) -> None:
        """Check, keep, and write down that it is here; again if the hub died in between."""
        site, sha256 = courier.site, courier.sha256
        size = await asyncio.to_thread(self.store.complete, site, sha256)
        now = self._now()
        await self._desk.write(
            lambda writer: stored(writer, site=site, sha256=sha256, size=size, now=now)
        )


def _start(content_range: str, size: int, length: int) -> int:
    parts = _RANGE.fullmatch(content_range)
    if parts is None:
        raise BadRequestError("is not of the form bytes a-b/size", field="Content-Range")
    start, end, whole = (int(part) for part in parts.groups())
    if whole != size or end - start + 1 != length or end >= size:
        raise BadRequestError("does not fit the body or the size", field="Content-Range")
    return start


__all__ = ["MediaDesk", "OffsetError", "TooLargeError"]
