"""The door of every route: session, CSRF, authorisation, before a byte of the body is read."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute

from hub.access.authorise import authorise, no_such_site
from hub.access.errors import ForbiddenError, NotLoggedInError
from hub.access.machines import Use
from hub.access.permissions import GRANTS, Permission, Scope
from hub.access.sessions import csrf_matches
from hub.api.couriers import courier_of
from hub.api.needs import AGENT, KEY, LINK, MACHINE, MACHINE_USE, OPEN
from hub.api.services import Services, services_of
from hub.api.visit import Visit

COOKIE: Final = "gatehouse_session"
CSRF_HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})

Handler = Callable[[Request], Awaitable[Response]]


class UndeclaredRouteError(Exception):
    """A route does not say who may use it: a bug of ours, and the hub does not start with it."""


class GuardedRoute(APIRoute):
    """A route that cannot be made without a declared permission, nor reached without it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        declared = (options.get("openapi_extra") or {}).get(KEY)
        if declared is None:
            raise UndeclaredRouteError(f"{path}: no permission is declared")
        self.declared = declared
        known = declared in {OPEN, AGENT, MACHINE, LINK}
        self.permission = None if known else Permission(declared)
        if self.permission is not None:
            about_site = GRANTS[self.permission].scope is Scope.SITE
            if about_site != ("{site}" in path):
                raise UndeclaredRouteError(f"{path}: {self.permission} does not fit this path")
        options["operation_id"] = endpoint.__name__
        options["responses"] = {**(options.get("responses") or {}), "default": {}}
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Callable[[Request], Any]:
        """The route's handler behind its door."""
        handler = super().get_route_handler()
        permission = self.permission
        if self.declared == AGENT:
            return _for_agents(handler)
        if self.declared == MACHINE:
            return _for_machines(handler, Use((self.openapi_extra or {})[MACHINE_USE]))
        if permission is None:
            return handler

        async def guarded(request: Request) -> Response:
            services = services_of(request)
            visit = await _visit(request, services)
            _authorise(request, services, visit, permission)
            request.state.visit = visit
            response: Response = await handler(request)
            return response

        return guarded


def _for_agents(handler: Callable[[Request], Any]) -> Callable[[Request], Any]:
    async def guarded(request: Request) -> Response:
        request.state.courier = courier_of(request, services_of(request).couriers)
        response: Response = await handler(request)
        return response

    return guarded


def _for_machines(handler: Callable[[Request], Any], use: Use) -> Callable[[Request], Any]:
    async def guarded(request: Request) -> Response:
        request.state.machine = await services_of(request).machines.check(request, use)
        response: Response = await handler(request)
        return response

    return guarded


async def _visit(request: Request, services: Services) -> Visit:
    """Who asks. A token is sent by who means to, never by a browser on its own: no CSRF."""
    by_token = await services.tokens.check(request)
    if by_token is not None:
        return by_token
    token = request.cookies.get(COOKIE)
    if not token:
        raise NotLoggedInError("log in first")
    visit = await services.logins.resume(token)
    if request.method not in SAFE_METHODS:
        given = request.headers.get(CSRF_HEADER, "")
        if not csrf_matches(token, given):
            raise ForbiddenError(f"{CSRF_HEADER} is missing or wrong", code="csrf")
    return visit


def _authorise(request: Request, services: Services, visit: Visit, permission: Permission) -> None:
    site, device = request.path_params.get("site"), request.path_params.get("device")
    authorise(visit.actor, permission, services.directory.thing(site, device))
    if site is not None and not services.directory.knows(site):
        raise no_such_site(site)
