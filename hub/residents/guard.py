"""What every request of a resident passes before it reaches the application."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.problems import problem
from hub.api.shield import host_name, is_foreign
from hub.residents.quota import Quota, Quotas, network_of
from hub.vision.photo import MAX_BYTES as PHOTO_BYTES

MAX_BODY_BYTES: Final = 16 * 1024
MOST_DIGITS: Final = 9
AT_ONCE: Final = 8
EACH: Final = 3
"""Of these, reports and the like of one address: one that sends slowly holds up no others."""

NOBODY: Final = ""
WITHIN_S: Final = 60.0
"""A photo over a bad line takes so long at most; slower ones come back with a smaller one."""

PHOTOS: Final = "/api/photos"
REPORTS: Final = "/api/reports"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Strict-Transport-Security": "max-age=31536000",
}
_Refusal = tuple[int, str, str, dict[str, str]]


class Guard:
    """An ASGI application around another.

    hosts: names besides loopback under which browsers may come. now: ms. What is refused here has
    cost no read of the body and none of the store.
    """

    def __init__(
        self, app: ASGIApp, quotas: Quotas, hosts: Collection[str], now: Callable[[], int]
    ) -> None:
        self._app = app
        self._quotas = quotas
        self._hosts = hosts
        self._now = now
        self._under_way = 0
        self._sending: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        guarded = _with_headers(send)
        refusal = self._refusal(scope)
        if refusal is not None:
            status, code, detail, headers = refusal
            await problem(status, code, detail, headers=headers)(scope, receive, guarded)
            return
        sender = _sender(scope)
        self._under_way += 1
        self._sending[sender] += sender != NOBODY
        # The process's edge, as in the hub's own shield: what it raises was answered already.
        try:
            with suppress(Exception):
                async with asyncio.timeout(WITHIN_S):
                    await self._app(scope, receive, guarded)
        finally:
            self._under_way -= 1
            self._sending[sender] -= sender != NOBODY
            self._sending += Counter()  # forgets who sends no more

    def _refusal(self, scope: Scope) -> _Refusal | None:
        headers = Headers(scope=scope)
        host = host_name(headers.get("host", ""))
        if host not in _LOOPBACK and host not in self._hosts:
            return 421, "unknown-host", "this is not called so", {}
        if self._under_way >= AT_ONCE or self._sending[_sender(scope)] >= EACH:
            return 503, "busy", "many are reporting at this moment", {"Retry-After": "5"}
        if scope["method"] in {"GET", "HEAD"}:
            return None
        if scope["method"] != "POST":
            return 405, "method-not-allowed", "only GET and POST", {}
        foreign = is_foreign(headers.get("origin"), headers.get("host"))
        if foreign or headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return 403, "foreign-origin", "this request comes from another site's page", {}
        return _size(scope["path"], headers) or self._over(scope)

    def _over(self, scope: Scope) -> _Refusal | None:
        client = scope.get("client")
        wait = self._quota(scope["path"]).take(client[0] if client else "", self._now())
        if not wait:
            return None
        self._quotas.refused += 1
        return 429, "too-many-tries", "enough for now; try later", {"Retry-After": str(wait)}

    def _quota(self, path: str) -> Quota:
        named = {REPORTS: self._quotas.reports, PHOTOS: self._quotas.photos}
        return named.get(path, self._quotas.looks)


def _sender(scope: Scope) -> str:
    """Whose body is read; nobody's where there is none, as a page's files come side by side."""
    client = scope.get("client")
    return network_of(client[0] if client else "") if scope["method"] == "POST" else NOBODY


def _size(path: str, headers: Headers) -> _Refusal | None:
    """A body says how long it is, so that too long a one is refused unread."""
    length = headers.get("content-length", "")
    if "transfer-encoding" in headers:  # its length would be what is read, whatever is said
        return 411, "length-required", "a body comes in one piece, with its length", {}
    if not (length.isascii() and length.isdecimal()):
        return 411, "length-required", "a body must say how long it is", {}
    limit = PHOTO_BYTES if path == PHOTOS else MAX_BODY_BYTES
    digits = length.lstrip("0")
    if len(digits) > MOST_DIGITS or int(digits or 0) > limit:
        return 413, "too-large", f"a body may weigh {limit} bytes at most", {}
    return None


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
            headers.setdefault("Cache-Control", "no-store")
        await send(message)

    return sending
