"""Brings what waits in the picture store to the hub, a chunk at a time, however often it breaks.

`HEAD /api/media/{sha256}` says how much the hub has; `PUT` with a Content-Range adds to it. The
queue is the store itself, so a restart begins where it ended.
"""

import asyncio
import hashlib
import ssl
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

import aiohttp
import structlog
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from edge.backoff import Backoff
from edge.errors import ConfigError
from edge.media.keys import MediaKey
from edge.media.pictures import PictureStore

log = structlog.get_logger()

CHUNK_BYTES: Final = 256 * 1024
OFFSET: Final = "Upload-Offset"
LOOK_S: Final = 0.5
_FIRST_S: Final = 0.5
_MOST_S: Final = 60.0
_TIMEOUT_S: Final = 30.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OK: Final = frozenset({200, 201, 204})
_CONFLICT: Final = 409
_WRONG_HASH: Final = "wrong-hash"
_REFUSED: Final = frozenset({410, 413, 422})


class MediaConfig(BaseModel):
    """Where evidence goes.

    hub: base URL of the hub. plain_http: the network between is nobody else's, so http will do.
    ca_file: with https, when the hub's authority is your own. rate_kib_s: the most that uploads
        take of the line.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    hub: str
    plain_http: bool = False
    ca_file: Path | None = None
    rate_kib_s: Annotated[float, Field(gt=0, le=1024 * 1024)] = 1024.0

    @field_validator("hub")
    @classmethod
    def _known_url(cls, hub: str) -> str:
        parts = urlsplit(hub)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be https://host[:port]")
        if parts.username or parts.password:
            raise ValueError("must not hold a login")
        return hub.rstrip("/")

    @model_validator(mode="after")
    def _safe(self) -> Self:
        parts = urlsplit(self.hub)
        if parts.scheme == "http" and not (self.plain_http or parts.hostname in _LOOPBACK):
            raise ValueError("hub must begin with https:// (or set plain_http = true)")
        return self


class Outcome(Enum):
    """What became of one try."""

    DONE = auto()
    LATER = auto()  # the hub is away, or has not been told yet
    REFUSED = auto()  # the hub will never take it


class Uploader:
    """Uploads one piece after the other until cancelled.

    busy: asked before each chunk; while it says so, uploads wait: life safety goes first.
    """

    def __init__(
        self,
        config: MediaConfig,
        store: PictureStore,
        key: MediaKey,
        *,
        site: str,
        agent: str,
        busy: Callable[[], bool] = lambda: False,
    ) -> None:
        self.uploaded = 0
        self.refused = 0
        self._config = config
        self._store = store
        self._key = key
        self._site = site
        self._agent = agent
        self._busy = busy

    async def run(self) -> None:
        """Look what waits, bring it, and look again."""
        pause = Backoff(_FIRST_S, _MOST_S)
        connector = aiohttp.TCPConnector(ssl=_tls(self._config), limit=1)
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT_S)
        async with aiohttp.ClientSession(
            connector=connector, timeout=timeout, trust_env=False
        ) as session:
            while True:
                outcomes = [await self.bring(session, one) for one in self._store.waiting()]
                if Outcome.LATER in outcomes and Outcome.DONE not in outcomes:
                    await asyncio.sleep(pause.next())
                else:
                    pause.reset()
                    await asyncio.sleep(LOOK_S)

    async def bring(self, session: aiohttp.ClientSession, sha256: str) -> Outcome:
        """Bring one piece as far as it goes now."""
        path = self._store.path(sha256)
        if path is None:
            return Outcome.DONE
        try:
            outcome = await self._bring(session, sha256, path)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.debug("upload.interrupted", error=type(error).__name__)
            return Outcome.LATER
        if outcome is Outcome.LATER:
            return outcome
        await asyncio.to_thread(self._store.remove, sha256)
        if outcome is Outcome.DONE:
            self.uploaded += 1
        else:
            self.refused += 1
            log.warning("upload.refused", sha256=sha256, total=self.refused)
        return outcome

    async def _bring(self, session: aiohttp.ClientSession, sha256: str, path: Path) -> Outcome:
        size = await asyncio.to_thread(lambda: path.stat().st_size)
        url = f"{self._config.hub}/api/media/{sha256}"
        shown = self._key.authorization(self._site, self._agent, sha256, size)
        headers = {"Authorization": shown, "Upload-Length": str(size)}
        async with session.head(url, headers=headers, allow_redirects=False) as answer:
            if (outcome := _judge(answer.status)) is not Outcome.DONE:
                return outcome
            offset = _offset(answer, size)
        while offset < size:
            while self._busy():  # noqa: ASYNC110  the lanes tell no event
                await asyncio.sleep(LOOK_S)
            chunk = await asyncio.to_thread(_read, path, offset)
            more = {"Content-Range": f"bytes {offset}-{offset + len(chunk) - 1}/{size}"}
            async with session.put(
                url, data=chunk, headers=headers | more, allow_redirects=False
            ) as answer:
                if answer.status != _CONFLICT:
                    if (outcome := _judge(answer.status)) is not Outcome.DONE:
                        whole = outcome is Outcome.REFUSED and await _is_whole(path, sha256)
                        return Outcome.LATER if whole and await _garbled(answer) else outcome
                elif _offset(answer, size) == offset:
                    return Outcome.LATER
                offset = _offset(answer, size)
            await asyncio.sleep(len(chunk) / (self._config.rate_kib_s * 1024))
        return Outcome.DONE


def _judge(status: int) -> Outcome:
    if status in _OK:
        return Outcome.DONE
    return Outcome.REFUSED if status in _REFUSED else Outcome.LATER


async def _is_whole(path: Path, sha256: str) -> bool:
    """Whether the file is still what its name says."""

    def look() -> bool:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    return await asyncio.to_thread(look)


async def _garbled(answer: aiohttp.ClientResponse) -> bool:
    """Whether what the hub had of it was not what was sent; it begins anew then."""
    try:
        problem = await answer.json(content_type=None)
    except ValueError:
        return False
    return isinstance(problem, dict) and problem.get("code") == _WRONG_HASH


def _offset(answer: aiohttp.ClientResponse, size: int) -> int:
    """How much the hub has. Raises OSError when it does not say."""
    told = answer.headers.get(OFFSET, "")
    if not told.isdecimal() or int(told) > size:
        raise OSError("the hub does not say how much it has")
    return int(told)


def _read(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(CHUNK_BYTES)


def _tls(config: MediaConfig) -> ssl.SSLContext | bool:
    """Raises ConfigError."""
    if config.ca_file is None:
        return True
    try:
        return ssl.create_default_context(cafile=config.ca_file)
    except OSError as error:
        raise ConfigError(f"media.ca_file: {error.strerror or error}") from error
