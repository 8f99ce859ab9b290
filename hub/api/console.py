"""The console's files, as Vite built them into `static/` beside this module."""

import asyncio
import functools
import gzip
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Match, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT: Final = Path(__file__).with_name("static")

NOT_BUILT: Final = """\
The console has not been built yet. In the checkout:

    python hatch_build.py

then load this page again. The API works without it; it is described in /openapi.json.
"""

_NOT_PAGES: Final = ("/api/", "/assets/")


_PACKED: Final = frozenset({".js", ".css"})


class HashedFiles(StaticFiles):
    """Vite names these by their content, so a browser may keep them for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, packed for a browser that takes it so; or 404."""
        response = await super().get_response(path, scope)
        if response.status_code != 200:  # noqa: PLR2004 - HTTP's own number
            return response
        if isinstance(response, FileResponse) and _takes_packed(path, scope):
            body = await asyncio.to_thread(_packed, str(response.path))
            response = Response(body, media_type=response.media_type)
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


class PageRoute(Route):
    """Any path but those of the API: an unknown one of these is an error, not a page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Starlette asks this of each route in turn."""
        if f"{scope['path']}/".startswith(_NOT_PAGES):
            return Match.NONE, {}
        return super().matches(scope)


def serve_console(app: FastAPI, built: Path = BUILT) -> None:
    """Serve the console on all paths that nothing else answers; call it last."""
    app.router.routes.append(
        Mount("/assets", HashedFiles(directory=built / "assets", check_dir=False), name="assets")
    )
    app.router.routes.append(PageRoute("/{path:path}", _page(built), name="console"))


def _takes_packed(path: str, scope: Scope) -> bool:
    asked = Headers(scope=scope).get("Accept-Encoding", "")
    return scope["method"] == "GET" and Path(path).suffix in _PACKED and "gzip" in asked


@functools.lru_cache(maxsize=512)
def _packed(path: str) -> bytes:
    """A file's bytes, packed once: its name changes with its content."""
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def _page(built: Path) -> Callable[[Request], Awaitable[Response]]:
    async def page(request: Request) -> Response:
        """A file at the console's top, or its one page: the console reads the path itself."""
        index = built / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT, 503)
        file = _top_file(built, request.path_params["path"]) or index
        return FileResponse(file, headers={"Cache-Control": "no-cache"})

    return page


def _top_file(built: Path, path: str) -> Path | None:
    """The file called `path` directly in the folder (an icon, a manifest); nothing deeper."""
    if not path or "/" in path or "\\" in path or path.startswith("."):
        return None
    file = built / path
    return file if file.is_file() else None
