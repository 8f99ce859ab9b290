"""The hub as anybody outside sees it: its public HTTP API, and nothing else."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp

from simulators.errors import HubError

_ANSWER_TIMEOUT_S = 30.0
_SILENCE_TIMEOUT_S = 20.0
"""The stream pings every 5 s: this long without a word, and the connection is dead."""

_EVENT_BYTES = 1024 * 1024
_PAGE = 500


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One server-sent event. id: the feed's position; None where the event has none."""

    name: str
    id: str | None
    data: dict[str, Any]


class HubClient:
    """A logged-in client. base: `http://host:port`. Errors are HubError."""

    def __init__(self, base: str, *, name: str, password: str) -> None:
        self._base = base.rstrip("/")
        self._name = name
        self._password = password
        self._session: aiohttp.ClientSession | None = None
        self._csrf = ""

    async def __aenter__(self) -> Self:
        # Hubs on a local network are reached by address, and cookies count there too.
        jar = aiohttp.CookieJar(unsafe=True)
        self._session = aiohttp.ClientSession(cookie_jar=jar, read_bufsize=_EVENT_BYTES)
        try:
            login = {"name": self._name, "password": self._password}
            self._csrf = str((await self.post("/api/login", login))["csrf"])
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def cookies(self) -> str:
        """The `Cookie` header of whoever is logged in."""
        return "; ".join(f"{one.key}={one.value}" for one in self._open().cookie_jar)

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The JSON that a route answers."""
        return await self._ask("GET", path, params=dict(params or {}))

    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that an unsafe route answers."""
        return await self._ask("POST", path, json=dict(body))

    async def bring_residents(self, site: str, data: bytes) -> dict[str, Any]:
        """Have a list of residents taken in as a whole; what it changed."""
        path, mode = f"/api/sites/{site}/residents-list", {"mode": "whole"}
        return dict(await self._ask("POST", path, params=mode, data=data))

    async def snapshot(self, site: str) -> dict[str, Any]:
        """The site now, with the `cursor` from which the stream goes on."""
        return dict(await self.get(f"/api/sites/{site}/snapshot"))

    async def counters(self, site: str) -> dict[str, int]:
        """The site's totals."""
        return dict(await self.get(f"/api/sites/{site}/counters"))

    async def agents(self, site: str) -> list[dict[str, Any]]:
        """The site's agents with their lanes."""
        return list(await self.get(f"/api/sites/{site}/agents"))

    async def observations(self, site: str, *, device: str) -> AsyncIterator[dict[str, Any]]:
        """All stored observations of a device in the life and event lanes, oldest first."""
        async for items, _ in self.observation_pages(site, device=device):
            for item in items:
                yield item

    async def observation_pages(
        self, site: str, *, device: str, after: str | None = None
    ) -> AsyncIterator[tuple[list[dict[str, Any]], str | None]]:
        """The same by pages, each with what to give as `after` to go on behind it, if it is full.

        after: where to begin.
        """
        params = {"device": device, "limit": str(_PAGE)}
        while True:
            if after is not None:
                params["after"] = after
            page = await self.get(f"/api/sites/{site}/observations", params)
            after = None if page["next"] is None else str(page["next"])
            yield page["items"], after
            if after is None:
                return

    async def stream(self, site: str, *, after: int) -> AsyncIterator[StreamEvent]:
        """The site's changes after a position, until the connection ends (HubError or return)."""
        timeout = aiohttp.ClientTimeout(total=None, sock_read=_SILENCE_TIMEOUT_S)
        url = f"{self._base}/api/sites/{site}/stream"
        try:
            async with self._open().get(
                url, params={"after": str(after)}, timeout=timeout
            ) as answer:
                if answer.status != HTTPStatus.OK:
                    raise HubError(f"GET {url}: {answer.status}")
                async for event in _events(answer.content):
                    yield event
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubError(f"GET {url}: {type(error).__name__}: {error}") from error

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise HubError("the client is not open")
        return self._session

    async def _ask(self, method: str, path: str, **arguments: Any) -> Any:
        timeout = aiohttp.ClientTimeout(total=_ANSWER_TIMEOUT_S)
        headers = {"X-CSRF-Token": self._csrf} if self._csrf else {}
        try:
            async with self._open().request(
                method, self._base + path, headers=headers, timeout=timeout, **arguments
            ) as answer:
                if answer.status >= HTTPStatus.BAD_REQUEST:
                    raise HubError(f"{method} {path}: {answer.status}")
                return await answer.json() if answer.status != HTTPStatus.NO_CONTENT else None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HubError(f"{method} {path}: {type(error).__name__}: {error}") from error


async def _events(content: aiohttp.StreamReader) -> AsyncIterator[StreamEvent]:
    """Read server-sent events (WHATWG HTML, 9.2): fields by line, a blank line ends an event."""
    name, position = "message", None
    data: list[str] = []
    async for raw in content:
        line = raw.decode().rstrip("\r\n")
        if not line:
            if data:
                yield StreamEvent(name, position, json.loads("\n".join(data)))
            name, position, data = "message", None, []
            continue
        key, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if key == "event":
            name = value
        elif key == "id":
            position = value
        elif key == "data":
            data.append(value)
