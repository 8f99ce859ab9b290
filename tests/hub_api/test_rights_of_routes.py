"""Every route, event stream and byte path, asked by every role about its own site's things and
about another's. What has to come of it stands in `routes.txt`; a route without a line fails."""

import re

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Mount, Route

from hub.api.application import OPEN_PATHS
from hub.api.door import GuardedRoute
from hub.config import Role
from tests.hub_api import foreign
from tests.hub_api.house import document
from tests.hub_api.route_table import FILE, described, difference, read_table

TABLE = read_table()
SITED = [line for line in TABLE if line.about_site]
LOGGED_IN = [line for line in TABLE if line.roles != ("any",)]
PARAM = re.compile(r"{(\w+)}")


def fill(path, site="court", **things):
    return PARAM.sub(lambda found: {"site": site, **things}.get(found[1], "thing"), path)


class HungUpError(Exception):
    """The reader went away."""


def hanging_up(app):
    """The application for a reader who leaves as soon as a stream, which has no end, begins."""

    async def asked(scope, receive, send):
        async def sending(message):
            await send(message)
            if message["type"] == "http.response.start":
                kind = dict(message["headers"]).get(b"content-type", b"")
                if kind.startswith((b"text/event-stream", b"multipart/")):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})
                    raise HungUpError

        await app(scope, receive, sending)

    return asked


async def ask(person, method, path, **options):
    """The answer's head and, where it is a refusal, its body."""
    headers = {"X-CSRF-Token": person.csrf, **options.pop("headers", {})}
    return await person.http.request(method, path, headers=headers, **options)


@pytest.fixture
def house(house):
    house.shield, house.app = house.app, hanging_up(house.app)
    return house


def code_of(answer):
    return None if answer.is_success else answer.json()["code"]


def test_every_route_has_its_line_and_no_line_is_left_over():
    todo = difference(TABLE, described(document()))
    assert not todo, f"\n\nIn {FILE.relative_to(FILE.parents[2])}:\n{todo}\n"


def test_the_lines_stand_in_order_and_none_twice():
    assert sorted(set(TABLE)) == TABLE


def test_what_is_served_is_what_is_listed(house):
    """Files are the only things that need no line: they hold no data (`OPEN_PATHS`)."""
    served, plain = set(), set()
    for route in house.shield.app.routes:
        if isinstance(route, GuardedRoute):
            served |= {f"{method} {route.path}" for method in route.methods}
        else:
            assert isinstance(route, Route | Mount), route
            assert not isinstance(route, APIRoute), route
            plain.add(route.path)
    assert served == {line.name for line in TABLE}
    assert plain <= OPEN_PATHS == {"/openapi.json", "/assets", "/{path:path}"}


async def test_each_role_gets_through_the_doors_of_its_own_site_that_the_table_opens(house):
    people = {role: await house.person(role.value, role, "court") for role in Role}
    wrong = []
    for line in LOGGED_IN:
        for role, person in people.items():
            answer = await ask(person, line.method, fill(line.path))
            refused = answer.status_code in {401, 403} and code_of(answer) != "wrong-password"
            if refused == (role.value in line.roles):
                wrong.append(f"{line.name} as {role}: {answer.status_code} {code_of(answer)}")
            if line.path == "/api/logout":
                people[role] = await house.log_in(role.value)
    assert not wrong, "\n".join(wrong)


async def test_another_site_does_not_exist_for_any_role(house):
    """Reads, writes, streams and bytes alike, and exactly as for a site that there is not."""
    people = [await house.person(role.value, role, "court") for role in Role]
    wrong = []
    for line in SITED:
        for person in people:
            said = []
            for site in ("yard", "nowhere"):
                answer = await ask(person, line.method, fill(line.path, site))
                body = b"" if answer.is_success else answer.content
                said.append((answer.status_code, body.replace(site.encode(), b"*")))
            if said[0][0] != 404 or said[0] != said[1]:
                wrong.append(f"{line.name}: {said[0]} but {said[1]}")
    assert not wrong, "\n".join(wrong)


async def test_another_sites_things_are_not_reached_by_way_of_ones_own(house):
    """Each id is real: whoever belongs to the other site reaches the thing by the same request."""
    things = await foreign.make_foreign(house)
    mine = await house.person("boss", Role.ADMIN, "court")
    theirs = await house.log_in("yard-chief")
    looks = {
        site: (await who.look(site))["look"] for site, who in (("court", mine), ("yard", theirs))
    }
    wrong, asked = [], 0
    for line in SITED:
        names = [name for name in PARAM.findall(line.path) if name not in foreign.OF_ANOTHER_THING]
        missing = [name for name in names if name not in things]
        if missing:
            wrong.append(
                f"{line.name}: make a {missing[0]!r} of `yard` in make_foreign, foreign.py"
            )
            continue
        if not names:
            continue
        ids = {**things, **foreign.INSTEAD.get(line.name, {}), "point": foreign.POINT}
        sort = line.path.split("/")[4]
        ids["action"] = foreign.ACTIONS.get(sort, "thing")
        body, query = foreign.BODIES.get(line.name), foreign.QUERIES.get(line.name, "")
        answers = []
        for site, who in (("court", mine), ("yard", theirs)):
            path = fill(line.path, site, **ids) + query.replace("LOOK", looks[site])
            answers.append(await ask(who, line.method, path, json=body))
        asked += 1
        if answers[0].status_code != 404:
            wrong.append(f"{line.name}: reached another site's thing: {answers[0].status_code}")
        reached = answers[1].status_code < 500 or code_of(answers[1]) == "agent-away"
        if not reached or answers[1].status_code in {401, 404, 422}:
            told = f"{answers[1].status_code} {code_of(answers[1])}"
            wrong.append(f"{line.name}: not even its own people reach it ({told}); see foreign.py")
    assert not wrong, "\n".join(wrong)
    assert asked >= 20
