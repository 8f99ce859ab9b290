"""Every route of the OpenAPI document, from outside: without a login, without the CSRF token; and
what a route has to declare. Who gets through stands in `test_rights_of_routes.py`."""

import re

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Mount, Route

from hub.access.permissions import GRANTS, Permission
from hub.access.tokens import NEVER
from hub.api.application import check_declared
from hub.api.door import GuardedRoute, UndeclaredRouteError
from hub.api.needs import needs
from hub.config import Role
from tests.hub_api.house import document

OPEN = {
    ("post", "/api/login"),
    ("get", "/api/health"),
    ("post", "/api/enrolment"),
    ("post", "/api/enrolment/renewals"),
}
"""An agent that asks for its certificate proves what it may have (tests/hub_machinery/
test_enrolment.py)."""
AGENTS = {("put", "/api/media/{sha256}"), ("head", "/api/media/{sha256}")}
"""Edge agents sign what they bring; a session opens these no more than nothing does."""

MACHINES = {
    ("post", "/api/reports"),
    ("get", "/api/reports"),
    ("get", "/api/reports/{case}"),
}
"""Other systems show a credential of their own; a session opens these no more than nothing does."""

LINKS = {("get", "/accept/{token}"), ("post", "/accept/{token}")}
"""The page behind a message's link: its address is what opens it (tests/hub_api/test_accept.py)."""

FILL = {"site": "court", "name": "guard"}


def operations():
    return [
        (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
    ]


def fill(path, site="court"):
    return re.sub(r"{(\w+)}", lambda m: {**FILL, "site": site}.get(m[1], "thing"), path)


async def ask(client, method, path, **options):
    """Ask without reading a stream's body, which has no end."""
    request = client.build_request(method, path, **options)
    response = await client.send(request, stream=True)
    await response.aclose()
    return response


@pytest.mark.parametrize("body", [None, {"json": {}}, {"content": b"{not json"}])
async def test_no_route_answers_without_a_login(house, body):
    client = await house.browser()
    for method, path, _ in operations():
        if (method, path) in OPEN | LINKS:
            continue
        answer = await ask(client, method, fill(path), **(body or {}))
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_made_up_session_is_no_login(house):
    client = await house.browser(cookies={"gatehouse_session": "a" * 43})
    for method, path, _ in operations():
        if (method, path) not in OPEN | LINKS:
            answer = await ask(client, method, fill(path))
            assert answer.status_code == 401, (method, path)


async def test_every_unsafe_route_wants_the_csrf_token(house):
    person = await house.person("boss", Role.ADMIN)
    for method, path, _ in operations():
        if method == "get" or (method, path) in OPEN or (method, path) in AGENTS | MACHINES | LINKS:
            continue
        for token in ({}, {"X-CSRF-Token": "0" * 64}):
            answer = await ask(person.http, method, fill(path), headers=token)
            assert answer.status_code == 403, (method, path)


def test_the_open_routes_are_these_and_no_others():
    found = {(m, p) for m, p, operation in operations() if operation["x-permission"] == "open"}
    assert found == OPEN
    found = {(m, p) for m, p, operation in operations() if operation["x-permission"] == "agent"}
    assert found == AGENTS
    found = {(m, p) for m, p, operation in operations() if operation["x-permission"] == "machine"}
    assert found == MACHINES
    found = {(m, p) for m, p, operation in operations() if operation["x-permission"] == "link"}
    assert found == LINKS


def test_declared_permissions_and_roles_are_those_of_the_grants():
    for method, path, operation in operations():
        if operation["x-permission"] not in {"open", "agent", "machine", "link"}:
            grant = GRANTS[Permission(operation["x-permission"])]
            assert operation["x-least-role"] == grant.role.value, (method, path)
            tokens = [] if Permission(operation["x-permission"]) in NEVER else [{"token": []}]
            assert operation["security"] == [{"session": []}, *tokens]


def test_every_permission_is_used_and_granted():
    used = {operation["x-permission"] for _, _, operation in operations()}
    assert used == {permission.value for permission in Permission} | {
        "open",
        "agent",
        "machine",
        "link",
    }
    assert set(GRANTS) == set(Permission)


def test_operation_ids_are_unique():
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert len(ids) == len(set(ids))


async def nothing():
    return None


def test_a_route_without_a_declaration_cannot_be_made():
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(UndeclaredRouteError):
        router.add_api_route("/api/secret", nothing)


@pytest.mark.parametrize(
    ("path", "permission"),
    [("/api/secret", Permission.SITE_READ), ("/api/sites/{site}/x", Permission.AUDIT_READ)],
)
def test_a_route_whose_permission_does_not_fit_its_path_cannot_be_made(path, permission):
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(UndeclaredRouteError):
        router.add_api_route(path, nothing, openapi_extra=needs(permission))


def _plain(app):
    app.add_api_route("/api/secret", nothing)


def _included(app):
    router = APIRouter()
    router.add_api_route("/api/secret", nothing)
    app.include_router(router)


def _mounted(app):
    app.router.routes.append(Mount("/files", app=FastAPI()))


def _starlette(app):
    app.router.routes.append(Route("/metrics", nothing))


@pytest.mark.parametrize("add", [_plain, _included, _mounted, _starlette])
def test_the_hub_refuses_to_start_with_a_route_that_has_no_door(add):
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    check_declared(app.routes)
    add(app)
    with pytest.raises(UndeclaredRouteError):
        check_declared(app.routes)
