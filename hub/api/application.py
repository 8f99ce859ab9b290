"""The application: every route behind its door, every error a problem."""

import asyncio
import functools
from collections.abc import Collection, Iterable
from typing import Final

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp

from hub.api import problems
from hub.api.console import serve_console
from hub.api.door import GuardedRoute, UndeclaredRouteError
from hub.api.openapi import all_routes, document_text
from hub.api.services import Services
from hub.api.shield import Shield

OPEN_PATHS: Final = frozenset({"/openapi.json", "/assets", "/{path:path}"})
"""What is served without a login besides the routes that say so: the description and the
console's files, which hold no data."""


def build_application(services: Services, *, hosts: Collection[str]) -> ASGIApp:
    """The whole application, ready to be served.

    hosts: names besides loopback under which browsers may come.
    Raises UndeclaredRouteError when a route does not say who may use it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.state.services = services
    app.router.routes.extend(all_routes())
    app.router.routes.append(_description(services.version))
    serve_console(app)
    problems.install(app)
    check_declared(app.routes)
    return Shield(app, hosts=hosts, secure=services.secure)


def check_declared(routes: Iterable[BaseRoute]) -> None:
    """Every route has a door, or is one of the few that need none. Raises UndeclaredRouteError."""
    for route in routes:
        path = getattr(route, "path", None)
        plain = isinstance(route, Route | Mount) and path in OPEN_PATHS
        if not (isinstance(route, GuardedRoute) or plain):
            raise UndeclaredRouteError(f"{path or type(route).__name__}: no permission is declared")


def _description(version: str) -> Route:
    """Written at the first request: it takes more than half of the time of a hub's start."""
    written = functools.cache(functools.partial(document_text, version))

    async def description(_request: Request) -> Response:
        """The OpenAPI document."""
        text = await asyncio.to_thread(written)
        return Response(text, media_type="application/json", headers={"Cache-Control": "no-cache"})

    return Route("/openapi.json", description)
