"""The application: every route behind its door, every error a problem."""

from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from hub.api import problems
from hub.api.door import GuardedRoute, UndeclaredRouteError
from hub.api.openapi import describe
from hub.api.routes import (
    alerts,
    audit,
    cases,
    catalogue,
    devices,
    line,
    me,
    open,
    passages,
    site,
    stream,
    users,
)
from hub.api.services import Services

ROUTERS: Final[tuple[APIRouter, ...]] = (
    open.router,
    me.router,
    catalogue.router,
    site.router,
    stream.router,
    alerts.router,
    cases.router,
    devices.router,
    passages.router,
    line.router,
    audit.router,
    users.router,
)


def build_application(services: Services | None) -> FastAPI:
    """The application on these services; None only to describe it.

    Raises UndeclaredRouteError when a route does not say who may use it.
    """
