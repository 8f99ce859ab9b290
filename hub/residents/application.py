"""The residents' application: a page of four files, and five things that can be asked."""

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Annotated, Final

from fastapi import FastAPI, Query, Request
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp

from hub.api import problems
from hub.residents.desk import ResidentDesk
from hub.residents.guard import PHOTOS, REPORTS, Guard
from hub.residents.models import Form, Look, Photo, Rating, Receipt, Reply, Report, Status
from hub.residents.quota import Quotas
from wire import Id

PAGE: Final = Path(__file__).parent / "page"
FILES: Final = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/words.js": ("words.js", "text/javascript; charset=utf-8"),
}


def build_residents(
    desk: ResidentDesk, quotas: Quotas, *, hosts: Collection[str], now: Callable[[], int]
) -> ASGIApp:
    """The whole application, ready to be served on an address of its own.

    It knows no sessions and no cookies, and of the hub only what `desk` does.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    problems.install(app)
    for path, (name, kind) in FILES.items():
        app.add_api_route(path, _file(name, kind), methods=["GET", "HEAD"])
    _routes(app, desk)
    return Guard(app, quotas, hosts, now)


def _routes(app: FastAPI, desk: ResidentDesk) -> None:
    @app.get("/api/form")
    async def form() -> Form:
        return desk.form()

    @app.post(PHOTOS, status_code=201)
    async def photo(request: Request, site: Annotated[Id, Query()]) -> Photo:
        return Photo(photo=await desk.take_photo(site, await request.body()))

    @app.post(REPORTS, status_code=201)
    async def report(asked: Report) -> Receipt:
        return await desk.report(asked)

    @app.post("/api/status")
    async def status(asked: Look) -> Status:
        return await desk.status(asked.code)

    @app.post("/api/answer")
    async def answer(asked: Reply) -> Status:
        return await desk.answer(asked.code, asked.text)

    @app.post("/api/rating")
    async def rating(asked: Rating) -> Status:
        return await desk.rate(asked.code, asked.rating, asked.note)


def _file(name: str, kind: str) -> Callable[[], Awaitable[Response]]:
    async def file() -> Response:
        headers = {"Cache-Control": "no-cache"}
        return FileResponse(PAGE / name, media_type=kind, headers=headers)

    return file
