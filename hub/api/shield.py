"""What every request and response passes before and after the application: headers and limits."""

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.api.door import SAFE_METHODS
from hub.api.problems import problem
from hub.households.lists import MAX_BYTES as MAX_LIST_BYTES
from hub.vision.photo import MAX_BYTES

MAX_BODY_BYTES: Final = 64 * 1024
"""No request of this API has more to say; a password of 200 characters weighs under 1 KiB."""

CONTENT_POLICY: Final = "; ".join(  # noqa: FLY002 - a directive a line reads better
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "style-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

MAX_CHUNK_BYTES: Final = 1024 * 1024
MAX_CONFIG_BYTES: Final = 8 * 1024 * 1024
"""A site file with ten thousand devices weighs some 3 MB as JSON."""
_LARGER: Final = (
    (re.compile(r"/api/admin/config/.*"), MAX_CONFIG_BYTES),
    (re.compile(r"/api/media/.*"), MAX_CHUNK_BYTES),
    (re.compile(r"/api/sites/[^/]+/photos"), MAX_BYTES),
    (re.compile(r"/api/sites/[^/]+/residents-list"), MAX_LIST_BYTES),
)
"""Where more may come: agents' evidence, in chunks of this size at most, people's photos, lists of
residents, and files of the configuration."""

_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_STRICT_TRANSPORT: Final = "max-age=31536000"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Shield:
    """An ASGI application around another.

    Refuses a Host that is not the hub's own (a name that someone else's DNS points here), an
    unsafe method from a foreign Origin, and a body beyond the cap, before the application sees
    it; adds the security headers to every answer.

    hosts: names besides loopback under which browsers may come. secure: they come by https.
    """

    app: ASGIApp
    hosts: Collection[str]
    secure: bool

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        guarded = self._with_headers(send, private=scope["path"].startswith("/api/"))
        refusal = _malformed(scope, headers) or self._refusal(
            scope["method"], headers, _limit(scope["path"])
        )
        if refusal is not None:
            await problem(*refusal)(scope, receive, guarded)
            return
        # The process's edge: Starlette has answered and logged whatever it raises here, and a
        # reader who hung up is no error; uvicorn would write both, private text and all, again.
        with suppress(Exception):
            await self._capped(scope, receive, guarded, headers)

    def _refusal(self, method: str, headers: Headers, limit: int) -> tuple[int, str, str] | None:
        host = host_name(headers.get("host", ""))
        if host not in _LOOPBACK and host not in self.hosts:
            return 421, "unknown-host", "this hub is not called so; see public_url in its file"
        foreign = is_foreign(headers.get("origin"), headers.get("host"))
        cross = headers.get("sec-fetch-site") in {"cross-site", "same-site"}
        if method not in SAFE_METHODS and (foreign or cross):
            return 403, "foreign-origin", "this request comes from another site's page"
        if int(_digits(headers.get("content-length"))) > limit:
            return _too_large(limit)
        return None

    async def _capped(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        if "transfer-encoding" not in headers:
            await self.app(scope, receive, send)
            return
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > MAX_BODY_BYTES:
                await problem(*_too_large(MAX_BODY_BYTES))(scope, receive, send)
                return
            if not message.get("more_body", False):
                break
        await self.app(scope, _replayed(bytes(body), receive), send)

    def _with_headers(self, send: Send, *, private: bool) -> Send:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                if private:  # on a desk that many sit at, nothing of it stays in the browser
                    headers.setdefault("Cache-Control", "no-store")
                if self.secure:
                    headers.setdefault("Strict-Transport-Security", _STRICT_TRANSPORT)
            await send(message)

        return sending


def _malformed(scope: Scope, headers: Headers) -> tuple[int, str, str] | None:
    """What nobody means well by; the store would take a NUL for a fault of its own."""
    if two_lengths(headers):
        return 400, "two-lengths", "a body has a length or comes in chunks, not both"
    if "\0" in scope["path"] or b"%00" in scope["query_string"]:
        return 400, "nul", "a NUL stands in the address"
    return None


def two_lengths(headers: Headers) -> bool:
    """A body is said to have a length, and to come in chunks besides (RFC 9112, 6.3).

    Whoever counts by the one is told what comes by the other.
    """
    return "content-length" in headers and "transfer-encoding" in headers


def is_foreign(origin: str | None, host: str | None) -> bool:
    """Whether a request's Origin, where it has one, is not the page of this host."""
    if origin is None:
        return False
    try:
        return urlsplit(origin).netloc != host
    except ValueError:
        return True


def _limit(path: str) -> int:
    """What a body may weigh there. One of unknown length is cut off at the least of them."""
    return next((most for form, most in _LARGER if form.fullmatch(path)), MAX_BODY_BYTES)


def _too_large(limit: int) -> tuple[int, str, str]:
    return 413, "too-large", f"a body may weigh {limit} bytes at most"


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A body that was read already, handed on in one piece; after it, whatever comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def host_name(host: str) -> str:
    """The Host header's name, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _digits(length: str | None) -> str:
    return length if length is not None and length.isdecimal() else "0"
