"""Takes photos in: checked, made anew, on the disk, written down."""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import structlog

from hub.api.desk import Desk
from hub.errors import BadRequestError, UnavailableError
from hub.evidence import EvidenceStore
from hub.evidence.port import OffsetError
from hub.store.write.photos import NewPhoto, add_photo
from hub.vision.photo import PhotoMaker
from hub.vision.result import Refused

log = structlog.get_logger(__name__)


class NoPhotoError(BadRequestError):
    """These bytes are no photo that can be kept."""

    code = "not-a-photo"


class TooLargePhotoError(NoPhotoError):
    """It measures or weighs too much."""

    code = "photo-too-large"


_SAID: Final = {
    "not-a-picture": "it is neither a JPEG nor a PNG",
    "truncated": "it is broken off or damaged",
    "poison": "it cannot be decoded",
}


@dataclass(frozen=True, slots=True)
class PhotoDesk:
    """now: hub clock, ms."""

    desk: Desk
    store: EvidenceStore
    maker: PhotoMaker
    now: Callable[[], int]

    async def take(self, site: str, by: str, data: bytes) -> str:
        """Keep a photo that `by` brings; its id. Raises NoPhotoError, UnavailableError."""
        if self.maker.busy:
            raise UnavailableError("too many photos at once; try again shortly", code="busy")
        made = await self.maker.make(data)
        if isinstance(made, Refused):
            if made.reason == "too-large":
                raise TooLargePhotoError(made.detail, field="photo")
            raise NoPhotoError(_SAID.get(made.reason, made.detail), field="photo")
        sha256 = hashlib.sha256(made.content).hexdigest()
        try:
            await asyncio.to_thread(self._keep, site, sha256, made.content)
        except OSError as error:
            log.error("photos.not_stored", error=error.strerror)  # noqa: TRY400
            raise UnavailableError("the disk does not take it; try again later") from None
        one = NewPhoto(secrets.token_hex(16), site, by, sha256, len(made.content))
        await self.desk.write(lambda writer: add_photo(writer, one, self.now()))
        return one.id

    def _keep(self, site: str, sha256: str, content: bytes) -> None:
        try:
            self.store.append(site, sha256, 0, content)
        except OffsetError as error:
            if error.offset != len(content):
                self.store.remove(site, sha256)
                self.store.append(site, sha256, 0, content)
        self.store.complete(site, sha256)
